import assert from 'node:assert/strict';
import test from 'node:test';
import { type AccessAnswer, ANYBODY, denied } from '../../../../relay/access/access-answer.ts';
import { Pass } from '../../../../relay/access/pass.ts';

/** Tokens are numbers: good until then; anything else is wrong. */
function stage(over: { answer?: (token: string) => AccessAnswer | undefined } = {}) {
  const asked: string[] = [];
  const pass = new Pass(async (token = '', isThere) => {
    asked.push(`${token} ${isThere}`);
    const end = Number(token);
    const usual = end > 0 ? ({ ok: true, user: undefined, expiresAt: end } as const) : denied(`wrong: ${token}`);
    return over.answer?.(token) ?? usual;
  });
  return { pass, asked };
}

/** What is asked is answered. */
const settle = () => new Promise<void>(resolve => setImmediate(resolve));

test('it is good until its token ends', async () => {
  const { pass } = stage();
  assert.ok((await pass.show('100')).ok);
  assert.equal(pass.check(99), undefined);
  assert.deepEqual(pass.check(100), denied('the token has expired'));
});

test('another token takes its place, of several the last; a wrong one changes nothing before the end', async () => {
  const { pass, asked } = stage();
  await pass.show('100');
  for (const token of ['110', '120', '130']) pass.renew(token);
  assert.equal(pass.check(50), undefined);
  await settle();
  assert.deepEqual(asked, ['100 false', '130 true']);
  pass.renew('bad');
  pass.check(60);
  await settle();
  assert.equal(pass.check(129), undefined);
  assert.deepEqual(pass.check(130), denied('wrong: bad'));
  pass.renew('200');
  assert.equal(pass.check(131), undefined, 'it is being asked');
  await settle();
  assert.equal(pass.check(132), undefined);
});

test('while a token can not be checked the session stays, and it is asked again', async () => {
  let isAway = true;
  const { pass, asked } = stage({
    answer: token => (isAway && token === '300' ? denied('the issuer is out of reach', 'unavailable') : undefined),
  });
  await pass.show('100');
  pass.renew('300');
  for (let now = 50; now < 55; now++) {
    assert.equal(pass.check(now), undefined);
    await settle();
  }
  assert.equal(asked.length, 6);
  isAway = false;
  pass.check(60);
  await settle();
  assert.equal(pass.check(299), undefined);
});

test('whoever needs no token is not bound by one', async () => {
  const { pass, asked } = stage({ answer: () => ANYBODY });
  await pass.show(undefined);
  pass.renew('5');
  assert.equal(pass.check(10), undefined);
  assert.equal(asked.length, 1);
});
