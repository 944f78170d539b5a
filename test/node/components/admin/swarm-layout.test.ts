// Where the members of a swarm stand in its drawing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { layOutSwarm } from '../../../../components/admin/swarm-layout.ts';
import type { AdminSwarmMember } from '../../../../core/admin/answers.ts';
import { fakeSwarm } from '../../../support/fake-admin-figures.ts';

const member = (id: string, ...parents: (string | null)[]): AdminSwarmMember => ({
  ...{ id, role: 'viewer', nat: 'open', place: null, uplinkKbps: 1, latencyMs: null, offload: null, since: 0, parents },
});

test('hops are counted where somebody is nearest, and carriers have the colour of their stripe', () => {
  const members = [member('a', 'relay', 'b'), member('b', 'a', 'relay'), member('c', 'b', 'b'), member('d', 'a', 'b')];
  const { stars, feeds, rings } = layOutSwarm(members, 2);
  const seen = [...stars.values()].map(({ member, hops, stripe, children }) => [member.id, hops, stripe, children]);
  assert.deepEqual(seen.sort(), [
    ['a', 1, 0, 2],
    ['b', 1, 1, 4],
    ['c', 2, null, 0],
    ['d', 2, null, 0],
  ]);
  assert.equal(feeds.length, 8);
  assert.equal(rings.length, 2);
});

test('whom nothing reaches stands outside, also when members feed each other in a circle', () => {
  const { stars, rings } = layOutSwarm(
    [member('a', 'relay'), member('b', 'c'), member('c', 'b'), member('d', null)],
    1,
  );
  assert.deepEqual(
    ['a', 'b', 'c', 'd'].map(id => stars.get(id)?.hops),
    [1, null, null, null],
  );
  assert.equal(rings.length, 2);
});

test('a parent that is not told of is no line to nowhere', () => {
  const { feeds } = layOutSwarm([member('a', 'somebody who left', 'relay')], 2);
  assert.deepEqual(feeds, [{ from: 'relay', to: 'a', stripe: 1 }]);
});

test('all are drawn within the circle, apart, and the same each time', () => {
  for (const size of [1, 2, 8, 17, 60]) {
    const { members } = fakeSwarm(size);
    const { stars } = layOutSwarm(members, 4);
    assert.equal(stars.size, size);
    const places = [...stars.values()];
    for (const { x, y } of places) assert.ok(Math.hypot(x, y) <= 1.001, `${x},${y}`);
    for (const [index, a] of places.entries())
      for (const b of places.slice(index + 1)) assert.ok(Math.hypot(a.x - b.x, a.y - b.y) > 0.02, `${size}: apart`);
    assert.deepEqual(layOutSwarm(members, 4), layOutSwarm([...members], 4));
  }
});

test('whatever the plan says, everybody has a place', () => {
  const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'relay', null);
  fc.assert(
    fc.property(fc.array(fc.array(id, { maxLength: 4 }), { minLength: 1, maxLength: 5 }), plans => {
      const members = plans.map((parents, index) => member('abcde'[index]!, ...parents)); // at most five
      const { stars } = layOutSwarm(members, 4);
      assert.equal(stars.size, members.length);
      for (const { x, y } of stars.values()) assert.ok(Number.isFinite(x) && Number.isFinite(y));
    }),
  );
});
