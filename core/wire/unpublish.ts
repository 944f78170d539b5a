// A publisher says that the broadcast is over; without it the relay waits for the publisher to come back.

import type { Codec } from './codec.ts';

export type Unpublish = Record<never, never>;

export const unpublish: Codec<Unpublish> = {
  type: 15,
  name: 'unpublish',
  maxSize: 0,
  write() {},
  read() {
    return {};
  },
};
