// The recorder and its disk: full, slow, forbidden or well, the broadcast goes on, memory is bounded, and what was recorded can be played.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { decodeIndex } from '../../../../core/recording/group-index.ts';
import { parseConfig } from '../../../../relay/config/config.ts';
import { until } from '../../../support/until.ts';
import { RecordingStage, systemError } from './recording-stage.ts';

/** Waits until all recordings are over, and returns them, the oldest first. */
async function finished(stage: RecordingStage, count: number) {
  const list = () => stage.recordings.list().toReversed();
  await until(
    () => list().length === count && list().every(({ endedAt }) => endedAt !== undefined),
    () => `${count} recordings are over: ${JSON.stringify(list().map(({ id, endedAt }) => [id, endedAt]))}`,
    5_000,
  );
  return list();
}

test('a disk that fills up stops recording, not the broadcast; with room again the same recording goes on, whole', async () => {
  const stage = await RecordingStage.open({ keepFreeMegabytes: 100 });
  stage.group();
  await stage.holds(4);
  let left = 2_500;
  stage.disk.before = async bytes => {
    if ((left -= bytes.length) < 0) throw systemError('ENOSPC');
  };
  stage.group();
  await until(() => stage.state.stopped !== null, 'recording stops', 5_000);
  assert.equal(stage.state.stopped, 'the disk is full');
  assert.equal(stage.recordings.stopped, 'the disk is full');
  assert.ok(stage.says(/recording has stopped/));
  assert.ok(stage.state.id, 'it is not over yet');
  stage.group();
  stage.disk.free = 50e6;
  await stage.pass(20);
  stage.group();
  assert.notEqual(stage.state.stopped, null, 'it is tried only when there is room');
  stage.disk.free = 1e9;
  stage.disk.before = async () => {};
  await stage.pass(12);
  await until(() => stage.state.stopped === null, 'recording goes on', 5_000);
  stage.group();
  await stage.holds(8);
  stage.channel.close(stage.channel.publisher!, 'ended');
  const [recording] = await finished(stage, 1);
  const bytes = new Uint8Array(readFileSync(join(recording!.directory, 'index')));
  const { index, isWhole } = decodeIndex(bytes);
  const scanner = await stage.holds(8);
  assert.ok(isWhole);
  assert.equal(scanner.fault, undefined);
  assert.deepEqual(
    index.columns().offset,
    scanner.groups.map(({ offset }) => offset),
  );
  assert.equal(scanner.groups.at(-1)?.sequence, 1_016, 'the last group is there');
  assert.ok(scanner.chunks < 12, `${scanner.chunks} chunks: what didn't fit is missing`);
});

test('with less room than is to be left free nothing is recorded, and it is told; with more it begins', async () => {
  const stage = await RecordingStage.open({ keepFreeMegabytes: 500 });
  stage.disk.free = 400e6;
  await stage.pass(6);
  stage.group();
  assert.deepEqual(stage.state, { id: null, stopped: 'less than 500 MB of the disk are free' });
  assert.deepEqual(stage.recordings.list(), []);
  stage.disk.free = 600e6;
  await stage.pass(12);
  stage.group();
  assert.equal(stage.state.stopped, null);
  const { groups } = await stage.holds(4);
  assert.equal(groups[0]?.sequence, 1_004);
});

test('a slow disk loses recording, not memory; when it has caught up, recording goes on', async () => {
  const stage = await RecordingStage.open();
  let release = () => {};
  stage.disk.before = () =>
    new Promise(resolve => {
      release = resolve;
    });
  for (let i = 0; i < 60; i++) stage.group(20, 15_000); // 18 MB
  assert.match(stage.state.stopped ?? '', /^the disk is too slow: 8 MB wait/);
  await stage.pass(30);
  assert.match(stage.state.stopped ?? '', /too slow/, 'it has not caught up');
  stage.disk.before = async () => {};
  release();
  await stage.holds(500);
  await until(
    async () => {
      await stage.pass(1); // the rest may still be on the way to the disk
      return stage.state.stopped === null;
    },
    'recording goes on',
    5_000,
  );
  stage.group(5, 100);
  await until(async () => (await stage.holds(500)).groups.at(-1)?.sequence === 2_200, 'the new group is there', 5_000);
  const scanner = await stage.holds(500);
  assert.equal(scanner.fault, undefined);
  assert.ok(scanner.chunks < 560, `${scanner.chunks} of 1,205 chunks`);
});

test('where nothing may be written, that is told; once it may, recording begins', async () => {
  const stage = await RecordingStage.open();
  stage.disk.beforeCreate = async () => {
    throw systemError('EACCES');
  };
  stage.group();
  await until(() => stage.state.stopped !== null, 'recording stops', 5_000);
  assert.deepEqual(stage.state, { id: null, stopped: 'the disk refuses: EACCES: no' });
  assert.equal(stage.recordings.stopped, 'the disk refuses: EACCES: no');
  await stage.pass(15);
  stage.disk.beforeCreate = async () => {};
  await stage.pass(15);
  stage.group();
  const scanner = await stage.holds(4);
  assert.equal(scanner.head?.channel, 'studio');
});

test('a pause ends a recording when it is long, not when it is short; so do an end, another key and another timeline', async () => {
  const stage = await RecordingStage.open();
  const begins = async () => {
    await stage.pass(2);
    stage.group();
    await stage.holds(1);
  };
  await begins();
  stage.channel.close(stage.channel.publisher!, 'waiting');
  await stage.pass(55);
  stage.publish(1);
  await begins();
  assert.equal(stage.recordings.list().length, 1);
  await stage.pass(61);
  await finished(stage, 1);
  await begins();
  stage.group(4, 1_000, 900_000);
  await stage.pass(2);
  stage.group();
  await stage.holds(4);
  stage.channel.close(stage.channel.publisher!, 'ended');
  await finished(stage, 3);
  stage.publish(1);
  await begins();
  stage.publish(2);
  const all = await finished(stage, 4);
  assert.deepEqual(
    all.map(({ from, to }) => (to - from) / 90_000),
    [8, 4, 4, 4],
  );
  assert.equal(new Set(all.map(({ id }) => id)).size, 4);
});

test('a publisher whose time jumps all the while begins no more than one recording a second', async () => {
  const stage = await RecordingStage.open();
  for (let i = 0; i < 50; i++) stage.group(1, 100, 900_000);
  await stage.holds(1);
  assert.equal(stage.recordings.list().length, 1);
});

test('the oldest recordings go when they are too old or too many; the one that runs stays', async () => {
  const stage = await RecordingStage.open({ maxAgeHours: 1, maxGigabytes: 0.00005 });
  for (let i = 0; i < 3; i++) {
    await stage.pass(2);
    stage.group(20, 1_000);
    await stage.holds(20);
    stage.channel.close(stage.channel.publisher!, 'ended');
    await until(() => stage.recordings.list()[0]?.endedAt !== undefined, 'it is over', 5_000);
    stage.publish(1);
  }
  const of22kB = await finished(stage, 2);
  assert.equal(of22kB.length, 2, 'of three recordings of 22 kB two fit in 50 kB');
  assert.ok(existsSync(of22kB[0]!.directory));
  await stage.pass(2);
  stage.group(40, 1_000);
  await stage.holds(40);
  await stage.pass(59);
  stage.group();
  await until(() => stage.recordings.list().length === 1, 'the one that runs counts, and stays', 5_000);
  assert.equal(stage.recordings.list()[0]?.endedAt, undefined);
  assert.ok(!existsSync(of22kB[0]!.directory) && !existsSync(of22kB[1]!.directory));
  assert.equal(await stage.recordings.remove(stage.state.id!), 'running');
  stage.channel.close(stage.channel.publisher!, 'ended');
  await finished(stage, 1);
  await stage.pass(3_660);
  await until(() => stage.recordings.list().length === 0, 'it is too old', 5_000);
  assert.ok(!existsSync(join(stage.directory, 'studio')), "nothing is left of the channel's directory");
  assert.equal(await stage.recordings.remove('studio/20261121T191500Z'), 'unknown');
});

test('a recording that somebody has deleted can be asked for, and is not there', async () => {
  const stage = await RecordingStage.open();
  stage.group();
  await stage.holds(4);
  stage.channel.close(stage.channel.publisher!, 'ended');
  const [recording] = await finished(stage, 1);
  assert.equal(await stage.recordings.remove(recording!.id), 'removed');
  assert.equal(stage.recordings.find(recording!.id), undefined);
  assert.ok(!existsSync(recording!.directory));
});

test('a relay that leaves writes what waits, but does not wait for a disk that never answers', async () => {
  const stage = await RecordingStage.open();
  stage.group();
  await stage.recordings.close();
  assert.equal((await stage.holds(4)).end?.groups ?? 1, 1);
  assert.notEqual(stage.recordings.list()[0]?.endedAt, undefined);

  const stuck = await RecordingStage.open();
  let release = () => {};
  stuck.disk.before = () =>
    new Promise(resolve => {
      release = resolve;
    });
  stuck.group();
  const startedAt = performance.now();
  await stuck.recordings.close();
  assert.ok(performance.now() - startedAt < 3_000);
  assert.ok(stuck.says(/could not be finished in time/));
  release();
});

test('recordings that are no longer wanted by the configuration end at once', async () => {
  const stage = await RecordingStage.open();
  stage.group();
  await stage.holds(4);
  stage.live.replace({ config: parseConfig({ recordings: { directory: stage.directory, all: false } }) });
  await finished(stage, 1);
  stage.group();
  assert.deepEqual(stage.state, { id: null, stopped: null });
});
