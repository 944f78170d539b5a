// What all routes of the admin API ask.

import { OpenAPIHono } from '@hono/zod-openapi';
import type { Millis } from '../../core/time.ts';
import type { AdminGate } from '../access/admin-gate.ts';
import type { Channels } from '../channels/channels.ts';
import type { LiveConfig } from '../config/live-config.ts';
import type { Drain } from '../drain.ts';
import type { Figures } from '../figures/figures.ts';
import type { LogTail } from '../figures/log-tail.ts';
import type { Log } from '../log.ts';
import type { Recordings } from '../recording/recordings.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { ChannelSources } from '../sources/channel-sources.ts';
import { errorSchema } from './answer-schemas.ts';

export interface AdminContext {
  readonly live: LiveConfig;
  readonly channels: Channels;
  readonly sessions: Sessions;
  readonly sources: ChannelSources;
  readonly recordings: Recordings;
  readonly figures: Figures;
  readonly drain: Drain;
  readonly tail: LogTail;
  readonly log: Log;
  readonly gate: AdminGate;
  readonly about: { readonly version: string; readonly runtime: 'deno' | 'node'; readonly startedAt: Millis };
  readonly url: () => string;
  /** The relay's own, which sign tokens. */
  readonly publishKeys: () => readonly string[];
  /** The wall clock, Unix milliseconds. */
  readonly clock: () => Millis;
}

/** Routes that refuse what isn't as their schemas say. */
export function adminRoutes(): OpenAPIHono {
  return new OpenAPIHono({
    defaultHook(result, context) {
      if (result.success) return undefined;
      const mistakes = result.error.issues.map(({ path, message }) =>
        path.length > 0 ? `${path.map(String).join('.')}: ${message}` : message,
      );
      return context.json(failure('bad-request', mistakes.join('; ')), 400);
    },
  });
}

/** The body of an answer that is no success. */
export function failure(code: string, message: string) {
  return { error: { code, message } };
}

/** As a route describes that it may answer JSON of this schema. */
export function json<Schema>(schema: Schema, description: string) {
  return { description, content: { 'application/json': { schema } } };
}

/** As a route describes that it may fail. */
export function fails(description: string) {
  return json(errorSchema, description);
}
