// Names stay with their peers and are never shared.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StarNames } from '../../../../components/stats/star-names.ts';

const ids = Array.from({ length: 80 }, (_, index) => `peer-${index}`);

test('everybody has a name of its own, even more of them than there are stars', () => {
  const names = new StarNames().name(ids);
  assert.equal(names.size, ids.length);
  assert.ok(new Set(names.values()).size >= 63, 'as far as there are names');
  const few = new StarNames().name(ids.slice(0, 40));
  assert.equal(new Set(few.values()).size, 40);
});

test('a name stays while its peer does, whoever comes and goes', () => {
  const stars = new StarNames();
  const before = new Map(stars.name(ids.slice(0, 20)));
  const after = stars.name(ids.slice(10, 40).reverse());
  for (const id of ids.slice(10, 20)) assert.equal(after.get(id), before.get(id));
  assert.equal(new Set(after.values()).size, 30);
});

test('the same peer has the same name in two pages', () => {
  assert.deepEqual(new StarNames().name(['c0ffee']), new StarNames().name(['c0ffee']));
});
