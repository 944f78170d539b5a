import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { lifetimeOf, TokenRenewal } from '../../../components/token-renewal.ts';

const base64Url = (text: string) => Buffer.from(text).toString('base64url');
const token = (seconds: number, name = 'a') =>
  `x.${base64Url(JSON.stringify({ iat: 1_000, exp: 1_000 + seconds, sub: name }))}.y`;

test('how long a token is good for stands in it, whatever the page’s clock says; of what is no such token nothing is known', () => {
  assert.equal(lifetimeOf(token(90)), 90_000);
  for (const other of ['', 'a-key', 'a.b.c', `x.${base64Url('null')}.y`, `x.${base64Url('{"exp":5}')}.y`, token(-1)]) {
    assert.equal(lifetimeOf(other), undefined, other);
  }
});

test('another is fetched when four fifths of the time have passed, again and again; a server that fails is asked again; after the end nobody is', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const settle = async () => {
    for (let i = 0; i < 5; i++) await Promise.resolve();
  };
  const given: string[] = [];
  const renewal = new TokenRenewal(one => given.push(one));
  const answers = [token(10, 'b'), undefined, token(10, 'c'), token(10, 'd')];
  let asked = 0;
  const fetch = async () => {
    const answer = answers[asked++];
    if (answer === undefined) throw new Error('the server is away');
    return answer;
  };
  renewal.begin(token(100), fetch);
  mock.timers.tick(79_999);
  assert.equal(asked, 0);
  mock.timers.tick(1);
  await settle();
  assert.deepEqual(given, [token(10, 'b')]);
  mock.timers.tick(8_000);
  await settle();
  assert.deepEqual([asked, given.length], [2, 1]);
  mock.timers.tick(5_000);
  await settle();
  assert.deepEqual(given.slice(1), [token(10, 'c')]);
  mock.timers.tick(8_000);
  renewal.end(); // while it is being fetched
  await settle();
  assert.deepEqual([asked, given.length], [4, 2]);
  mock.timers.tick(1e9);
  await settle();
  assert.equal(asked, 4);
  mock.timers.reset();
});
