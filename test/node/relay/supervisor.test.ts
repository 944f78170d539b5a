// What systemd is told, by the program that it comes with.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import test from 'node:test';
import { tellReady } from '../../../relay/supervisor.ts';
import { until } from '../../support/until.ts';
import { temporaryDirectory } from './fixtures.ts';

test('that it is ready, where systemd asks for it, and nothing elsewhere', async () => {
  const folder = temporaryDirectory();
  const told = join(folder, 'told');
  writeFileSync(join(folder, 'systemd-notify'), `#!/bin/sh\nprintf '%s|' "$@" >> ${told}\n`, { mode: 0o755 });
  process.env.PATH = `${folder}${delimiter}${process.env.PATH}`;
  tellReady('at http://elsewhere.example');
  process.env.NOTIFY_SOCKET = '/run/systemd/notify';
  tellReady('at https://relay.example');
  delete process.env.NOTIFY_SOCKET;
  await until(() => existsSync(told) && readFileSync(told, 'utf8').endsWith('|'), 'it is told');
  assert.equal(readFileSync(told, 'utf8'), '--ready|--status=at https://relay.example|');
});
