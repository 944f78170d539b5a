// Whom a request comes from.

import type { Context } from 'hono';

/** The client's IP address, as the runtime (or a trusted proxy) tells it; `unknown` where a request was made by hand. */
export function requestAddress({ env }: Context): string {
  const address: unknown = env?.address;
  return typeof address === 'string' ? address : 'unknown';
}
