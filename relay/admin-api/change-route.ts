// The admin API's route that changes some of what is set for a channel, and leaves the rest.

import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { type ChannelEntryInput, channelEntry, channelSource } from '../config/channel-entry.ts';
import { ConfigError } from '../config/config-error.ts';
import { publicAddress } from '../sources/public-address.ts';
import { type AdminContext, fails, failure, json } from './admin-context.ts';
import { channelDetailSchema } from './answer-schemas.ts';
import { channelDetail } from './channel-rows.ts';

// Without the defaults of a whole source: what is left out stays.
const sourceChange = z.strictObject({
  url: channelSource.shape.url.describe('As the API tells it, without its secrets: the one in force'),
  when: channelSource.shape.when.unwrap().optional(),
  linger: channelSource.shape.linger.unwrap().optional(),
  loop: channelSource.shape.loop.unwrap().optional(),
});
const channelChange = channelEntry.omit({ name: true }).extend({
  source: sourceChange.nullish().openapi({ description: 'Null: no source any more' }),
});
type ChannelChange = z.output<typeof channelChange>;

/** Adds the route. */
export function addChangeRoute(api: OpenAPIHono, context: AdminContext): void {
  const { live, sources, log } = context;
  const params = z.object({ name: z.string().openapi({ description: 'Percent-encoded whole' }) });
  const body = { ...json(channelChange, 'What is to be different'), required: true };
  api.openapi(
    createRoute({
      ...{
        method: 'patch',
        path: '/channels/{name}',
        tags: ['channels'],
        summary: 'Changes what is set for a channel',
      },
      description:
        'What is left out stays as it is, also where that is set for many channels. The entry then counts before those of the configuration.',
      request: { params, body },
      responses: { 200: json(channelDetailSchema, 'How it fares'), 400: fails('What is wrong with it') },
    }),
    async answer => {
      const { name } = answer.req.valid('param');
      const before = [...live.added, ...live.current.channels].find(entry => entry.name === name);
      try {
        await sources.add(changedEntry(name, before, answer.req.valid('json')));
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        return answer.json(failure('bad-request', error.message), 400);
      }
      log.info({ channel: name }, 'an operator has changed a channel');
      return answer.json(channelDetail(context, name)!, 200); // it has an entry now
    },
  );
}

/** The channel's entry with the change in it; `before` is its own entry until now. */
export function changedEntry(
  name: string,
  before: ChannelEntryInput | undefined,
  { source, ...change }: ChannelChange,
): ChannelEntryInput {
  const { source: last, ...rest } = before ?? {};
  const entry = { ...rest, ...change, name };
  if (source === null) return entry;
  if (source === undefined) return last ? { ...entry, source: last } : entry;
  const isSame = last !== undefined && publicAddress(last.url) === source.url;
  return { ...entry, source: { ...last, ...source, url: isSame ? last.url : source.url } };
}
