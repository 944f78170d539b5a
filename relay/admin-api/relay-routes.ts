// The admin API's routes to the relay as a whole: how it is, its figures over time, and taking nobody new.

import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { AdminStatus } from '../../core/admin/answers.ts';
import { isRecordingSwarm } from '../../core/recording/recording-id.ts';
import { SAMPLE_MS, TimeSeries } from '../figures/time-series.ts';
import { type AdminContext, fails, failure, json } from './admin-context.ts';
import { seriesSchema, statusSchema } from './answer-schemas.ts';
import { channelDetail } from './channel-rows.ts';

const tags = ['relay'];
const HOUR = 3_600_000;
/** Of a channel where nothing has happened yet. */
const NO_FIGURES = new TimeSeries().read(0, SAMPLE_MS, time => time);

/** Adds the routes. */
export function addRelayRoutes(api: OpenAPIHono, context: AdminContext): void {
  const { figures, drain, clock } = context;
  api.openapi(
    createRoute({
      ...{ method: 'get', path: '/status', tags, summary: 'How the relay is' },
      responses: { 200: json(statusSchema, 'At this moment') },
    }),
    answer => answer.json(statusOf(context), 200),
  );

  const query = z.object({
    channel: z.string().max(130).optional().openapi({ description: 'The whole relay if left out' }),
    from: z.coerce
      .number()
      .optional()
      .openapi({ type: 'number', description: 'Unix milliseconds; an hour ago if left out' }),
    step: z.coerce.number().optional().openapi({
      type: 'number',
      description: 'Milliseconds: below 60,000 the last hour is told in steps of 10 s, else the last day by the minute',
    }),
  });
  api.openapi(
    createRoute({
      ...{ method: 'get', path: '/series', tags, request: { query }, summary: 'Figures over time' },
      responses: {
        200: json(seriesSchema, 'Columns, the oldest first'),
        404: fails('There is no such channel'),
      },
    }),
    answer => {
      const { channel, from = clock() - HOUR, step = 0 } = answer.req.valid('query');
      const span = { from, stepMs: step };
      const series = figures.series(channel === undefined ? span : { channel, ...span });
      if (series) return answer.json(series, 200);
      if (channel !== undefined && channelDetail(context, channel)) return answer.json(NO_FIGURES, 200);
      return answer.json(failure('no-channel', `there is no channel ${channel}`), 404);
    },
  );

  api.openapi(
    createRoute({
      ...{ method: 'post', path: '/drain', tags, summary: 'Takes nobody new from now on' },
      responses: { 204: { description: 'Done' } },
    }),
    answer => {
      drain.begin('an operator drains the relay');
      return answer.body(null, 204);
    },
  );
  api.openapi(
    createRoute({
      ...{ method: 'delete', path: '/drain', tags, summary: 'Is open again to all' },
      responses: { 204: { description: 'Done' } },
    }),
    answer => {
      drain.end();
      return answer.body(null, 204);
    },
  );
}

function statusOf({ about, channels, clock, drain, figures, recordings, sessions, url }: AdminContext): AdminStatus {
  let [count, viewers] = [0, 0];
  for (const channel of channels) {
    if (!isRecordingSwarm(channel.name)) count++;
    viewers += channel.viewers.size;
  }
  const { bytes, freeBytes, stopped } = recordings;
  return {
    ...about,
    ...{ clock: clock(), url: url(), draining: drain.reason !== undefined },
    ...{ links: sessions.count, channels: count, viewers, load: figures.load },
    recordings: { bytes, freeBytes: freeBytes ?? null, stopped },
  };
}
