import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type ChunkHeader, startsEpoch, startsGroup } from '../../../core/chunk.ts';
import { decodeInit } from '../../../core/init-document.ts';
import { ChunkPipeline, type PipelineEvent } from '../../../core/publish/chunk-pipeline.ts';
import { createChunker } from '../../../ingest/create-chunker.ts';
import { recording } from './fixtures.ts';

const flv = new Uint8Array(readFileSync(recording('two.flv', 2)));
const ts = new Uint8Array(readFileSync(recording('two.m2ts', 2)));
const limits = { maxMs: 100, maxBytes: 4_000 };
const START = 1_700_000_000_000;

const pipeline = (toRelay = (at: number) => at) =>
  new ChunkPipeline({
    createChunker: (head, complete) => createChunker(head, { complete, limits, name: 'it' }),
    firstSequence: 1_000,
    toRelay,
  });
const headers = (events: readonly PipelineEvent[]): ChunkHeader[] =>
  events.flatMap(event => (event.type === 'chunk' ? [event.header] : []));
const containers = (events: readonly PipelineEvent[]) =>
  events.flatMap(event => (event.type === 'init' ? [decodeInit(event.document).container] : []));

test('of a backlog only the newest group comes out, its capture times put back by its timestamps', () => {
  const machine = pipeline();
  assert.deepEqual(machine.push(flv.subarray(0, 60_000), START, true), []);
  assert.equal(machine.wakeAt(), undefined);
  const out = machine.push(flv.subarray(60_000), START + 10);
  const all = headers(out);
  assert.ok(startsGroup(all[0]!) && startsEpoch(all[0]!));
  assert.equal(all[0]!.sequence, 1_000);
  assert.ok(all[0]!.capturedAt <= START + 10);
  assert.ok(all[0]!.capturedAt > START - 1_000, 'a group lasts half a second');
  const captured = all.map(header => header.capturedAt);
  assert.deepEqual(
    captured,
    [...captured].sort((a, b) => a - b),
  );
  assert.equal(Math.round(all[0]!.timestamp / 90), all[0]!.capturedAt);
});

test('another container after a break: sequence and timeline go on', () => {
  const machine = pipeline();
  const out = machine.push(flv, START);
  out.push(...machine.break(START + 2_000, true));
  const more = [...machine.push(ts, START + 2_500), ...machine.end(START + 2_600)];
  assert.deepEqual([...containers(out), ...containers(more)], ['flv', 'ts']);
  const first = headers(more)[0]!;
  assert.equal(first.sequence, headers(out).at(-1)!.sequence + 1);
  assert.ok(first.discontinuity);
  assert.ok(first.timestamp >= headers(out).at(-1)!.timestamp);
});

test('capture times are what `toRelay` says', () => {
  const all = headers(pipeline(at => at + 5_000).push(flv, START));
  assert.ok(all.every(header => header.capturedAt === START + 5_000));
});

test('a head in single bytes is sniffed all the same', () => {
  const machine = pipeline();
  const out: PipelineEvent[] = [];
  for (let at = 0; at < 40; at++) out.push(...machine.push(flv.subarray(at, at + 1), START));
  out.push(...machine.push(flv.subarray(40), START));
  assert.equal(machine.container, 'flv');
  assert.ok(headers(out).length > 10);
});

test('too little to be anything is said at the end', () => {
  const machine = pipeline();
  assert.deepEqual(machine.push(new Uint8Array([1, 2, 3]), START), []);
  assert.throws(() => machine.end(START), /it can't be published: it is neither FLV nor MPEG-TS/);
});
