// What lets operators watch a channel that is not for everybody.

import assert from 'node:assert/strict';
import test from 'node:test';
import { verifyAccess } from '../../../../relay/access/access.ts';
import { operatedRelay } from './stage.ts';

const KEY = 'a-publish-key-of-at-least-thirty-two-characters';

test('operators get what lets them watch one channel for an hour, where something is needed', async () => {
  const { ask } = await operatedRelay({ publishKeys: [KEY], channels: [{ name: 'secret/*', view: 'token' }] });
  const tokenFor = async (name: string) => {
    const answer = await ask(`channels/${name}/view-token`, { method: 'POST' });
    assert.equal(answer.status, 200, name);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    return ((await answer.json()) as { token: string | null }).token; // as the page reads it
  };
  assert.equal(await tokenFor('open'), null);
  assert.equal((await ask('channels/two%20words/view-token', { method: 'POST' })).status, 400);
  const token = (await tokenFor('secret%2Flab')) ?? '';
  const now = Date.now();
  const may = async (action: 'view' | 'publish', channel: string, at = now) =>
    (await verifyAccess([KEY], token, { action, channel, now: at })).ok;
  assert.equal(await may('view', 'secret/lab'), true);
  assert.equal(await may('publish', 'secret/lab'), false);
  assert.equal(await may('view', 'secret/other'), false);
  assert.equal(await may('view', 'secret/lab', now + 2 * 3_600_000), false, 'it ends');
});
