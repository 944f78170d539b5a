// The admin API's routes to channels: what there is, what operators add, and what they start, stop and end.

import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { channelNameFault } from '../../core/channel-name.ts';
import { channelEntry } from '../config/channel-entry.ts';
import { ConfigError } from '../config/config-error.ts';
import { type AdminContext, fails, failure, json } from './admin-context.ts';
import { channelDetailSchema, channelSchema, swarmSchema, viewerSchema } from './answer-schemas.ts';
import { channelDetail, channelRows } from './channel-rows.ts';
import { swarmOf } from './swarm-view.ts';
import { endSession, viewersOf } from './viewer-rows.ts';

const tags = ['channels'];
const path = '/channels/{name}';
const done = { description: 'Done' };
const named = z.object({
  name: z
    .string()
    .superRefine((name, context) => {
      const message = channelNameFault(name);
      if (message) context.addIssue({ code: 'custom', message });
    })
    .openapi({ description: 'Percent-encoded whole: `room%2Falice`', example: 'lecture' }),
});
const request = { params: named };
const notThere = fails('There is no such channel');

/** Adds the routes. */
export function addChannelRoutes(api: OpenAPIHono, context: AdminContext): void {
  const { live, channels, sources, log } = context;
  const absent = (name: string) => failure('no-channel', `there is no channel ${name}`);

  api.openapi(
    createRoute({
      ...{ method: 'get', path: '/channels', tags, summary: 'All channels' },
      responses: { 200: json(z.array(channelSchema), 'By name') },
    }),
    answer => answer.json(channelRows(context), 200),
  );

  api.openapi(
    createRoute({
      ...{ method: 'get', path, tags, request, summary: 'One channel' },
      responses: { 200: json(channelDetailSchema, 'How it fares'), 404: notThere },
    }),
    answer => {
      const { name } = answer.req.valid('param');
      const detail = channelDetail(context, name);
      return detail ? answer.json(detail, 200) : answer.json(absent(name), 404);
    },
  );

  const body = json(channelEntry.omit({ name: true }), 'An entry of `channels` without its name');
  api.openapi(
    createRoute({
      ...{ method: 'put', path, tags, summary: 'Adds a channel, or changes one' },
      description: 'The entry is kept in the state directory and counts before those of the configuration.',
      request: { ...request, body: { ...body, required: true } },
      responses: { 200: json(channelDetailSchema, 'How it fares'), 400: fails('What is wrong with it') },
    }),
    async answer => {
      const { name } = answer.req.valid('param');
      try {
        await sources.add({ ...answer.req.valid('json'), name });
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        return answer.json(failure('bad-request', error.message), 400);
      }
      log.info({ channel: name }, 'an operator has set up a channel');
      return answer.json(channelDetail(context, name)!, 200); // it has an entry now
    },
  );

  api.openapi(
    createRoute({
      ...{ method: 'delete', path, tags, request, summary: 'Removes a channel that was added' },
      responses: { 204: done, 404: notThere, 409: fails('Only the configuration file changes it') },
    }),
    async answer => {
      const { name } = answer.req.valid('param');
      if (!live.added.some(entry => entry.name === name)) {
        const isConfigured = live.current.channels.some(entry => entry.name === name);
        if (!isConfigured) return answer.json(failure('no-channel', `nobody has added ${name}`), 404);
        return answer.json(failure('configured', `${name} is in the configuration: change its file`), 409);
      }
      await sources.remove(name);
      log.info({ channel: name }, 'an operator has removed a channel');
      return answer.body(null, 204);
    },
  );

  for (const act of ['start', 'stop'] as const) {
    const summary = act === 'start' ? "Pulls a channel's source now" : "Pulls a channel's source no longer";
    api.openapi(
      createRoute({
        ...{ method: 'post', path: `${path}/${act}`, tags, request, summary },
        responses: { 204: done, 404: fails('The channel has no source') },
      }),
      async answer => {
        const { name } = answer.req.valid('param');
        try {
          await sources[act](name);
        } catch (error) {
          if (!(error instanceof ConfigError)) throw error;
          return answer.json(failure('no-source', error.message), 404);
        }
        log.info({ channel: name }, `an operator has had its source ${act === 'start' ? 'started' : 'stopped'}`);
        return answer.body(null, 204);
      },
    );
  }

  api.openapi(
    createRoute({
      ...{ method: 'get', path: `${path}/swarm`, tags, request, summary: 'Who feeds whom' },
      responses: { 200: json(swarmSchema, 'At this moment, by the plan'), 404: notThere },
    }),
    answer => {
      const { name } = answer.req.valid('param');
      const channel = channels.find(name);
      if (channel) return answer.json(swarmOf(channel, context.figures), 200);
      return channelDetail(context, name)
        ? answer.json({ stripes: 0, members: [], size: 0 }, 200)
        : answer.json(absent(name), 404);
    },
  );

  api.openapi(
    createRoute({
      ...{ method: 'get', path: `${path}/viewers`, tags, request, summary: 'Sessions of viewers, at most 1,000' },
      responses: { 200: json(z.array(viewerSchema), 'The oldest first') },
    }),
    answer => answer.json(viewersOf(context.sessions, answer.req.valid('param').name), 200),
  );

  const whom = json(z.strictObject({ viewer: z.string().max(20).optional() }), "A viewer's id; none: the publisher");
  api.openapi(
    createRoute({
      ...{ method: 'post', path: `${path}/disconnect`, tags, summary: 'Ends a session' },
      description: 'Of a viewer, or of the publisher. Whoever is allowed to may come back.',
      request: { ...request, body: { ...whom, required: true } },
      responses: { 204: done, 404: fails('There is no such session') },
    }),
    answer => {
      const { name } = answer.req.valid('param');
      const { viewer } = answer.req.valid('json');
      if (endSession(context.sessions, name, viewer)) return answer.body(null, 204);
      const what = viewer === undefined ? `nobody publishes ${name}` : `${name} has no viewer ${viewer}`;
      return answer.json(failure('no-session', what), 404);
    },
  );
}
