import assert from 'node:assert/strict';
import test from 'node:test';
import type { ChannelStats } from '../../../../relay/channels/channel-stats.ts';
import { Channels } from '../../../../relay/channels/channels.ts';
import { parseConfig } from '../../../../relay/config/config.ts';
import { StatsCache } from '../../../../relay/http/stats-cache.ts';
import { createLog } from '../../../../relay/log.ts';
import { messageTerms } from '../../../../relay/messages/message-terms.ts';

test('whoever asks, the figures of a channel are added up once a second', () => {
  let now = 5_000;
  let asked = 0;
  const log = createLog('silent');
  const { swarm, messages } = parseConfig({});
  const steady = () => now;
  const limits = { maxAgeMs: 1, maxBytes: 1 };
  const channels = new Channels({
    ...{ window: limits, swarm, log, clock: steady, steady, after: () => {} },
    messages: messageTerms(messages, { steady, after: () => {} }),
  });
  const nothing = { recent: null, total: null };
  const statsOf = (): ChannelStats => ({
    ...{ state: 'live', viewers: ++asked, bytesIn: 0, bytesOut: 0, bytesPulled: 0, copies: nothing },
    ...{ transports: {}, swarm: null, messages: { listeners: 0, delivered: 0, missed: 0 } },
  });
  const cache = new StatsCache(statsOf, steady);
  for (let i = 0; i < 100; i++) assert.equal(cache.get(channels.get('a')).viewers, 1);
  assert.equal(cache.get(channels.get('b')).viewers, 2, 'each channel has its own');
  now += 1_000;
  assert.equal(cache.get(channels.get('a')).viewers, 3);
});
