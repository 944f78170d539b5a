import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import { SignJWT } from 'jose';
import { type AccessRequest, issueToken, verifyAccess } from '../../../../relay/access/access.ts';
import { coversChannel } from '../../../../relay/access/claims.ts';

const KEY = 'a publish key of the access tests';
const NOW = Date.UTC(2026, 0, 1);
const ask = (over: Partial<AccessRequest> = {}): AccessRequest => ({
  action: 'publish',
  channel: 'lecture',
  now: NOW,
  ...over,
});

/** A token with these claims beside right ones, signed with any key. */
function token(claims: Record<string, unknown> = {}, { key = KEY, alg = 'HS256' } = {}): Promise<string> {
  const all = { channels: ['lecture'], actions: ['publish'], exp: NOW / 1_000 + 60, ...claims };
  return new SignJWT(all).setProtectedHeader({ alg }).sign(new TextEncoder().encode(key));
}

async function reason(
  jwt: string,
  over: Partial<AccessRequest> = {},
  keys: readonly string[] = [KEY],
): Promise<string> {
  const answer = await verifyAccess(keys, jwt, ask(over));
  assert.ok(!answer.ok, 'refused');
  for (const secret of [...keys, ...(jwt.length > 9 ? [jwt] : [])])
    assert.ok(!answer.reason.includes(secret), 'no secret is told');
  return answer.reason;
}

test('what a relay issues it takes, for the channel, the action, the time and the user it says', async () => {
  const jwt = await issueToken(
    [KEY],
    { channels: ['room/demo/*'], actions: ['publish', 'enter'], expiresInSeconds: 60, user: 'ada' },
    NOW,
  );
  const answer = await verifyAccess(['another key that is long enough', KEY], jwt, ask({ channel: 'room/demo/ada' }));
  assert.deepEqual(answer, { ok: true, user: 'ada', expiresAt: NOW + 60_000 });
  assert.ok((await verifyAccess([KEY], jwt, ask({ channel: 'room/demo/x', action: 'enter' }))).ok);
  assert.match(await reason(jwt, { channel: 'room/demo/bob' }), /ada's, who can't publish room\/demo\/bob/);
  assert.match(await reason(jwt, { channel: 'room/other/ada' }), /not for room\/other\/ada/);
  assert.match(await reason(jwt, { channel: 'room/demo/ada', now: NOW + 60_000 }), /has expired/);
});

describe('each claim wrong in turn', () => {
  const wrong: [string, Record<string, unknown>, RegExp][] = [
    ['another channel', { channels: ['lecture2', 'lecture/one'] }, /not for lecture/],
    ['no channels', { channels: undefined }, /claim channels is wrong/],
    ['channels that are no list', { channels: 'lecture' }, /claim channels is wrong/],
    ['an empty list of channels', { channels: [] }, /claim channels is wrong/],
    ['a pattern that is none', { channels: ['*lecture'] }, /claim channels.0 is wrong/],
    ['another action', { actions: ['enter'] }, /does not allow to publish/],
    ['no actions', { actions: undefined }, /claim actions is wrong/],
    ['an action that is none', { actions: ['publish', 'rule'] }, /claim actions.1 is wrong/],
    ['no end', { exp: undefined }, /claim exp is wrong/],
    ['an end that is text', { exp: 'tomorrow' }, /claim exp is wrong/],
    ['an end that is over', { exp: NOW / 1_000 }, /has expired/],
    ['a beginning to come', { nbf: NOW / 1_000 + 10 }, /claim nbf is wrong/],
    ['a user that is none', { sub: 'a/b' }, /claim sub is wrong/],
  ];
  for (const [name, claims, expected] of wrong) {
    test(name, async () => assert.match(await reason(await token(claims)), expected));
  }
});

test('what is tampered with, unsigned, signed with another key or another algorithm, or no token, is refused', async () => {
  const good = await token();
  assert.ok((await verifyAccess([KEY], good, ask())).ok);
  const [head, body, signature] = good.split('.') as [string, string, string]; // a JWS has three
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
  const changed = Buffer.from(JSON.stringify({ ...claims, channels: ['lecture', 'secret'] })).toString('base64url');
  const none = Buffer.from('{"alg":"none"}').toString('base64url');
  assert.match(await reason(`${head}.${changed}.${signature}`), /not signed with a publish key of this relay/);
  assert.match(await reason(`${head}.${body}.`), /not signed with a publish key|no token/);
  assert.match(await reason(`${none}.${body}.`), /not signed with HS256|no token/);
  assert.match(await reason(`${none}.${body}.${signature}`), /not signed with HS256/);
  assert.match(await reason(await token({}, { key: 'somebody else has made this key' })), /not signed with a publish/);
  assert.match(await reason(await token({}, { alg: 'HS512' })), /not signed with HS256/);
  for (const text of ['', 'x', 'a.b.c', `${good}.${signature}`]) assert.match(await reason(text), /no token/);
});

test('short keys sign no tokens, as whoever holds one could try them all', async () => {
  const short = 'eight...';
  assert.match(await reason(await token({}, { key: short }), {}, [short]), /not signed with a publish key/);
  const request = { channels: ['a'], actions: ['publish'] as const, expiresInSeconds: 1 };
  await assert.rejects(issueToken([short], request, NOW), /TypeError: tokens need a publish key of at least 16/);
});

test('a wrong request is refused with the place of the mistake', async () => {
  const right = { channels: ['a'], actions: ['publish'] as const, expiresInSeconds: 1 };
  const issue = (over: object) => issueToken([KEY], { ...right, ...over }, NOW);
  await assert.rejects(issue({ channels: ['a b'] }), /TypeError: channels\.0: a channel, or all below a name/);
  await assert.rejects(issue({ channels: [] }), /TypeError: channels/);
  await assert.rejects(issue({ expiresInSeconds: -1 }), /TypeError: expiresInSeconds/);
  await assert.rejects(issue({ user: 'a/b' }), /TypeError: user/);
});

test('patterns: a name is itself only, name/* is all below', () => {
  const yes: [string, string][] = [
    ['lecture', 'lecture'],
    ['room/demo/*', 'room/demo/ada'],
    ['room/demo/*', 'room/demo/a/b'],
    ['a.b~c_-/*', 'a.b~c_-/d'],
  ];
  const no: [string, string][] = [
    ['lecture', 'lectures'],
    ['lecture', 'lecture/1'],
    ['room/demo/*', 'room/demo'],
    ['room/demo/*', 'room/demonstration/ada'],
    ['a.b', 'axb'],
  ];
  for (const [pattern, channel] of yes) assert.ok(coversChannel(['x', pattern], channel), `${pattern} ${channel}`);
  for (const [pattern, channel] of no) assert.ok(!coversChannel(['x', pattern], channel), `${pattern} ${channel}`);
});
