// Who comes and leaves when.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { planStays } from '../../../bench/swarm/churn-plan.ts';

describe('planStays', () => {
  it('lets everybody join within nine seconds and stay', () => {
    const stays = planStays(8, 60, false);
    assert.equal(stays.length, 8);
    assert.deepEqual([stays[0]?.joinsAt, stays.at(-1)?.joinsAt], [0, 9_000]);
    assert.ok(stays.every(stay => stay.leavesAt === undefined));
  });

  it('exchanges 30 % of the viewers a minute', () => {
    const minutes = 5;
    const leaves = planStays(20, minutes * 60, true).filter(stay => stay.leavesAt !== undefined).length;
    assert.ok(Math.abs(leaves - 19) <= 1, `${leaves} leave`); // of 30 that should, all but one of the first 20 do
    assert.equal(planStays(6, 60, true).filter(stay => stay.leavesAt !== undefined).length, 1);
    assert.equal(planStays(6, 120, true).filter(stay => stay.leavesAt !== undefined).length, 3);
  });

  it('never has two viewers at one host, and always somebody who stays', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), fc.integer({ min: 30, max: 600 }), (viewers, seconds) => {
        const stays = planStays(viewers, seconds, true);
        for (const { host } of stays) {
          const here = stays.filter(stay => stay.host === host);
          assert.ok(here.length <= 2);
          const [first, second] = here;
          if (second) assert.ok(first?.leavesAt !== undefined && first.leavesAt < second.joinsAt);
        }
        const leavers = stays.filter(stay => stay.leavesAt !== undefined);
        assert.equal(stays.length, viewers + leavers.length);
        assert.ok(leavers.length < viewers);
        assert.ok(
          stays.every(({ joinsAt, leavesAt }) => joinsAt < seconds * 1_000 && (leavesAt ?? 0) < seconds * 1_000),
        );
      }),
    );
  });
});
