import assert from 'node:assert/strict';
import test from 'node:test';
import { type AccessAnswer, ANYBODY, denied } from '../../../../relay/access/access-answer.ts';
import { type Occasion, Pass } from '../../../../relay/access/pass.ts';

/** Tokens are numbers: good until then; anything else is wrong. */
function stage(over: { answer?: (token: string) => AccessAnswer | undefined } = {}) {
  const asked: string[] = [];
  const rules = { now: 0 };
  const ask = async (token = '', occasion: Occasion): Promise<AccessAnswer> => {
    asked.push(`${token} ${occasion}`);
    const end = Number(token);
    const usual = end > 0 ? ({ ok: true, user: undefined, expiresAt: end } as const) : denied(`wrong: ${token}`);
    return over.answer?.(token) ?? usual;
  };
  return { pass: new Pass(ask, () => rules.now), asked, rules };
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
  assert.deepEqual(asked, ['100 arrival', '130 renewal']);
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

test('when other rules hold what was shown is looked at again, once; what is no longer good ends it, and tells why', async () => {
  const wrong = new Set<string>();
  const { pass, asked, rules } = stage({ answer: token => (wrong.has(token) ? denied('no key of ours') : undefined) });
  await pass.show('100');
  rules.now++;
  for (const now of [10, 11, 12]) {
    assert.equal(pass.check(now), undefined);
    await settle();
  }
  assert.deepEqual(asked, ['100 arrival', '100 recheck']);
  assert.deepEqual(pass.check(100), denied('the token has expired'), 'its end is known as before');
  wrong.add('100');
  rules.now++;
  assert.equal(pass.check(20), undefined, 'it is being asked');
  await settle();
  assert.deepEqual(pass.check(21), denied('no key of ours'));
});

test('where anybody may come nothing is asked until that changes: then the last token shown counts, or the one before', async () => {
  const { pass, asked, rules } = stage();
  pass.keep('100');
  pass.renew('200');
  assert.equal(pass.check(500), undefined);
  assert.deepEqual(asked, []);
  rules.now++;
  assert.equal(pass.check(10), undefined);
  await settle();
  assert.deepEqual(asked, ['200 recheck']);
  assert.equal(pass.check(150), undefined);
  pass.renew('bad');
  rules.now++;
  pass.check(151);
  await settle();
  assert.deepEqual(asked.slice(1), ['bad recheck', '200 recheck']);
  assert.equal(pass.check(152), undefined);
  const bare = stage();
  bare.pass.keep(undefined);
  bare.rules.now++;
  bare.pass.check(10);
  await settle();
  assert.deepEqual(bare.pass.check(11), denied('wrong: '));
});

test('what can not be looked at again now stays, and is asked until it can', async () => {
  let isAway = true;
  const { pass, asked, rules } = stage({
    answer: () => (isAway ? denied('the issuer is out of reach', 'unavailable') : undefined),
  });
  pass.keep('100');
  rules.now++;
  for (let now = 10; now < 15; now++) {
    assert.equal(pass.check(now), undefined);
    await settle();
  }
  assert.equal(asked.length, 5);
  isAway = false;
  pass.check(20);
  await settle();
  assert.deepEqual(pass.check(100), denied('the token has expired'), 'now its end is known');
  assert.equal(asked.length, 6);
  isAway = true;
  rules.now++;
  assert.deepEqual(pass.check(100), denied('the token has expired'), 'that holds all the same');
});
