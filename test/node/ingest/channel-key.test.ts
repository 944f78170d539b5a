import assert from 'node:assert/strict';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { channelKey, defaultStateDir } from '../../../ingest/channel-key.ts';
import { folder } from './fixtures.ts';

test('one key a channel, kept with mode 0600 from run to run', async () => {
  const state = join(folder, 'state');
  const [one, again, same] = await Promise.all([
    channelKey(state, 'room/a'),
    channelKey(state, 'room/a'),
    channelKey(state, 'room/a'),
  ]);
  assert.equal(one.length, 32);
  assert.deepEqual(one, again);
  assert.deepEqual(one, same);
  assert.notDeepEqual(await channelKey(state, 'room-a'), one);
  assert.equal(statSync(join(state, 'keys', 'room%2Fa.key')).mode & 0o777, 0o600);
});

test('a damaged key is said, not replaced', async () => {
  const state = join(folder, 'state');
  await channelKey(state, 'bad');
  writeFileSync(join(state, 'keys', 'bad.key'), 'oops');
  await assert.rejects(channelKey(state, 'bad'), /bad\.key holds no key/);
});

test('the state folder follows XDG', () => {
  assert.equal(defaultStateDir({ XDG_STATE_HOME: '/var/x' }), '/var/x/p2p-live');
  assert.match(defaultStateDir({ XDG_STATE_HOME: 'relative' }), /\.local\/state\/p2p-live$/);
});
