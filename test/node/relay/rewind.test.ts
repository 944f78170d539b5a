// What a viewer gets of the past: found by time or sequence, fetched behind what is live, and within bounds whatever it asks.

import assert from 'node:assert/strict';
import test from 'node:test';
import { encodeMessage } from '../../../core/wire/framing.ts';
import * as wire from '../../../core/wire/index.ts';
import { sequenceBits, sequencesIn } from '../../../core/wire/sequence-bits.ts';
import { until } from '../../support/until.ts';
import { type Party, publisher, signerOf, testRelay, viewer } from './fixtures.ts';
import { show } from './show.ts';

const relay = await testRelay();
let questions = 0;

/** Asks and waits for the answer. */
async function located(party: Party, question: { from?: number; at?: number }) {
  const id = ++questions;
  party.send(wire.locate, { id, track: 0, from: 0, at: 0, ...question });
  await until(() => party.all(wire.located).some(answer => answer.id === id), 'an answer comes', 5_000);
  const answer = party.all(wire.located).find(found => found.id === id)!; // until() returned
  return { sequences: sequencesIn(answer), next: answer.next };
}

const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i);

test('a moment is found by its group, what lies outside by the nearest end; fetched chunks come once, though live began later', async () => {
  const { channel, source, first, edge } = await show(relay);
  const second = edge + 1;
  const last = await source.group(8);
  const party = viewer(relay, channel);
  await party.getsChunk(last);
  assert.ok(!party.sequences.includes(first), 'live begins with the newest group');
  // These chunks' time is their sequence.
  assert.deepEqual(await located(party, { at: second + 3 }), { sequences: range(second, last), next: 0 });
  assert.deepEqual(await located(party, { at: second - 1 }), { sequences: range(first, last), next: 0 });
  assert.deepEqual(await located(party, { at: 0 }), { sequences: range(first, last), next: 0 });
  assert.deepEqual(await located(party, { at: Number.MAX_SAFE_INTEGER }), { sequences: range(second, last), next: 0 });
  assert.deepEqual(await located(party, { from: 1 }), { sequences: range(first, last), next: 0 });
  assert.deepEqual(await located(party, { from: first + 2 }), { sequences: range(first + 2, last), next: 0 });
  assert.deepEqual(await located(party, { from: last + 1 }), { sequences: [], next: 0 });

  const before = party.sequences.length;
  party.send(wire.fetch, sequenceBits(0, range(first, edge)));
  await party.getsChunk(edge);
  assert.deepEqual(party.sequences.slice(before), range(first, edge));
});

test('the beacon, the channel state and the document tell how far back one can go', async () => {
  const { channel, first } = await show(relay);
  const party = viewer(relay, channel);
  assert.equal((await party.gets(wire.channelState)).windowStart, first);
  assert.equal((await party.gets(wire.beacon)).windowStart, first);
  const { rewind } = relay.channelDocument(channel, 'localhost:1');
  assert.deepEqual(rewind, { from: 0, to: 0 }, 'these chunks were captured at 0');
  assert.equal(relay.channelDocument('nothing/here', 'localhost:1').rewind, null);
});

test('a list that is longer than a message goes on where it ends, over the numbers that an epoch leaves out', async () => {
  const { channel, source, first } = await show(relay);
  source.next += 10_000;
  const resumed = source.next;
  const last = await source.group(600, 10);
  const party = viewer(relay, channel);
  await party.getsChunk(last);
  const found: number[] = [];
  for (let next = first; next > 0; ) {
    const answer = await located(party, { from: next });
    found.push(...answer.sequences);
    next = answer.next;
  }
  assert.deepEqual(found, [...range(first, first + 7), ...range(resumed, last)]);
});

test('what is not held, or of another track, is told at once', async () => {
  const { channel, first, edge } = await show(relay);
  const party = viewer(relay, channel);
  await party.getsChunk(edge);
  party.send(wire.fetch, sequenceBits(0, [first - 2, first, first + 400]));
  await until(() => party.all(wire.lacking).flatMap(sequencesIn).length >= 2, 'what is lacking is told', 5_000);
  assert.deepEqual(party.all(wire.lacking).flatMap(sequencesIn), [first - 2, first + 400]);
  party.send(wire.fetch, { ...sequenceBits(0, [first]), track: 5 });
  await until(() => party.all(wire.lacking).some(({ track }) => track === 5), 'the other track is lacking', 5_000);
  party.send(wire.locate, { id: 1, track: 5, from: 0, at: 0 });
  party.send(wire.fetch, { track: 0, base: 0, bits: new Uint8Array(0) });
  await located(party, { at: 0 });
  assert.equal(party.all(wire.located).length, 1, 'of no such track nothing is located');
});

test('whoever fetches without measure gets it at a bounded rate; the surplus is refused, and live goes on', async () => {
  const { channel, source } = await show(relay);
  const first = source.next;
  const edge = await source.group(400, 4_000);
  const party = viewer(relay, channel);
  await party.getsChunk(edge);
  const before = party.sequences.length;
  const startedAt = performance.now();
  // 400 chunks, 12 times over: 19 MB, where the queue takes 1,024 chunks.
  for (let i = 0; i < 12; i++) party.send(wire.fetch, sequenceBits(0, range(first, edge)));
  await until(() => party.all(wire.lacking).flatMap(sequencesIn).length > 3_000, 'the surplus is refused', 5_000);
  const next = await source.group(2);
  await party.getsChunk(next);
  await until(() => party.sequences.length - before > 200, 'the past comes as well', 5_000);
  const bytes = (party.sequences.length - before) * 4_000;
  const seconds = (performance.now() - startedAt) / 1_000;
  assert.ok(bytes < 1_500_000 + seconds * 1_000_000, `${bytes} bytes in ${seconds.toFixed(1)} s`);
});

test('a flood of questions is answered at a bounded rate, and the link holds', async () => {
  const { channel } = await show(relay);
  const party = viewer(relay, channel);
  await party.gets(wire.channelState);
  const question = encodeMessage(wire.locate, { id: 9, track: 0, from: 0, at: 5 });
  for (let i = 0; i < 5_000; i++) party.link.send(question);
  await party.gets(wire.beacon, 2);
  const answers = party.all(wire.located).length;
  assert.ok(answers >= 1 && answers < 100, `${answers} answers`);
  assert.equal(party.end, undefined);
});

test('a window that is full loses its oldest groups, and the past begins later', async () => {
  const small = await testRelay({ window: { megabytes: 1 } });
  const source = await publisher(small, 'small', await signerOf(1));
  const party = viewer(small, 'small');
  let edge = 0;
  for (let group = 0; group < 20; group++) edge = await source.group(20, 5_000);
  await party.getsChunk(edge);
  const { sequences, next } = await located(party, { at: 0 });
  assert.equal(next, 0);
  assert.ok(sequences.length <= 200 && sequences.length >= 160, `${sequences.length} chunks of 5 kB`);
  assert.equal((edge + 1 - sequences[0]!) % 20, 0, 'from the start of a group');
});

test('all channels together stay within their memory', async () => {
  const small = await testRelay({ window: { megabytes: 1, totalMegabytes: 1 } });
  const [one, two] = [
    await publisher(small, 'one', await signerOf(1)),
    await publisher(small, 'two', await signerOf(2)),
  ];
  const party = viewer(small, 'one');
  let edge = 0;
  for (let group = 0; group < 20; group++) {
    edge = await one.group(20, 5_000);
    await two.group(20, 5_000);
  }
  await party.getsChunk(edge);
  const { sequences } = await located(party, { at: 0 });
  assert.ok(sequences.length <= 100, `${sequences.length} chunks of 5 kB`);
});
