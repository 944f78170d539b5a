import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { marginsFor } from '../../../../components/engine/live-margins.ts';

describe('marginsFor', () => {
  it('leaves every margin as it is from 0.85 s on, and makes all of them smaller below', () => {
    const full = marginsFor(0.85);
    assert.deepEqual(marginsFor(3), full);
    assert.equal(full.recoveredBuffer, 0.5);
    const half = marginsFor(0.425);
    for (const [name, value] of Object.entries(full)) {
      const expected = name === 'jumpBehind' ? value / 4 : value / 2;
      assert.ok(Math.abs(Reflect.get(half, name) - expected) < 1e-9, `${name}: ${Reflect.get(half, name)}`);
    }
  });
});
