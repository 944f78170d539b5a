// POST /demo/token: what the demo pages may have, and nothing else.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Hono } from 'hono';
import { mountTokenRoute } from '../../../demo/token-route.ts';
import { issueToken, verifyAccess } from '../../../relay/access/access.ts';

const KEYS = ['a-key-for-tests-only'];

async function ask(body: string, keys = KEYS): Promise<{ status: number; token?: string; error?: string }> {
  const app = new Hono();
  mountTokenRoute(app, request => issueToken(keys, request, Date.now()));
  const headers = { 'content-type': 'application/json' };
  const response = await app.request('/demo/token', { method: 'POST', headers, body });
  assert.equal(response.headers.get('cache-control'), 'no-store');
  return { status: response.status, ...((await response.json()) as object) }; // as the route writes it
}

test('a channel below demo/: a token to publish this one, for an hour', async () => {
  const { status, token = '' } = await ask('{"channel":"demo/mine"}');
  assert.equal(status, 200);
  const now = Date.now();
  const can = async (channel: string, at = now) =>
    (await verifyAccess(KEYS, token, { action: 'publish', channel, now: at })).ok;
  assert.deepEqual(
    [await can('demo/mine'), await can('demo/other'), await can('demo/mine', now + 3_700_000)],
    [true, false, false],
  );
  assert.equal((await verifyAccess(KEYS, token, { action: 'enter', channel: 'demo/mine', now })).ok, false);
});

test('a room: a token to enter it, and to publish there under that name only', async () => {
  const { token = '' } = await ask('{"room":"room/tea","user":"ann"}');
  const now = Date.now();
  const can = async (action: 'enter' | 'publish', channel: string) =>
    (await verifyAccess(KEYS, token, { action, channel, now })).ok;
  assert.deepEqual(
    [
      await can('enter', 'room/tea'),
      await can('publish', 'room/tea/ann'),
      await can('publish', 'room/tea/bob'),
      await can('enter', 'room/coffee'),
    ],
    [true, true, false, false],
  );
});

for (const body of [
  '',
  'null',
  '{}',
  '{"channel":"lecture"}',
  '{"channel":"demo/"}',
  '{"channel":"demo/a/b"}',
  '{"channel":"demo/*"}',
  '{"channel":"demo/a","room":"room/a","user":"b"}',
  '{"room":"room/tea"}',
  '{"room":"room/*","user":"a"}',
  '{"room":"room/tea","user":"a/b"}',
]) {
  test(`${body || 'nothing'} is refused, with what would be accepted`, async () => {
    const { status, error, token } = await ask(body);
    assert.equal(status, 400);
    assert.match(error ?? '', /"channel": "demo\//);
    assert.equal(token, undefined);
  });
}

test('a publish key that is too short to sign with: said plainly', async () => {
  const { status, error } = await ask('{"channel":"demo/a"}', ['short']);
  assert.equal(status, 503);
  assert.match(error ?? '', /publish key of at least 16/);
  assert.ok(!error?.includes('short'));
});
