// Frames in, signed chunks out: what a viewer's demuxer makes of them is what went in.

import assert from 'node:assert/strict';
import test from 'node:test';
import type { EncodedPicture } from '../../../../../components/publish/engine/picture-encoder.ts';
import { StreamPacker } from '../../../../../components/publish/engine/stream-packer.ts';
import { type Bytes, concat } from '../../../../../core/bytes.ts';
import { type Chunk, startsEpoch, startsGroup } from '../../../../../core/chunk.ts';
import { decodeInit } from '../../../../../core/init-document.ts';
import { FlvDemuxer } from '../../../../../core/media/flv/flv-demuxer.ts';
import { opusHead } from '../../../../../core/media/flv/flv-writer-configs.ts';
import type { DemuxEvent } from '../../../../../core/media/track.ts';
import { createSigner, createVerifier, verifyChunk } from '../../../../../core/signature.ts';
import { AVC_C, nal, noise } from '../../../core/media/flv/flv-fixtures.ts';

const NOW = 1_750_000_000_000;
const AHEAD = 7_000;
const signer = await createSigner(new Uint8Array(32).fill(3), crypto.subtle);
const verify = await createVerifier(signer.publicKey, crypto.subtle);

class Stage {
  now = NOW;
  readonly chunks: Chunk[] = [];
  readonly inits: Bytes[] = [];
  readonly faults: unknown[] = [];
  readonly packer = new StreamPacker({
    channel: 'room/ada',
    signer,
    clock: { now: () => this.now, wait: async () => {} },
    chunkMs: 40,
    firstSequence: 500,
    toRelay: steady => steady + AHEAD,
    init: document => this.inits.push(document),
    chunk: chunk => this.chunks.push(chunk),
    failed: error => this.faults.push(error),
  });

  /** Half a second of pictures and sound, captured 15 ms before it is packed. */
  play(frames = 15, description = AVC_C): void {
    for (let i = 0; i < frames; i++) {
      this.now += 33;
      const at = this.now - 15;
      const key = i === 0;
      const data = nal(key ? 5 : 1, noise(key ? 9_000 : 700, i));
      this.packer.picture({ config: { codec: 'avc1', description }, at, key, data } satisfies EncodedPicture);
      const config = { codec: 'Opus' as const, description: opusHead(1, 312, 48_000) };
      this.packer.sound({ config, at: at + 7, data: Uint8Array.of(0x78, i) });
    }
  }

  events(): DemuxEvent[] {
    const demuxer = new FlvDemuxer();
    const init = decodeInit(this.inits[0]!).bytes; // one at least
    return demuxer.push(concat([init, ...this.chunks.map(chunk => chunk.payload)]));
  }
}

test('numbered, signed, cut at key frames, and timed by when things were captured', async () => {
  const stage = new Stage();
  stage.packer.announce({ video: true, audio: true });
  stage.play();
  stage.play();
  await stage.packer.end();
  const { chunks } = stage;
  assert.deepEqual(stage.faults, []);
  assert.deepEqual(
    chunks.map(chunk => chunk.header.sequence),
    chunks.map((_, i) => 500 + i),
  );
  for (const chunk of chunks) assert.ok(await verifyChunk('room/ada', chunk, verify));
  assert.equal(chunks.filter(chunk => startsGroup(chunk.header)).length, 2);
  assert.equal(stage.inits.length, 1);
  const first = chunks[0]!.header;
  assert.equal(first.capturedAt, NOW + 33 - 15 + AHEAD, 'in the relay’s clock');
  assert.equal(Math.round(first.timestamp / 90), first.capturedAt, 'channel time is capture time');
  for (const { header } of chunks) {
    assert.ok(Math.abs(header.timestamp / 90 - header.capturedAt) <= 34, 'as far as one picture and its sound');
  }
  const events = stage.events();
  assert.deepEqual(
    events.filter(event => event.type === 'damage'),
    [],
  );
  const units = events.flatMap(event => (event.type === 'unit' ? [event.unit] : []));
  assert.equal(units.filter(({ track }) => track === 1).length, 30);
  assert.equal(units.filter(({ track }) => track === 2).length, 30);
});

test('a new configuration begins a new epoch at its key frame', async () => {
  const stage = new Stage();
  stage.packer.announce({ video: true, audio: true });
  stage.play();
  const other = AVC_C.slice();
  other[3] = 12; // another level
  stage.play(15, other);
  await stage.packer.end();
  assert.equal(stage.inits.length, 2);
  const epochs = stage.chunks.filter(chunk => startsEpoch(chunk.header));
  assert.equal(epochs.length, 2);
  assert.ok(startsGroup(epochs[1]!.header));
});

test('what was not announced is not sent; what is announced later begins another recording that goes on in time', async () => {
  const stage = new Stage();
  stage.packer.announce({ video: true, audio: false });
  stage.play();
  const before = stage.now;
  stage.packer.announce({ video: true, audio: true });
  stage.play();
  await stage.packer.end();
  assert.equal(stage.inits.length, 2);
  assert.deepEqual(
    stage.inits.map(document => decodeInit(document).bytes[4]),
    [1, 5],
  );
  const later = stage.chunks.filter(chunk => startsEpoch(chunk.header))[1]!.header;
  assert.equal(later.capturedAt, before + 33 - 15 + AHEAD);
  assert.ok(Math.abs(later.timestamp / 90 - later.capturedAt) <= 40);
});

test('a kind that never comes keeps the other for a second only', async () => {
  const stage = new Stage();
  stage.packer.announce({ video: true, audio: true });
  for (let i = 0; i < 60; i++) {
    stage.now += 33;
    const data = nal(i % 30 === 0 ? 5 : 1, noise(500, i));
    const config = { codec: 'avc1' as const, description: AVC_C };
    stage.packer.picture({ config, at: stage.now, key: i % 30 === 0, data });
  }
  await stage.packer.end();
  assert.equal(stage.chunks[0]!.header.capturedAt, NOW + 33 + AHEAD);
  const units = stage.events().filter(event => event.type === 'unit');
  assert.equal(units.length, 60);
});

test('a relay that wants higher numbers gets them from the next key frame on', async () => {
  const stage = new Stage();
  stage.packer.announce({ video: true, audio: false });
  stage.play();
  stage.packer.raise(9_000);
  stage.play();
  await stage.packer.end();
  const raised = stage.chunks.find(({ header }) => header.sequence >= 9_000)!;
  assert.equal(raised.header.sequence, 9_000);
  assert.ok(startsGroup(raised.header));
});
