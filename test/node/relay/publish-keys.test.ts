import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { defaultStateDir, loadPublishKeys } from '../../../relay/publish-keys.ts';
import { temporaryDirectory } from './fixtures.ts';

const modeOf = (path: string) => statSync(path).mode & 0o777;

test('made at the first start, kept for the next, read by its owner only', async () => {
  const folder = join(temporaryDirectory(), 'deep', 'state');
  const first = await loadPublishKeys(undefined, folder);
  assert.equal(first.made, true);
  const file = join(folder, 'publish-key');
  assert.equal(first.file, file);
  assert.match(first.keys[0] ?? '', /^[A-Za-z0-9_-]{24}$/);
  assert.equal(readFileSync(file, 'utf8'), `${first.keys[0]}\n`);
  assert.equal(modeOf(file), 0o600);
  assert.equal(modeOf(folder), 0o700);
  assert.deepEqual(await loadPublishKeys(undefined, folder), { keys: first.keys, made: false, file });
  assert.deepEqual(await loadPublishKeys([], folder), { keys: first.keys, made: false, file });
});

test('configured keys make none', async () => {
  const folder = temporaryDirectory();
  assert.deepEqual(await loadPublishKeys(['a key that was given'], folder), {
    keys: ['a key that was given'],
    made: false,
  });
  assert.equal(existsSync(join(folder, 'publish-key')), false);
});

test('two relays make two keys', async () => {
  const [a, b] = await Promise.all([
    loadPublishKeys(undefined, temporaryDirectory()),
    loadPublishKeys(undefined, temporaryDirectory()),
  ]);
  assert.notEqual(a.keys[0], b.keys[0]);
});

test('an empty file, readable by all, gets a key and is closed to others', async () => {
  const folder = temporaryDirectory();
  const file = join(folder, 'publish-key');
  writeFileSync(file, '\n', { mode: 0o644 });
  chmodSync(file, 0o644);
  assert.equal((await loadPublishKeys(undefined, folder)).made, true);
  assert.equal(modeOf(file), 0o600);
});

test('what can not be read is no reason to make another key', async () => {
  const folder = temporaryDirectory();
  mkdirSync(join(folder, 'publish-key'));
  await assert.rejects(loadPublishKeys(undefined, folder), /EISDIR/);
});

test('the usual place', () => {
  assert.equal(defaultStateDir({ XDG_STATE_HOME: '/x' }), join('/x', 'p2p-live'));
  assert.match(defaultStateDir({}), /\.local.state.p2p-live$/);
});
