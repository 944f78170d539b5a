// How a client reached the relay.

import type { Context } from 'hono';

/** Host (with its port) and scheme as the client used them. */
export interface RequestOrigin {
  readonly host: string;
  readonly secure: boolean;
}

/** Undefined when the request names a host that none can have. */
export function requestOrigin({ req }: Context): RequestOrigin | undefined {
  const url = new URL(req.url);
  const host = req.header('host') ?? url.host;
  const secure = url.protocol === 'https:' || req.header('x-forwarded-proto') === 'https';
  return /^([\w.-]+|\[[\da-f:.]+\])(:\d+)?$/i.test(host) ? { host, secure } : undefined;
}
