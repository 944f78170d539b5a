// Retention: by age, by size, the oldest first.

import assert from 'node:assert/strict';
import test from 'node:test';
import { surplusOf } from '../../../../relay/recording/retention.ts';

const of = (id: string, endedAt: number | undefined, bytes: number) => ({ id, endedAt, bytes });
const ALL = [of('c', 300, 30), of('running', undefined, 100), of('a', 100, 10), of('b', 200, 20)];
const NONE = { maxAgeMs: Number.POSITIVE_INFINITY, maxBytes: Number.POSITIVE_INFINITY };

const cases: [Partial<typeof NONE>, string[]][] = [
  [{}, []],
  [{ maxBytes: 160 }, []],
  [{ maxBytes: 159 }, ['a']],
  [{ maxBytes: 131 }, ['a', 'b']],
  [{ maxBytes: 1 }, ['a', 'b', 'c']],
  [{ maxAgeMs: 300 }, []],
  [{ maxAgeMs: 299 }, ['a']],
  [{ maxAgeMs: 150, maxBytes: 120 }, ['a', 'b', 'c']],
];

for (const [limits, surplus] of cases) {
  test(`${JSON.stringify(limits)} costs ${surplus.join(', ') || 'nothing'}`, () => {
    assert.deepEqual(surplusOf(ALL, { ...NONE, ...limits }, 400), surplus);
  });
}
