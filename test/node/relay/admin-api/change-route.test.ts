// Changes to a channel over the admin API: what isn't said stays, the secrets of a source's address included.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { changedEntry } from '../../../../relay/admin-api/change-route.ts';
import { temporaryDirectory } from '../fixtures.ts';
import { operatedRelay } from './stage.ts';

const SOURCE = 'http://ada:secret@127.0.0.1:9/live.flv?key=hidden';
const TOLD = 'http://127.0.0.1:9/live.flv?…';

test('what is left out stays, and an address as it was told is the one in force', async () => {
  const stateDir = temporaryDirectory();
  const { ask, get } = await operatedRelay({ stateDir });
  const put = {
    source: { url: SOURCE, when: 'on-demand', linger: 30 },
    view: 'token',
    viewKeys: ['a-key-of-viewers-here'],
  };
  assert.equal((await ask('channels/yard', { method: 'PUT', body: put })).status, 200);
  assert.equal((await get('channels/yard')).source.url, TOLD);
  const patch = await ask('channels/yard', {
    method: 'PATCH',
    body: { record: true, source: { url: TOLD, when: 'always' } },
  });
  assert.equal(patch.status, 200);
  const kept = async () => JSON.parse(await readFile(join(stateDir, 'channels.json'), 'utf8')).entries[0];
  const { source, view, viewKeys, record } = await kept();
  assert.deepEqual([source.url, source.when, source.linger], [SOURCE, 'always', 30]);
  assert.deepEqual([view, viewKeys, record], ['token', put.viewKeys, true]);
  assert.equal((await ask('channels/yard', { method: 'PATCH', body: { source: null } })).status, 200);
  assert.equal((await kept()).source, undefined);
  const wrong = await ask('channels/yard', { method: 'PATCH', body: { source: { url: '' } } });
  assert.equal(wrong.status, 400);
});

test('another address takes the place of the one before', () => {
  const before = { name: 'a', source: { url: SOURCE, loop: true }, rewind: 5 };
  assert.deepEqual(changedEntry('a', before, { source: { url: 'http://b/live.flv' } }), {
    ...before,
    source: { url: 'http://b/live.flv', loop: true },
  });
});

test('a channel without an entry gets one, in which all is as it is set for many', async () => {
  assert.deepEqual(changedEntry('a', undefined, { record: true }), { name: 'a', record: true });
  const { ask, get } = await operatedRelay({ channels: [{ name: 'lab/*', view: 'token', rewind: 7 }] });
  const patch = await ask('channels/lab%2Fbench', { method: 'PATCH', body: { source: { url: SOURCE } } });
  assert.equal(patch.status, 200);
  const { settings, entry } = await get('channels/lab%2Fbench');
  assert.deepEqual([settings.view, settings.rewind, entry], ['token', 7, 'added']);
});
