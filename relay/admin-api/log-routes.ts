// The admin API's routes to the relay's log: the newest lines, and those to come.

import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { streamSSE } from 'hono/streaming';
import type { AdminLogLine } from '../../core/admin/answers.ts';
import { type AdminContext, json } from './admin-context.ts';
import { logLineSchema } from './answer-schemas.ts';

const tags = ['log'];
/** So that proxies leave the line open. */
const ALIVE_MS = 15_000;
/** A stream ends then; its reader comes back with the number of its last line, if it may still read. */
const LASTS_MS = 600_000;
/** Lines that may wait for a reader; one that is further behind misses some, as their numbers show. */
const MAX_WAITING = 500;

/** Adds the routes. */
export function addLogRoutes(api: OpenAPIHono, { tail }: AdminContext): void {
  const query = z.object({ lines: z.coerce.number().int().min(0).max(500).default(200).openapi({ type: 'integer' }) });
  api.openapi(
    createRoute({
      ...{ method: 'get', path: '/log', tags, request: { query }, summary: 'The newest lines, at most 500' },
      responses: { 200: json(z.array(logLineSchema), 'The oldest of them first') },
    }),
    answer => answer.json(tail.last(answer.req.valid('query').lines), 200),
  );

  api.openapi(
    createRoute({
      ...{ method: 'get', path: '/log/stream', tags, summary: 'Lines as they come' },
      responses: {
        200: {
          description: 'Server-Sent Events: the data of each is one line',
          content: { 'text/event-stream': { schema: logLineSchema } },
        },
      },
    }),
    answer =>
      streamSSE(answer, async stream => {
        const last = Number(answer.req.header('last-event-id') ?? Number.NaN);
        let waiting: AdminLogLine[] = tail.last(MAX_WAITING).filter(({ number }) => number > last);
        const endsAt = performance.now() + LASTS_MS;
        let wake = () => {};
        const unfollow = tail.follow(line => {
          waiting.push(line);
          if (waiting.length > MAX_WAITING) waiting.shift();
          wake();
        });
        stream.onAbort(() => wake());
        try {
          await stream.write(': the log\n\n');
          while (!stream.aborted && performance.now() < endsAt) {
            const lines = waiting;
            waiting = [];
            for (const line of lines) await stream.writeSSE({ data: JSON.stringify(line), id: `${line.number}` });
            if (waiting.length > 0 || stream.aborted) continue;
            const isLate = await new Promise<boolean>(resolve => {
              const timer = setTimeout(resolve, ALIVE_MS, true);
              timer.unref();
              wake = () => {
                clearTimeout(timer);
                resolve(false);
              };
            });
            if (isLate && !stream.aborted) await stream.write(': alive\n\n');
          }
        } finally {
          unfollow();
        }
      }),
  );
}
