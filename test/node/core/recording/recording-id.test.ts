// Ids of recordings: what is one, and what is not.

import assert from 'node:assert/strict';
import test from 'node:test';
import {
  isRecordingSwarm,
  readRecordingId,
  recordingOfSwarm,
  recordingStamp,
  recordingSwarm,
} from '../../../../core/recording/recording-id.ts';

test('a stamp is a second of UTC', () => {
  const at = Date.UTC(2026, 10, 21, 19, 15, 0, 999);
  assert.equal(recordingStamp(at), '20261121T191500Z');
  assert.equal(recordingStamp(at, 2), '20261121T191500Z-2');
});

test('an id is a channel and a stamp', () => {
  assert.deepEqual(readRecordingId('room/alice/20261121T191500Z-2'), {
    channel: 'room/alice',
    stamp: '20261121T191500Z-2',
  });
  const bad = [
    '',
    'lecture',
    '20261121T191500Z',
    '/20261121T191500Z',
    'lecture/20261121T191500',
    'a/../20261121T191500Z',
  ];
  for (const id of [...bad, 'lecture/20261121T191500Z-0', 'lecture/20261121T191500Z/data', 'a b/20261121T191500Z']) {
    assert.equal(readRecordingId(id), undefined, id);
  }
});

test('viewers of a recording meet under a name that no broadcast has', () => {
  const name = recordingSwarm('lecture/20261121T191500Z');
  assert.equal(name, 'recordings/lecture/20261121T191500Z');
  assert.deepEqual(recordingOfSwarm(name), { channel: 'lecture', stamp: '20261121T191500Z' });
  assert.equal(recordingOfSwarm('recordings/lecture'), undefined);
  assert.equal(recordingOfSwarm('lecture/20261121T191500Z'), undefined);
  assert.ok(isRecordingSwarm('recordings') && isRecordingSwarm('recordings/x'));
  assert.ok(!isRecordingSwarm('recordings2') && !isRecordingSwarm('my/recordings/x'));
});
