// A configuration that changes under a running relay: what holds at once, what waits, and what is wrong.

import assert from 'node:assert/strict';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import test from 'node:test';
import { pino } from 'pino';
import { adoptable } from '../../../../relay/config/adopt.ts';
import { parseConfig, type RelayConfig } from '../../../../relay/config/config.ts';
import { hotReload } from '../../../../relay/config/hot-reload.ts';
import { LiveConfig } from '../../../../relay/config/live-config.ts';
import { until } from '../../../support/until.ts';
import { temporaryDirectory } from '../fixtures.ts';

const folder = temporaryDirectory();

/** A log that is kept as text. */
function keptLog() {
  const kept = { text: '' };
  const stream = new Writable({
    write(line, _, done) {
      kept.text += line;
      done();
    },
  });
  return { kept, log: pino({ base: null }, stream) };
}

test('what is laid down at the start waits for a restart; all else holds', () => {
  const before = parseConfig({ port: 1, rewind: 5, publishKeys: ['a key of mine'] });
  const after = parseConfig({ port: 2, rewind: 6, rooms: { open: true }, recordings: { directory: '/b', all: true } });
  const { config, waiting } = adoptable(before, after);
  assert.deepEqual(waiting.sort(), ['port', 'publishKeys', 'recordings.directory', 'rooms']);
  assert.deepEqual([config.port, config.rewind, config.rooms.open], [1, 6, false]);
  assert.deepEqual([config.recordings.all, config.recordings.directory], [true, undefined]);
  assert.deepEqual(config.publishKeys, ['a key of mine'], 'no key would be worse than the old one');
  assert.deepEqual(adoptable(before, before), { config: before, waiting: [] });
});

test('a changed file counts, also when another takes its place; a wrong one is told and changes nothing', async () => {
  const file = join(folder, 'relay.yaml');
  writeFileSync(file, 'rewind: 1\n');
  const { kept, log } = keptLog();
  const live = new LiveConfig(parseConfig({ rewind: 1 }));
  const adopted: RelayConfig[] = [];
  const adopt = (config: RelayConfig) => {
    adopted.push(config);
    return live.adopt(config);
  };
  const sources = { file, environment: {}, flags: { host: '127.0.0.1' } };
  const reload = await hotReload({ sources, adopt, log });

  writeFileSync(file, 'rewind: 2\n');
  await until(() => live.current.rewind === 2, 'the change counts');
  assert.equal(adopted.at(-1)?.host, '127.0.0.1', 'flags count as before');

  writeFileSync(file, 'rewind: 3\nprot: 9\n');
  await until(() => kept.text.includes('the one in force stays'), 'the mistake is told');
  assert.match(kept.text, /line 2, prot: no such setting: did you mean port\?/);
  assert.equal(live.current.rewind, 2);

  writeFileSync(`${file}.new`, 'rewind: 4\nport: 9\n');
  renameSync(`${file}.new`, file);
  await until(() => live.current.rewind === 4, 'a file that took its place counts');
  await until(() => /a restart is needed for .*port/.test(kept.text), 'what waits is named');
  assert.equal(live.current.port, 4080);

  const before = adopted.length;
  await reload('SIGHUP');
  assert.equal(adopted.length, before + 1, 'read again although nothing has changed');
});
