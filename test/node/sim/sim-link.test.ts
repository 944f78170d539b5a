import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ChunkLog } from '../../sim/chunk-log.ts';
import { Histogram } from '../../sim/histogram.ts';
import { SimLink } from '../../sim/sim-link.ts';

describe('SimLink', () => {
  it('counts what has not left', () => {
    const link = new SimLink(0, 1, 2, 20);
    for (const done of [10, 20, 30]) link.enqueue(done);
    assert.deepEqual(
      [5, 10, 25, 30].map(now => link.waiting(now)),
      [3, 2, 1, 0],
    );
    link.enqueue(50);
    link.enqueue(60);
    assert.equal(link.waiting(40), 2);
    assert.equal(link.waitsOnly(1, 40), 50);
    assert.equal(link.waitsOnly(0, 40), 60);
    assert.equal(link.waitsOnly(2, 40), 40);
  });
});

describe('ChunkLog', () => {
  it('knows what came, how late and over how many hops, until it is judged', () => {
    const log = new ChunkLog(1_000, 16);
    log.add(3, 120.25, 4);
    assert.ok(log.has(3));
    assert.ok(!log.has(4) && !log.has(-1) && !log.has(5_000));
    assert.equal(log.hops(3), 4);
    assert.equal(log.judge(3), 120.25);
    assert.equal(log.judge(3), undefined);
    log.judgedBelow = 10;
    log.add(4, 9_000, 1);
    assert.ok(log.has(4));
    assert.equal(log.judge(4), undefined);
  });
});

describe('Histogram', () => {
  it('gives percentiles, the merged ones too', () => {
    const histogram = new Histogram();
    assert.equal(histogram.percentile(0.5), null);
    for (let i = 1; i <= 100; i++) histogram.add(i);
    const other = new Histogram();
    other.add(Number.POSITIVE_INFINITY, 100);
    assert.deepEqual(
      [0.01, 0.5, 0.99, 1].map(share => histogram.percentile(share)),
      [1, 50, 99, 100],
    );
    histogram.merge(other);
    assert.equal(histogram.percentile(0.5), 100);
    assert.equal(histogram.percentile(0.51), 8_191);
    assert.equal(histogram.count, 200);
  });
});
