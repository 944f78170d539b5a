// The admin API's routes to what was recorded.

import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { summaryOf } from '../recording/recording.ts';
import { type AdminContext, fails, failure, json } from './admin-context.ts';
import { recordingSchema } from './answer-schemas.ts';

const tags = ['recordings'];

/** Adds the routes. */
export function addRecordingRoutes(api: OpenAPIHono, { recordings }: AdminContext): void {
  const query = z.object({ channel: z.string().max(130).optional() });
  api.openapi(
    createRoute({
      ...{ method: 'get', path: '/recordings', tags, request: { query }, summary: 'What was recorded' },
      responses: { 200: json(z.array(recordingSchema), 'The newest first') },
    }),
    answer => {
      const { channel } = answer.req.valid('query');
      const rows = recordings.list(channel).map(recording => {
        const { id, channel, startedAt, endedAt, durationMs, bytes, container } = summaryOf(recording);
        return { id, channel, startedAt, endedAt, durationMs, bytes, container };
      });
      return answer.json(rows, 200);
    },
  );

  const params = z.object({
    id: z.string().openapi({ description: 'Percent-encoded whole', example: 'lecture/20261121T191500Z' }),
  });
  api.openapi(
    createRoute({
      ...{ method: 'delete', path: '/recordings/{id}', tags, request: { params }, summary: 'Deletes a recording' },
      responses: {
        204: { description: 'Done' },
        404: fails('There is no such recording'),
        409: fails('It still grows'),
      },
    }),
    async answer => {
      const { id } = answer.req.valid('param');
      const removal = await recordings.remove(id);
      if (removal === 'removed') return answer.body(null, 204);
      if (removal === 'running')
        return answer.json(failure('running', `${id} still grows: it can be deleted later`), 409);
      return answer.json(failure('no-recording', `there is no recording ${id}`), 404);
    },
  );
}
