// What a viewer in the swarm gets from the relay itself: the stripes that it asks for, and single chunks.

import assert from 'node:assert/strict';
import test from 'node:test';
import { WIRE_VERSION } from '../../../core/wire/codec.ts';
import * as wire from '../../../core/wire/index.ts';
import { sequenceBits, sequencesIn } from '../../../core/wire/sequence-bits.ts';
import { until } from '../../support/until.ts';
import { faultOfOrder, Party, testRelay, viewer } from './fixtures.ts';
import { show } from './show.ts';

const relay = await testRelay();

test('the relay pushes the stripes asked for, and new init documents to everybody', async () => {
  const { channel, source, edge } = await show(relay);
  const party = viewer(relay, channel);
  const idle = viewer(relay, channel);
  await party.getsChunk(edge);
  await idle.getsChunk(edge);
  party.send(wire.pushStripes, { track: 0, count: 4, stripes: 0b0011, from: 0 });
  idle.send(wire.pushStripes, { track: 0, count: 4, stripes: 0, from: 0 });
  for (const each of [party, idle]) {
    each.send(wire.ping, { sentAt: 5 });
    await each.gets(wire.pong);
  }
  source.init(2);
  const last = await source.group(8);
  await until(() => party.sequences.filter(sequence => sequence > edge).length === 4, 'half of the chunks');
  assert.ok(party.sequences.every(sequence => sequence <= edge || sequence % 4 < 2));
  await idle.gets(wire.init, 2);
  assert.ok(Math.max(...idle.sequences) <= edge);
  idle.send(wire.pushStripes, { track: 0, count: 4, stripes: 0b1000, from: edge + 1 });
  await until(() => idle.sequences.filter(sequence => sequence > edge).length === 2, 'what it lacks');
  assert.equal(faultOfOrder(party), undefined);
  assert.ok(last > edge);
});

test('a viewer that was cut off goes on where it says', async () => {
  const { channel, source, edge } = await show(relay);
  const resume = { count: 4, stripes: 0b1111, from: edge - 1 };
  const party = new Party(relay.connect());
  party.send(wire.subscribe, { version: WIRE_VERSION, channel, resume });
  const fed = new Party(relay.connect());
  fed.send(wire.subscribe, { version: WIRE_VERSION, channel, resume: { ...resume, stripes: 0 } });
  await party.getsChunk(await source.group(2));
  assert.equal(party.sequences[0], edge - 1);
  await fed.gets(wire.init);
  assert.deepEqual(fed.sequences, []);
});

test('single chunks: what is held is sent, the rest is lacking, and the bytes are counted', async () => {
  const { channel, first, edge } = await show(relay);
  const party = new Party(relay.connect());
  const resume = { count: 4, stripes: 0, from: 0 };
  party.send(wire.subscribe, { version: WIRE_VERSION, channel, resume });
  await party.gets(wire.channelState);
  party.send(wire.want, sequenceBits(0, [first + 1, first + 3, edge + 5]));
  assert.deepEqual(sequencesIn(await party.gets(wire.lacking)), [edge + 5]);
  await party.getsChunk(first + 3);
  assert.deepEqual(party.sequences, [first + 1, first + 3]);
  const stats = relay.stats().channels[channel]!;
  assert.ok(stats.bytesPulled > 200 && stats.bytesPulled < 1_000);
  party.send(wire.want, sequenceBits(5, [first]));
  assert.deepEqual(sequencesIn(await party.gets(wire.lacking, 2)), [first], 'of a track that is not there');
});

test('asking for more than twice the stream brings no more', async () => {
  const { channel, source } = await show(relay);
  const start = source.next;
  await source.group(60, 4_000);
  const party = viewer(relay, channel);
  await party.getsChunk(start + 59);
  const before = party.sequences.length;
  const all = Array.from({ length: 60 }, (_, i) => start + i);
  const askedAt = performance.now();
  for (let i = 1; i <= 50; i++) {
    party.send(wire.want, sequenceBits(0, all));
    await party.gets(wire.lacking, i);
  }
  const pulled = relay.stats().channels[channel]!.bytesPulled;
  // Two seconds' worth of what is allowed while the rate is unknown, and what was saved up since; 12 MB were asked for.
  const allowed = 250 * (performance.now() - askedAt + 2_000);
  assert.ok(pulled > 200_000 && pulled <= allowed, `${pulled} bytes of ${allowed}`);
  assert.ok(party.sequences.length > before);
  assert.equal(party.end, undefined);
});
