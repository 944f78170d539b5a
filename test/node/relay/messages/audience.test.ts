// Audiences on a clock that the test turns: order, bounds, and how many writes a listener costs.

import assert from 'node:assert/strict';
import test from 'node:test';
import type { Bytes } from '../../../../core/bytes.ts';
import { decodeBody, MessageReader } from '../../../../core/wire/framing.ts';
import { message } from '../../../../core/wire/index.ts';
import { parseConfig, type RelayConfigInput } from '../../../../relay/config/config.ts';
import { Audience, type Listener } from '../../../../relay/messages/audience.ts';
import { messageTerms } from '../../../../relay/messages/message-terms.ts';

class Ear implements Listener {
  writes = 0;
  readonly heard: string[] = [];

  hear(messages: Bytes, count: number): void {
    this.writes++;
    const before = this.heard.length;
    const reader = new MessageReader((_type, body) => {
      const { from, own, data } = decodeBody(message, body);
      this.heard.push(`${from}${own ? '*' : ''} ${new TextDecoder().decode(data)}`);
    });
    reader.push(messages);
    reader.end();
    assert.equal(this.heard.length - before, count);
  }
}

function stage(settings: RelayConfigInput['messages'] = {}) {
  let now = 0;
  let tasks: { at: number; task: () => void }[] = [];
  const after = (ms: number, task: () => void) => void tasks.push({ at: now + ms, task });
  const terms = messageTerms(parseConfig({ messages: settings }).messages, { steady: () => now, after });
  return {
    audience: () => new Audience(terms),
    pass(ms: number): void {
      for (const end = now + ms; now < end; ) {
        now++;
        const due = tasks.filter(({ at }) => at <= now);
        tasks = tasks.filter(({ at }) => at > now);
        for (const { task } of due) task();
      }
    },
    get waiting(): number {
      return tasks.length;
    },
  };
}

function ears(audience: Audience, count: number): [Ear, ...Ear[]] {
  const all = Array.from({ length: count }, () => new Ear());
  for (const ear of all) audience.join(ear);
  return all as [Ear, ...Ear[]]; // the tests ask for one at least
}

const say = (audience: Audience, by: Ear, text: string, from = 'a') =>
  audience.say(by, { from, isText: true, data: new TextEncoder().encode(text) });

test('the first goes out at once, what follows within 20 ms in one write; each sees its own as such', () => {
  const { audience: make, pass } = stage();
  const audience = make();
  const [a, b, c] = ears(audience, 3);
  say(audience, a, '1');
  assert.deepEqual(c?.heard, ['a 1']);
  for (const [ear, from] of [
    [a, 'a'],
    [b, 'b'],
  ] as const)
    for (const text of ['2', '3']) if (ear) say(audience, ear, text, from);
  assert.equal(c?.writes, 1);
  pass(20);
  assert.equal(c?.writes, 2);
  assert.deepEqual(a.heard, ['a* 1', 'a* 2', 'a* 3', 'b 2', 'b 3']);
  assert.deepEqual(b?.heard, ['a 1', 'a 2', 'a 3', 'b* 2', 'b* 3']);
  assert.deepEqual(c?.heard, ['a 1', 'a 2', 'a 3', 'b 2', 'b 3']);
});

test('where nobody says anything no timer runs; who has left hears nothing, and is heard for what it said before', () => {
  const here = stage();
  const audience = here.audience();
  const [a, b] = ears(audience, 2);
  say(audience, a, '1');
  say(audience, a, '2');
  audience.leave(a);
  here.pass(100);
  assert.equal(here.waiting, 0);
  assert.deepEqual([a.heard, b?.heard], [['a* 1'], ['a 1', 'a 2']]);
});

test('a channel carries so many messages, and so many bytes, a second', () => {
  const { audience: make, pass } = stage({ channelPerSecond: 10, channelKilobytesPerSecond: 10 });
  const [many, large] = [make(), make()];
  const [a] = ears(many, 1);
  const [b] = ears(large, 1);
  const said = (audience: Audience, by: Ear, text: string) =>
    Array.from({ length: 100 }, () => say(audience, by, text)).filter(Boolean).length;
  assert.equal(said(many, a, 'x'), 30, 'three seconds of it at once');
  assert.equal(said(large, b, 'x'.repeat(10_000)), 3);
  pass(1_000);
  assert.equal(said(many, a, 'x'), 10);
  assert.equal(said(large, b, 'x'.repeat(10_000)), 1);
});

test('all channels together have one bound, which counts listeners; a loud channel does not silence the others', () => {
  // 3 s of 125 kB at once; a delivery is charged 600 bytes at least.
  const { audience: make } = stage({ megabitsPerSecond: 1, channelPerSecond: 10_000 });
  const [loud, quiet, other] = [make(), make(), make()];
  const [a] = ears(loud, 100);
  const [b] = ears(quiet, 5);
  const [c] = ears(other, 100);
  const passed = (audience: Audience, by: Ear) =>
    Array.from({ length: 1_000 }, () => say(audience, by, 'x')).filter(Boolean).length;
  assert.equal(passed(loud, a), 6, '6 × 100 × 600 = 360,000 of 375,000 bytes');
  assert.equal(passed(other, c), 0);
  assert.equal(passed(quiet, b), 5 + 2, 'what is left of all, and 7,500 bytes of its own');
});
