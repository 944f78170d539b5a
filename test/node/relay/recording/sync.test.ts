// What a recording loses when the machine goes out, and what a disk that takes its time does to it.

import assert from 'node:assert/strict';
import { cpSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pino } from 'pino';
import { Recordings } from '../../../../relay/recording/recordings.ts';
import { until } from '../../../support/until.ts';
import { temporaryDirectory } from '../fixtures.ts';
import { RecordingStage, systemError } from './recording-stage.ts';

/** A chunk a second, each of them on its way to the disk before the next; `before`: how many are there. */
async function broadcast(stage: RecordingStage, seconds: number, before = 0): Promise<void> {
  for (let i = 1; i <= seconds; i++) {
    stage.group(1);
    await stage.holds(before + i);
    await stage.pass(1);
  }
}

test('a power cut loses the last seconds, not what was recorded before', async () => {
  const stage = await RecordingStage.open();
  await broadcast(stage, 12);
  await broadcast(stage, 5, 12);
  await until(() => stage.disk.safe > 12 * 1_000, 'the disk has what was there at the last round');
  await broadcast(stage, 4, 17);
  assert.ok(stage.disk.syncs >= 4 && stage.disk.syncs <= 5, `${stage.disk.syncs} times in 21 s`);

  const directory = temporaryDirectory();
  cpSync(stage.directory, directory, { recursive: true });
  const [recording] = stage.recordings.list();
  assert.ok(recording);
  truncateSync(join(directory, recording.id, 'data'), stage.disk.safe);
  const log = pino({ level: 'silent' });
  const options = { live: stage.live, stateDir: directory, log, clock: () => stage.now };
  stage.live.current.recordings.directory = directory;
  const after = await Recordings.open(options);
  await after.opened;
  const found = after.find(recording.id);
  assert.ok(found);
  const { size } = await found.groups();
  assert.ok(size >= 21 - 2 * 5 && size < 21, `${size} of 21 groups`);
  await after.close();
});

test('what the disk has already it is not asked for again', async () => {
  const stage = await RecordingStage.open();
  await broadcast(stage, 1);
  await stage.pass(40);
  await until(() => stage.disk.safe > 1_000, 'it has it');
  const { syncs } = stage.disk;
  await stage.pass(10);
  assert.equal(stage.disk.syncs, syncs);
});

test('while the disk does not come back, it is not asked again, and recording and broadcast go on', async () => {
  const stage = await RecordingStage.open();
  let release = () => {};
  stage.disk.beforeSync = () =>
    new Promise(resolve => {
      release = resolve;
    });
  await broadcast(stage, 30);
  assert.equal(stage.disk.syncs, 1);
  assert.equal(stage.state.stopped, null);
  stage.disk.beforeSync = async () => {};
  release();
  await until(() => stage.disk.safe > 0, 'it is back');
  await broadcast(stage, 10, 30);
  await until(() => stage.disk.safe > 30 * 1_000, 'and has all');
});

test('a disk that has lost what it took stops recording, which is told; then it goes on', async () => {
  const stage = await RecordingStage.open();
  stage.disk.beforeSync = async () => {
    throw systemError('EIO');
  };
  await broadcast(stage, 1);
  await stage.pass(5);
  await until(() => stage.state.stopped !== null, 'it is told');
  assert.equal(stage.state.stopped, 'the disk refuses: EIO: no');
  stage.disk.beforeSync = async () => {};
  await stage.pass(12);
  assert.equal(stage.state.stopped, null);
  await broadcast(stage, 3, 1);
  const { fault, groups } = await stage.holds(4);
  assert.equal(fault, undefined);
  assert.equal(groups.length, 4);
});
