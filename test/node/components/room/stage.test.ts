import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Stage } from '../../../../components/room/stage.ts';

const people = (names: string, speaking = '') => [...names].map(user => ({ user, speaking: speaking.includes(user) }));

describe('Stage', () => {
  it('shows everybody while there is room, in the order in which they came', () => {
    const stage = new Stage(3);
    assert.deepEqual(stage.step(people('ab'), 0), ['a', 'b']);
    assert.deepEqual(stage.step(people('abc'), 1), ['a', 'b', 'c']);
    assert.deepEqual(stage.step(people('bc'), 2), ['b', 'c'], 'who left makes room');
    assert.deepEqual(stage.step(people('bcd'), 3), ['b', 'c', 'd']);
  });

  it('brings in whoever speaks for whoever was silent longest, in that place', () => {
    const stage = new Stage(3);
    stage.step(people('abcde', 'a'), 0);
    stage.step(people('abcde', 'b'), 1);
    assert.deepEqual(stage.step(people('abcde', 'e'), 2), ['a', 'b', 'e']);
    assert.deepEqual(stage.step(people('abcde', 'd'), 3), ['d', 'b', 'e']);
    assert.deepEqual(stage.step(people('abcde'), 4), ['d', 'b', 'e'], 'silence moves nobody');
  });

  it('sends nobody away who speaks', () => {
    const stage = new Stage(2);
    stage.step(people('abc'), 0);
    assert.deepEqual(stage.step(people('abc', 'abc'), 1), ['a', 'b']);
    assert.deepEqual(stage.step(people('abc', 'bc'), 2), ['c', 'b']);
  });
});
