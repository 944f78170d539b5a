// What the publisher says goes to the console of whoever looks: reconnections only.

import type { Log } from '../../../core/publish/log.ts';

export const publishLog: Log = {
  debug() {},
  info() {},
  warn: (_data, message) => console.debug(`p2p-publish: ${message}`),
  error: (_data, message) => console.error(`p2p-publish: ${message}`),
};
