// What a configuration says of how much one relay, and one address, may ask of it.

import { isIP } from 'node:net';
import { z } from 'zod';

/** An IP address, or a network: `10.0.0.0/8`. */
const network = z.string().refine(text => {
  const [address = '', bits, ...more] = text.split('/');
  const version = isIP(address);
  const most = version === 4 ? 32 : 128;
  return version > 0 && more.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most));
}, 'an IP address, or a network such as 10.0.0.0/8');

export const limitsSection = z.strictObject({
  links: z.number().int().positive().default(10_000),
  linksPerAddress: z.number().int().positive().default(1_000),
  /** New links from one address within a minute. */
  handshakesPerMinute: z.number().int().positive().default(3_000),
  /** Channels that one address watches, feeds or is a member of at a time. */
  channelsPerAddress: z.number().int().positive().default(1_000),
  /** Proxies whose `X-Forwarded-For` counts; any other proxy is one address with all its clients. */
  trustedProxies: z.array(network).default([]),
  publishMegabitsPerSecond: z.number().positive().default(100),
  /** What all viewers who have gone back may fetch together. */
  rewindMegabitsPerSecond: z.number().positive().default(200),
});
