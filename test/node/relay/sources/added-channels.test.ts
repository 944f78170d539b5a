import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { ConfigError, parseConfig } from '../../../../relay/config/config.ts';
import { LiveConfig } from '../../../../relay/config/live-config.ts';
import { AddedChannels } from '../../../../relay/sources/added-channels.ts';
import { temporaryDirectory } from '../fixtures.ts';

const config = parseConfig({ channels: [{ name: 'configured', rewind: 9 }] });
const source = { url: 'http://user:secret@camera.example/a.flv' };

test('what operators add counts at once, and after a restart; only the owner reads it', async () => {
  const folder = join(temporaryDirectory(), 'state');
  const live = new LiveConfig(config);
  const added = await AddedChannels.open(folder, live);
  await Promise.all([
    added.add({ name: 'a', source }),
    added.add({ name: 'configured', rewind: 1 }),
    added.add({ name: 'b', record: true }),
    added.keepStopped('a', true),
  ]);
  assert.equal(live.channel('a').source?.url, source.url);
  assert.equal(live.channel('configured').rewind, 1, 'it counts before the configuration');
  await added.add({ name: 'a', source: { ...source, when: 'on-demand' } });
  await added.remove('b');

  const next = new LiveConfig(config);
  const again = await AddedChannels.open(folder, next);
  assert.deepEqual(
    next.added.map(({ name }) => name),
    ['configured', 'a'],
  );
  assert.equal(next.channel('a').source?.when, 'on-demand');
  assert.deepEqual([again.isStopped('a'), again.isStopped('b')], [true, false]);
  await again.remove('a');
  assert.equal(again.isStopped('a'), false, 'another of this name would be new');
  assert.deepEqual(readdirSync(folder), ['channels.json']);
  assert.equal(statSync(join(folder, 'channels.json')).mode & 0o777, 0o600);
});

test('what is wrong is refused, and changes nothing', async () => {
  const folder = temporaryDirectory();
  const live = new LiveConfig(config);
  const added = await AddedChannels.open(folder, live);
  await assert.rejects(added.add({ name: 'a/*', source }), /the channel: source: a source is for one channel/);
  await assert.rejects(added.add({ name: '../a' }), ConfigError);
  await assert.rejects(added.remove('configured'), /stands in the configuration/);
  await assert.rejects(added.remove('none'), /there is no channel none/);
  assert.deepEqual(live.added, []);
  assert.deepEqual(readdirSync(folder), []);
});

test('what can not be kept does not count', async () => {
  const folder = temporaryDirectory();
  writeFileSync(join(folder, 'state'), 'a file where the folder should be');
  const live = new LiveConfig(config);
  const path = join(folder, 'state', 'below');
  await assert.rejects(async () => (await AddedChannels.open(path, live)).add({ name: 'a' }));
  assert.deepEqual(live.added, []);
});

test('a damaged file is named, and stays as it is', async () => {
  const folder = temporaryDirectory();
  const file = join(folder, 'channels.json');
  for (const [text, expected] of [
    ['{"entries": [', /channels\.json is damaged/],
    [
      '{"entries": [{"name": "a", "rewnd": 1}]}',
      /channels\.json: entries\.0\.rewnd: no such setting: did you mean rewind/,
    ],
  ] as const) {
    writeFileSync(file, text);
    await assert.rejects(AddedChannels.open(folder, new LiveConfig(config)), expected);
    assert.equal(readFileSync(file, 'utf8'), text);
  }
});
