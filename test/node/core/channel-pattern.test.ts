import assert from 'node:assert/strict';
import test from 'node:test';
import { closestTo, matchesChannel } from '../../../core/channel-pattern.ts';

test('a pattern stands for a name, for all below one, or for all', () => {
  for (const [pattern, channel, expected] of [
    ['a', 'a', true],
    ['a', 'ab', false],
    ['a', 'a/b', false],
    ['a/*', 'a/b', true],
    ['a/*', 'a/b/c', true],
    ['a/*', 'a', false],
    ['a/*', 'ab/c', false],
    ['*', 'a/b', true],
  ] as const) {
    assert.equal(matchesChannel(pattern, channel), expected, `${pattern} and ${channel}`);
  }
});

test('the name itself counts before patterns, a longer pattern before a shorter, of equals the first', () => {
  const all = ['*', 'a/*', 'a/b/*', 'a/b/c', 'a/b/c'].map((name, at) => ({ name, at }));
  assert.deepEqual(
    ['a/b/c', 'a/b/x', 'a/x', 'x', 'a'].map(name => closestTo(name, all)?.at),
    [3, 2, 1, 0, 0],
  );
  assert.equal(closestTo('x', [{ name: 'y/*' }]), undefined);
});
