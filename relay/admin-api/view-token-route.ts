// The admin API's route to what lets an operator watch a channel that is not for everybody.

import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { channelNameFault } from '../../core/channel-name.ts';
import { issueToken } from '../access/access.ts';
import { type AdminContext, fails, failure, json } from './admin-context.ts';

const LASTS_SECONDS = 3_600;

/** Adds the route. */
export function addViewTokenRoute(api: OpenAPIHono, { live, publishKeys, clock }: AdminContext): void {
  const params = z.object({ name: z.string().openapi({ description: 'Percent-encoded whole' }) });
  const answers = json(z.object({ token: z.string().nullable() }).openapi('ViewToken'), 'Null: everybody may watch it');
  api.openapi(
    createRoute({
      ...{ method: 'post', path: '/channels/{name}/view-token', tags: ['channels'], request: { params } },
      summary: 'A token to watch a channel and its recordings with, good for an hour',
      responses: { 200: answers, 400: fails('No channel has such a name'), 409: fails('No key can sign it') },
    }),
    async answer => {
      const { name } = answer.req.valid('param');
      const fault = channelNameFault(name);
      if (fault) return answer.json(failure('bad-name', fault), 400);
      if (live.channel(name).view === 'open') return answer.json({ token: null }, 200);
      const request = { channels: [name], actions: ['view'], expiresInSeconds: LASTS_SECONDS } as const;
      try {
        return answer.json({ token: await issueToken(publishKeys(), request, clock()) }, 200);
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        return answer.json(failure('no-key', error.message), 409);
      }
    },
  );
}
