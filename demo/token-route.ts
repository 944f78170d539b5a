// POST /demo/token: gives this machine's demo pages the tokens that a site of one's own would give its users, after it has checked who they are.

import type { Context, Hono } from 'hono';
import { z } from 'zod';
import type { Relay } from '../relay/relay.ts';

const EXPIRES_IN_SECONDS = 3_600;
const NAME = '[A-Za-z0-9._~-]+';

/** What pages ask for: to publish below `demo/`, or to enter a room and publish in it under one's name. */
const wish = z.union([
  z.strictObject({
    channel: z
      .string()
      .max(128)
      .regex(new RegExp(`^demo/${NAME}$`), 'a channel is demo/<name>'),
  }),
  z.strictObject({
    room: z
      .string()
      .max(90)
      .regex(new RegExp(`^room/${NAME}$`), 'a room is room/<name>'),
    user: z
      .string()
      .max(32)
      .regex(new RegExp(`^${NAME}$`), 'a user is letters, digits and . _ ~ -'),
  }),
]);

/** Adds the route. `issueToken` is the relay's own. */
export function mountTokenRoute(app: Hono, issueToken: Relay['issueToken']): void {
  app.post('/demo/token', async context => {
    context.header('cache-control', 'no-store');
    const read = wish.safeParse(await context.req.json().catch(() => null));
    if (!read.success)
      return refuse(context, 400, 'the body is { "channel": "demo/…" } or { "room": "room/…", "user": "…" }');
    try {
      return context.json({ token: await issueToken(requestFor(read.data)) });
    } catch (error) {
      if (error instanceof TypeError) return refuse(context, 503, error.message);
      throw error;
    }
  });
}

function requestFor(asked: z.infer<typeof wish>): Parameters<Relay['issueToken']>[0] {
  if ('channel' in asked)
    return { channels: [asked.channel], actions: ['publish'], expiresInSeconds: EXPIRES_IN_SECONDS };
  const { room, user } = asked;
  const channels = [room, `${room}/*`];
  return { channels, actions: ['enter', 'publish'], expiresInSeconds: EXPIRES_IN_SECONDS, user };
}

function refuse(context: Context, status: 400 | 503, error: string): Response {
  return context.json({ error }, status);
}
