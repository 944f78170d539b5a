// What an access token says: which channels, what may be done there, until when, and by whom.

import { z } from 'zod';

/** What a token can allow. */
export const ACTIONS = ['publish', 'enter'] as const;
/** `publish`: feed a channel. `enter`: be a member of a room. */
export type Action = (typeof ACTIONS)[number];

/** A channel's name, or a beginning of names and `/*`. */
const CHANNEL_PATTERN = /^[\w.~-]+(\/[\w.~-]+)*(\/\*)?$/;

/** Patterns of channels, e.g. `lecture` or `room/demo/*`. */
export const channelPatterns = z
  .array(z.string().max(130).regex(CHANNEL_PATTERN, 'a channel, or all below a name: room/demo/*'))
  .min(1)
  .max(64);
export const actions = z.array(z.enum(ACTIONS)).min(1);
/** A user's name as it stands in `room/<name>/<user>`. */
export const user = z
  .string()
  .max(64)
  .regex(/^[\w.~-]+$/, 'letters, digits and ._~-');

/** The claims of a JWT (RFC 7519); others are left alone. `exp` in Unix seconds. */
export const claims = z.object({ channels: channelPatterns, actions, exp: z.number(), sub: user.optional() });

/** Whether one of the patterns is for this channel: it is its name, or ends in `/*` and the name lies below. */
export function coversChannel(patterns: readonly string[], channel: string): boolean {
  return patterns.some(pattern =>
    pattern.endsWith('/*') ? channel.startsWith(pattern.slice(0, -1)) : pattern === channel,
  );
}
