// What an access token says: which channels, what may be done there, until when, and by whom.

import { z } from 'zod';
import type { Millis } from '../../core/time.ts';
import { type AccessAnswer, denied } from './access-answer.ts';

/** What a token can allow. */
export const ACTIONS = ['publish', 'enter', 'view'] as const;
/** `publish`: feed a channel. `enter`: be a member of a room. `view`: watch a channel. */
export type Action = (typeof ACTIONS)[number];

/** What somebody wants to do, and when: Unix milliseconds. */
export interface AccessRequest {
  readonly action: Action;
  readonly channel: string;
  readonly now: Millis;
}

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
const claims = z.object({ channels: channelPatterns, actions, exp: z.number(), sub: user.optional() });
/** Who only watches may be called anything. */
const viewClaims = claims.extend({ sub: z.string().optional() });

/** Whether the claims of a genuine token allow what is asked for. */
export function answerOf(payload: object, { action, channel, now }: AccessRequest): AccessAnswer {
  const read = (action === 'view' ? viewClaims : claims).safeParse(payload);
  if (!read.success) {
    const wrong = read.error.issues[0]!; // a refusal has one at least
    return denied(`the token's claim ${wrong.path.join('.')} is wrong: ${wrong.message}`);
  }
  const { channels, actions, exp, sub } = read.data;
  if (exp * 1_000 <= now) return denied('the token has expired');
  if (action === 'view' && !actions.includes(action) && actions.includes('enter')) {
    if (isOfRoom(channels, channel)) return { ok: true, user: sub, expiresAt: exp * 1_000 };
  }
  if (!actions.includes(action)) return denied(`the token does not allow to ${action}`);
  if (!coversChannel(channels, channel)) return denied(`the token is not for ${channel}`);
  const place = /^room\/.+\/([^/]+)$/.exec(channel)?.[1];
  if (action === 'publish' && sub !== undefined && place !== undefined && place !== sub) {
    return denied(`the token is ${sub}'s, who can't publish ${channel}`);
  }
  return { ok: true, user: sub, expiresAt: exp * 1_000 };
}

/** Whoever may enter a room, by whichever of its channels, sees all who are in it. */
function isOfRoom(patterns: readonly string[], channel: string): boolean {
  const room = /^room\/[^/]+/.exec(channel)?.[0];
  if (room === undefined) return false;
  return (
    coversChannel(patterns, room) || patterns.some(pattern => pattern.startsWith(`${room}/`) || pattern === 'room/*')
  );
}

/** Whether one of the patterns is for this channel: it is its name, or ends in `/*` and the name lies below. */
export function coversChannel(patterns: readonly string[], channel: string): boolean {
  return patterns.some(pattern =>
    pattern.endsWith('/*') ? channel.startsWith(pattern.slice(0, -1)) : pattern === channel,
  );
}
