import assert from 'node:assert/strict';
import {
  appendFileSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { startsEpoch, startsGroup } from '../../../../core/chunk.ts';
import { decodeInit } from '../../../../core/init-document.ts';
import { FakeRelay } from '../fake-relay.ts';
import { folder, ingestTo, recording, until } from '../fixtures.ts';

const recordings = {
  flv: readFileSync(recording('three.flv', 3)),
  ts: readFileSync(recording('three.m2ts', 3)),
};

const age = (path: string, seconds: number) => {
  const then = Date.now() / 1_000 - seconds;
  utimesSync(path, then, then);
};

// They mostly wait, so they run side by side.
describe('file source', { concurrency: true }, () => {
  for (const [container, media] of Object.entries(recordings)) {
    const ending = container === 'ts' ? 'm2ts' : 'flv';

    test(`${container}: a growing file is joined at its last keyframe and followed`, async () => {
      const path = join(folder, `growing.${ending}`);
      const cut = Math.floor(media.length * 0.55); // somewhere in a tag or packet
      writeFileSync(path, media.subarray(0, cut));
      const relay = new FakeRelay();
      const { ingest, log } = ingestTo(relay, { source: path });
      await until('watching', () => ingest.stats.opened === 1);
      setTimeout(() => appendFileSync(path, media.subarray(cut, cut + 1_000)), 150);
      await until('the first chunks', () => relay.chunks.length > 0);
      const first = relay.chunks[0]!;
      assert.ok(startsGroup(first.header));
      assert.equal(
        relay.chunks.filter(chunk => startsGroup(chunk.header)).length,
        1,
        'only the newest group of what was there',
      );
      const offset = decodeInit(relay.inits[0]!).timestampOffset;
      const joined = (first.header.timestamp - offset) / 90_000;
      assert.ok(joined > 1 && joined < 3.1, `joined at ${joined} s of 1.65 s (TS begins at 1.4 s)`);
      appendFileSync(path, media.subarray(cut + 1_000));
      await until('the groups that follow', () => relay.chunks.filter(chunk => startsGroup(chunk.header)).length >= 3);
      assert.deepEqual(relay.faults, []);
      assert.ok(log.has(/is being written: following it/));
      await ingest.stop();
    });

    test(`${container}: truncation and replacement start new epochs`, async () => {
      const path = join(folder, `replaced.${ending}`);
      const epochs = () => relay.chunks.filter(chunk => startsEpoch(chunk.header)).length;
      writeFileSync(path, media);
      const relay = new FakeRelay();
      const { ingest, log } = ingestTo(relay, { source: path, mode: 'follow' });
      await until('the first epoch', () => epochs() === 1);
      truncateSync(path, 0);
      await until('truncation', () => log.has(/truncated/));
      const file = openSync(path, 'a');
      for (let at = 0; at < media.length; at += 20_000) writeSync(file, media.subarray(at, at + 20_000));
      await until('the second epoch', () => epochs() === 2);
      writeFileSync(`${path}.new`, media);
      renameSync(`${path}.new`, path);
      await until('the third epoch', () => epochs() === 3);
      assert.ok(log.has(/replaced/));
      assert.deepEqual(relay.faults, []);
      const times = relay.chunks.filter(chunk => startsEpoch(chunk.header)).map(chunk => chunk.header.timestamp);
      assert.deepEqual(
        times,
        [...times].sort((a, b) => a - b),
      );
      await ingest.stop();
    });

    test(`${container}: a finished file is paced as live, and loops in new epochs`, async () => {
      const path = join(folder, `finished.${ending}`);
      writeFileSync(path, readFileSync(recording(`one.${ending}`, 1)));
      age(path, 60);
      const relay = new FakeRelay();
      const startedAt = performance.now();
      const { ingest } = ingestTo(relay, { source: path, loop: true });
      await until('the third round', () => relay.chunks.filter(chunk => startsEpoch(chunk.header)).length === 3);
      const took = performance.now() - startedAt;
      assert.ok(took > 1_700 && took < 9_000, `two rounds of a second took ${took} ms`);
      const captured = relay.chunks.map(chunk => chunk.header.capturedAt);
      assert.deepEqual(
        captured,
        [...captured].sort((a, b) => a - b),
      );
      assert.deepEqual(relay.faults, []);
      await ingest.stop();
    });
  }

  test('a finished file is told by its age, and ends the broadcast', async () => {
    const path = join(folder, 'old.flv');
    const whole = readFileSync(recording('one.flv', 1));
    // Cut in the middle of a tag: all that is complete is played.
    writeFileSync(path, whole.subarray(0, whole.length - 700));
    age(path, 60);
    const relay = new FakeRelay();
    const { ingest, log } = ingestTo(relay, { source: path });
    assert.equal((await ingest.done).code, 'finished');
    assert.ok(log.has(/is finished: playing it as live/));
    assert.equal(relay.unpublished, true);
    assert.ok(relay.payload.length > whole.length * 0.8);
    assert.deepEqual(relay.faults, []);
  });

  test('a very long FLV is joined from its head and its last part', async () => {
    const path = join(folder, 'long.flv');
    const media = recordings.flv;
    const body = media.subarray(13);
    const copies = Math.ceil((70 * 1_048_576) / body.length);
    const file = openSync(path, 'w');
    writeSync(file, media.subarray(0, 13));
    for (let copy = 0; copy < copies; copy++) writeSync(file, body);
    const relay = new FakeRelay();
    const { ingest } = ingestTo(relay, { source: path, mode: 'follow' });
    await until('the newest group', () => relay.chunks.length > 0);
    assert.ok(ingest.stats.bytesIn < 40 * 1_048_576, 'not all of it is read');
    assert.equal(relay.chunks.filter(chunk => startsGroup(chunk.header)).length, 1);
    assert.ok(body.indexOf(relay.payload) > body.length * 0.7, 'the last group of the last copy');
    assert.deepEqual(relay.faults, []);
    await ingest.stop();
    rmSync(path);
  });

  test('a file that grows in large blocks is smoothed out', async () => {
    const path = join(folder, 'blocks.flv');
    const media = readFileSync(recording('blocks.flv.flv', 6, ['-b:v', '1200k']));
    const block = Math.floor(media.length / 4);
    writeFileSync(path, media.subarray(0, block));
    const relay = new FakeRelay();
    const { ingest, log } = ingestTo(relay, { source: path, mode: 'follow' });
    await until('the join', () => relay.chunks.length > 0);
    await new Promise(resolve => setTimeout(resolve, 1_000)); // an encoder that fills its block
    appendFileSync(path, media.subarray(block, 2 * block));
    await until('the first of the block', () => log.has(/grows in large blocks/));
    const before = relay.chunks.length;
    const startedAt = performance.now();
    const start = media.indexOf(relay.chunks[0]!.payload);
    await until('all of the block', () => start + relay.payload.length > 2 * block - 30_000);
    assert.ok(relay.chunks.length > before + 5, `${block} bytes a block`);
    assert.ok(performance.now() - startedAt > 500, 'it comes as its timestamps say');
    assert.deepEqual(relay.faults, []);
    await ingest.stop();
  });

  for (const [what, content, sentence] of [
    ['not media', 'once upon a time '.repeat(100), /neither FLV nor MPEG-TS \(it starts with "once upon a time"\)/],
    ['empty', '', /is empty/],
    ['a playlist', '#EXTM3U\n#EXT-X-TARGETDURATION:2\n', /M3U8 playlist, which needs a URL/],
  ] as const) {
    test(`a file that is ${what}: one clear sentence`, async () => {
      const path = join(folder, `bad-${content.length}.flv`);
      writeFileSync(path, content);
      age(path, 60);
      const { ingest } = ingestTo(new FakeRelay(), { source: path });
      const outcome = await ingest.done;
      assert.equal(outcome.code, 'bad-source');
      assert.match(outcome.reason, sentence);
    });
  }

  test('a missing file: one clear sentence', async () => {
    const { ingest } = ingestTo(new FakeRelay(), { source: join(folder, 'nothing.flv') });
    assert.deepEqual(await ingest.done, {
      code: 'bad-source',
      reason: `${join(folder, 'nothing.flv')} can't be read: there is no such file`,
    });
  });
});
