import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import { RateController, type RatePlan } from '../../../../../components/publish/engine/rate-controller.ts';

const FULL = { videoKbps: 1_500, frameRate: 30, width: 1_280, height: 720 };
const STEP = 250;

/** A link that carries so much and queues the rest; what an encoder set to the plan makes goes in. */
class Uplink {
  kbps: number;
  queuedKb = 0;
  sentKbps = 0;
  readonly seen: (RatePlan & { readonly now: number; readonly waitingMs: number })[] = [];
  readonly #controller = new RateController(FULL);
  #now = 0;

  constructor(kbps: number) {
    this.kbps = kbps;
  }

  run(seconds: number, isOverloaded = false): void {
    for (const end = this.#now + seconds * 1_000; this.#now < end; this.#now += STEP) {
      const { videoKbps } = this.#controller.plan;
      const made = ((videoKbps + 64) * STEP) / 1_000;
      const sent = Math.min(this.queuedKb + made, (this.kbps * STEP) / 1_000);
      this.queuedKb += made - sent;
      this.sentKbps = (sent * 1_000) / STEP;
      const waitingMs = (this.queuedKb / this.kbps) * 1_000;
      const signs = { now: this.#now, waitingMs, sentKbps: this.sentKbps, audioKbps: 64, isOverloaded };
      this.seen.push({ ...this.#controller.update(signs), now: this.#now, waitingMs });
    }
  }

  get last() {
    return this.seen.at(-1)!;
  }
}

describe('the uplink', () => {
  test('one that is wide enough is used in full', () => {
    const link = new Uplink(5_000);
    link.run(60);
    assert.deepEqual(new Set(link.seen.map(({ videoKbps }) => videoKbps)), new Set([1_500]));
  });

  for (const [kbps, share] of [
    [1_000, 0.05],
    [600, 0.05],
    [300, 0.05],
    [150, 0.25],
  ] as const) {
    test(`one of ${kbps} kbit/s: less is sent within seconds, little waits, most of it is used`, () => {
      const link = new Uplink(kbps);
      link.run(12);
      const worst = Math.max(...link.seen.map(({ waitingMs }) => waitingMs));
      assert.ok(worst < 6_000, `at worst ${worst} ms`);
      link.seen.length = 0;
      link.run(60);
      const waiting = link.seen.filter(({ waitingMs }) => waitingMs > 500).length / link.seen.length;
      assert.ok(waiting < share, `more than 500 ms wait ${Math.round(waiting * 100)} % of the time`);
      const mean = link.seen.reduce((sum, { videoKbps }) => sum + videoKbps, 0) / link.seen.length;
      assert.ok(mean > (kbps - 64) * 0.5 && mean < kbps, `${mean}`);
    });
  }

  test('bitrate goes down first, then the frame rate, then the size', () => {
    const link = new Uplink(5_000);
    const steps: RatePlan[] = [];
    for (const kbps of [5_000, 1_100, 560, 300, 160]) {
      link.kbps = kbps;
      link.run(20);
      steps.push(link.last);
    }
    const rates = steps.map(({ frameRate }) => frameRate);
    const scales = steps.map(({ scale }) => scale);
    assert.deepEqual(
      rates,
      [...rates].sort((a, b) => b - a),
    );
    assert.deepEqual(
      scales,
      [...scales].sort((a, b) => b - a),
    );
    assert.equal(rates[1], 30);
    const halved = link.seen.findIndex(({ frameRate }) => frameRate < 30);
    const smaller = link.seen.findIndex(({ scale }) => scale < 1);
    const lower = link.seen.findIndex(({ videoKbps }) => videoKbps < 1_500);
    assert.ok(lower < halved && halved < smaller, `${lower} ${halved} ${smaller}`);
  });

  test('it recovers slowly, and all the way', () => {
    const link = new Uplink(300);
    link.run(20);
    const low = link.last.videoKbps;
    link.kbps = 5_000;
    link.run(4);
    assert.ok(link.last.videoKbps < low * 2, 'not at once');
    link.run(60);
    assert.equal(link.last.videoKbps, 1_500);
    assert.equal(link.last.scale, 1);
    assert.equal(link.last.frameRate, 30);
  });

  test('no more than is asked for, no less than makes a picture', () => {
    const link = new Uplink(5);
    link.run(30);
    assert.equal(link.last.videoKbps, 60);
    assert.ok(link.last.frameRate >= 1);
  });
});

describe('the processor', () => {
  test('a short strain changes nothing', () => {
    const link = new Uplink(5_000);
    link.run(1, true);
    link.run(1);
    assert.equal(link.last.frameRate, 30);
  });

  test('a lasting one lowers the frame rate, then the size, and is forgiven later', () => {
    const link = new Uplink(5_000);
    link.run(2, true);
    assert.deepEqual([link.last.frameRate, link.last.scale], [15, 1]);
    assert.equal(link.last.videoKbps, 1_500, 'the uplink has no part in it');
    link.run(2, true);
    assert.deepEqual([link.last.frameRate, link.last.scale], [15, 0.5]);
    link.run(14);
    assert.equal(link.last.scale, 0.5, 'not at once');
    link.run(120);
    assert.deepEqual([link.last.frameRate, link.last.scale], [30, 1]);
  });

  test('after each relapse it waits longer', () => {
    const link = new Uplink(5_000);
    const returns: number[] = [];
    for (let round = 0; round < 3; round++) {
      link.run(2, true);
      const from = link.last.now;
      while (link.last.frameRate < 30) link.run(1);
      returns.push(link.last.now - from);
    }
    assert.ok(returns[0]! < returns[1]! && returns[1]! < returns[2]!, returns.join(' '));
  });
});
