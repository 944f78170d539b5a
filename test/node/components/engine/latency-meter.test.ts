// LatencyMeter and CaptureTimes: which moment is on the screen, and how long ago it was.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CaptureTimes } from '../../../../components/engine/capture-times.ts';
import { LatencyMeter } from '../../../../components/engine/latency-meter.ts';
import { StallMeter } from '../../../../components/engine/stall-meter.ts';

describe('CaptureTimes', () => {
  it('counts on from the pair before', () => {
    const times = new CaptureTimes();
    assert.equal(times.at(1), undefined);
    times.add(1, 10_000);
    times.add(2, 11_050);
    assert.equal(times.at(1.5), 10_500);
    assert.equal(times.at(2), 11_050);
    assert.equal(times.at(4), 13_050);
    assert.equal(times.at(0.5), 9_500, 'before the first, back from it');
  });

  it('lets what comes later replace what it overlaps', () => {
    const times = new CaptureTimes();
    times.add(1, 10_000);
    times.add(5, 14_000);
    times.add(3, 99_000);
    assert.equal(times.at(5), 101_000);
    assert.equal(times.at(2), 11_000);
  });

  it('remembers only the newest', () => {
    const times = new CaptureTimes();
    for (let i = 0; i < 5_000; i++) times.add(i, i * 1_000 + i);
    assert.equal(times.at(4_500), 4_504_500);
    assert.equal(times.at(10), 10_000 + 4_100, 'counted back from the oldest pair left');
  });
});

describe('LatencyMeter', () => {
  it("is the relay's time less the capture time", () => {
    const meter = new LatencyMeter();
    assert.equal(meter.at(1, 50_000), null);
    meter.capture(1, 100_000);
    assert.equal(meter.at(1, 50_000), null, 'no clock yet');
    meter.clock(50_500, 20);
    assert.equal(meter.at(1, 50_000), 0.5);
    assert.equal(meter.roundTripMs, 20);
    meter.restart();
    assert.equal(meter.at(1, 50_000), null);
  });
});

describe('StallMeter', () => {
  it('counts what lasts for more than 100 ms, once', () => {
    let told = 0;
    const meter = new StallMeter(() => told++);
    meter.begin(0);
    meter.check(100);
    assert.equal(meter.count, 0);
    meter.over(100);
    meter.begin(1_000);
    meter.begin(1_050);
    meter.check(1_101);
    meter.check(1_500);
    meter.over(2_000);
    assert.equal(meter.count, 1);
    assert.equal(told, 1);
    meter.begin(3_000);
    meter.over(3_200);
    assert.equal(meter.count, 2, 'also when nobody looked meanwhile');
    assert.equal(meter.total(9_000), 1_200, 'the short one is none');
    meter.begin(9_000);
    assert.equal(meter.total(9_090), 1_200);
    meter.check(9_300);
    assert.equal(meter.total(9_300), 1_500, 'with the one that lasts');
    meter.reset();
    assert.equal(meter.total(9_300), 0);
  });
});
