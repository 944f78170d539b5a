// LiveController: a simulated player and network; the policy must settle near its target, and leave the viewer alone.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { LiveController, type PlaybackView } from '../../../../components/engine/live-controller.ts';

/** A player that is fed: times in ms, media in seconds. Media time m is captured at m × 1000 ms of simulated time. */
class Simulation {
  readonly controller: LiveController;
  now = 0;
  currentTime: number;
  rate = 1;
  paused = false;
  stalls = 0;
  readonly seeks: number[] = [];
  readonly rates: number[] = [];
  readonly ranges: [number, number][];
  /** What has arrived at a given time: the end of the last range. */
  readonly arrived: (now: number) => number;
  #dry = false;

  constructor(options: { target?: number; at: number; start?: number; arrived: (now: number) => number }) {
    this.controller = new LiveController(options.target ?? 1);
    this.now = options.at;
    this.arrived = options.arrived;
    const start = options.start ?? 0;
    this.ranges = [[start, Math.max(start, options.arrived(options.at))]];
    this.currentTime = start;
  }

  get latency(): number {
    return this.now / 1_000 - this.currentTime;
  }

  view(): PlaybackView {
    const { currentTime, ranges, latency, paused } = this;
    return { currentTime, ranges, latency, paused, seeking: false };
  }

  run(ms: number): this {
    for (const end = this.now + ms; this.now < end; this.now += 20) {
      const last = this.ranges.at(-1)!;
      last[1] = Math.max(last[1], this.arrived(this.now));
      const range = this.ranges.find(([from, to]) => this.currentTime >= from && this.currentTime <= to);
      if (!this.paused) {
        const limit = range?.[1] ?? this.currentTime;
        const moved = Math.min(limit, this.currentTime + 0.02 * this.rate);
        const dry = moved <= this.currentTime;
        if (dry && !this.#dry) {
          this.stalls++;
          this.controller.stalled(this.now);
        }
        // A browser that ran dry starts again when there is a little.
        this.#dry = dry || (this.#dry && limit - moved < 0.1);
        if (!this.#dry) this.currentTime = moved;
      }
      if (this.now % 100 === 0) this.step();
    }
    return this;
  }

  step(): void {
    const wish = this.controller.step(this.view(), this.now);
    if (wish.playbackRate !== undefined) {
      this.rate = wish.playbackRate;
      this.rates.push(this.rate);
    }
    if (wish.seekTo !== undefined) {
      this.seeks.push(wish.seekTo);
      this.currentTime = wish.seekTo;
    }
  }
}

/** Media arrives this long after its capture, in ms, in steps of so much. */
const steady =
  (delayMs: number, stepMs = 40) =>
  (now: number) =>
    (Math.floor((now - delayMs) / stepMs) * stepMs) / 1_000;

describe('LiveController', () => {
  it('settles at its target from behind, then leaves the rate alone', () => {
    const player = new Simulation({ at: 3_000, start: 1.4, arrived: steady(150) });
    player.now = 3_000;
    player.run(20_000);
    assert.ok(Math.abs(player.latency - 1) < 0.35, `latency ${player.latency}`);
    assert.equal(player.stalls, 0);
    const changes = player.rates.length;
    player.run(60_000);
    assert.equal(player.rates.length, changes, 'no further change of rate');
    assert.equal(player.rate, 1);
  });

  it('jumps at the start when the first group is old, instead of playing fast for long', () => {
    const player = new Simulation({ at: 10_000, start: 7.5, arrived: steady(100) });
    player.run(2_000);
    assert.equal(player.seeks.length, 1);
    assert.ok(Math.abs(player.latency - 1) < 0.3, `latency ${player.latency}`);
  });

  it('slows down while the buffer is low', () => {
    const player = new Simulation({ at: 1_000, start: 0.7, arrived: steady(100) });
    player.run(500);
    assert.equal(player.rate, 0.95);
    player.run(20_000);
    assert.equal(player.rate, 1);
    assert.equal(player.stalls, 0);
  });

  it('raises its target with every stall, up to 3 s, and comes down again when all is calm', () => {
    const controller = new LiveController(1);
    for (let i = 1; i <= 20; i++) {
      controller.stalled(i * 1_000);
      assert.equal(controller.target, Math.min(3, 1 + i * 0.25));
    }
    const view = { currentTime: 5, ranges: [[0, 8]] as const, latency: 3, paused: false, seeking: false };
    controller.step(view, 79_000);
    assert.equal(controller.target, 3);
    controller.step(view, 80_100);
    assert.equal(controller.target, 2.75);
    const patient = new LiveController(5);
    patient.stalled(0);
    assert.equal(patient.target, 5, 'a wish above 3 s stays as it is');
  });

  it('jumps to the edge when it has fallen 4 s behind, not before', () => {
    const player = new Simulation({ at: 5_000, start: 4, arrived: steady(100) });
    player.run(10_000);
    player.currentTime -= 2.9;
    player.run(1_000);
    assert.equal(player.seeks.length, 0);
    player.currentTime -= 3;
    // The buffer must have been large for a while: then no burst of the source needs it.
    player.run(7_000);
    assert.equal(player.seeks.length, 1);
    assert.ok(Math.abs(player.latency - 1) < 0.4, `latency ${player.latency}`);
  });

  it('jumps when the viewer asks, or the tab comes back, even when only a little behind', () => {
    const player = new Simulation({ at: 5_000, start: 4, arrived: steady(100) });
    player.run(5_000);
    player.currentTime -= 2;
    player.controller.seekToLive();
    player.run(200);
    assert.equal(player.seeks.length, 1);
    assert.ok(Math.abs(player.latency - 1) < 0.4, `latency ${player.latency}`);
    player.controller.seekToLive();
    player.run(2_000);
    assert.equal(player.seeks.length, 1, 'at the edge already');
  });

  it('leaves a paused video alone; after a pause it goes on where it was, and stays behind until live is wanted', () => {
    const player = new Simulation({ at: 5_000, start: 4, arrived: steady(100) });
    player.run(5_000);
    player.paused = true;
    const { currentTime } = player;
    player.run(10_000);
    assert.equal(player.currentTime, currentTime);
    assert.equal(player.rate, 1);
    player.paused = false;
    player.run(20_000);
    assert.equal(player.seeks.length, 0, 'nothing is jumped over');
    assert.ok(Math.abs(player.latency - 11) < 0.4, `latency ${player.latency}`);
    assert.deepEqual(new Set(player.rates), new Set(player.rates.length > 0 ? [1] : []));
    assert.ok(player.controller.isBehind);
    player.controller.seekToLive();
    player.run(300);
    assert.equal(player.seeks.length, 1);
    assert.ok(Math.abs(player.latency - 1) < 0.4, `latency ${player.latency}`);
    assert.equal(player.controller.isBehind, false);
  });

  it('catches up with a short pause', () => {
    const player = new Simulation({ at: 5_000, start: 4, arrived: steady(100) });
    player.run(5_000);
    player.paused = true;
    player.run(1_500);
    player.paused = false;
    player.run(30_000);
    assert.equal(player.controller.isBehind, false);
    assert.ok(player.latency < 1.5, `latency ${player.latency}`);
  });

  it('goes live when somebody comes to play for the first time, however long it stood', () => {
    const player = new Simulation({ at: 5_000, start: 4, arrived: steady(100) });
    player.paused = true;
    player.run(8_000);
    player.paused = false;
    player.run(500);
    assert.ok(player.latency < 1.5, `latency ${player.latency}`);
    assert.equal(player.controller.isBehind, false);
  });

  it('asks for live where that is not buffered', () => {
    const controller = new LiveController(1);
    const view = { currentTime: 2, ranges: [[0, 30]] as const, latency: 1, paused: false, seeking: false };
    controller.step(view, 0);
    controller.seekToLive();
    const wish = controller.step({ ...view, latency: 92.4 }, 2_000);
    assert.deepEqual([wish.bringLive, wish.seekTo], [true, undefined]);
  });

  it('waits for what was sought, whatever else is buffered meanwhile', () => {
    const controller = new LiveController(1);
    const live = { currentTime: 92, ranges: [[80, 93]] as const, latency: 1, paused: false, seeking: false };
    controller.step(live, 0);
    controller.goBehind();
    const sought = { ...live, currentTime: 20, latency: 73, seeking: true };
    assert.deepEqual(controller.step({ ...sought, isPending: true }, 5_000), {});
    const came = { ...sought, ranges: [[19, 25]] as const, seeking: false };
    assert.equal(controller.step(came, 6_000).seekTo, undefined);
    assert.ok(controller.isBehind);
    controller.step({ ...came, latency: 1.1 }, 7_000);
    assert.equal(controller.isBehind, false, 'whoever is at the edge again is live');
  });

  it('goes to what is buffered at the start, also while paused', () => {
    const controller = new LiveController(1);
    const view = { currentTime: 0, ranges: [[12, 13]] as const, latency: null, paused: true, seeking: false };
    assert.deepEqual(controller.step(view, 0), { seekTo: 12.02 });
    assert.deepEqual(controller.step({ ...view, currentTime: 12.02 }, 100), {});
  });

  it('gives the browser a moment to step over a small gap by itself', () => {
    const controller = new LiveController(1);
    const view = { currentTime: 0, ranges: [[0.08, 1]] as const, latency: null, paused: false, seeking: false };
    assert.deepEqual(controller.step(view, 0), {});
    assert.deepEqual(controller.step(view, 200), {});
    assert.deepEqual(controller.step(view, 300), { seekTo: 0.1 });
  });

  it('steps over a gap when it is reached, not before, and never into a sliver', () => {
    const controller = new LiveController(1);
    const ranges = [
      [0, 5],
      [6, 8],
    ] as const;
    const view = { currentTime: 4, ranges, latency: 1, paused: false, seeking: false };
    assert.equal(controller.step(view, 0).seekTo, undefined);
    assert.equal(controller.step({ ...view, currentTime: 4.95 }, 100).seekTo, 6.02);
    const sliver = {
      ...view,
      currentTime: 5,
      ranges: [
        [0, 5],
        [6, 6.05],
      ] as const,
    };
    assert.equal(controller.step(sliver, 200).seekTo, undefined);
    const beyond = [
      [0, 3],
      [4, 4.04],
      [5, 19],
    ] as const;
    assert.equal(controller.step({ ...view, currentTime: 3.95, ranges: beyond }, 300).seekTo, 5.02);
  });

  it('gives up a seek to where nothing is buffered any more', () => {
    const controller = new LiveController(1);
    const view = {
      currentTime: 5,
      ranges: [[0, 4]] as [number, number][],
      latency: null,
      paused: false,
      seeking: true,
    };
    assert.deepEqual(controller.step(view, 0), {});
    const later = { ...view, ranges: [...view.ranges, [6, 8] as [number, number]] };
    assert.deepEqual(controller.step(later, 200), {}, 'a seek takes a moment');
    assert.equal(controller.step(later, 400).seekTo, 6.02);
  });

  it('takes a decoder that stops before the very end of its range over the gap, not one that plays', () => {
    const controller = new LiveController(1);
    const ranges = [
      [0, 3.2],
      [9, 10],
    ] as const;
    const view = { currentTime: 2.9, ranges, latency: 1, paused: false, seeking: false };
    assert.equal(controller.step(view, 0).seekTo, undefined);
    assert.equal(controller.step({ ...view, currentTime: 3 }, 100).seekTo, undefined);
    assert.equal(controller.step({ ...view, currentTime: 3 }, 350).seekTo, undefined);
    assert.equal(controller.step({ ...view, currentTime: 3 }, 450).seekTo, 9.02);
  });

  it('jumps on to the edge when what lies behind a gap is old', () => {
    const controller = new LiveController(1);
    const ranges = [
      [0, 5],
      [6, 10],
    ] as const;
    const view = { currentTime: 4.95, ranges, latency: 6, paused: false, seeking: false };
    controller.step({ ...view, currentTime: 1, latency: 1, ranges: [[0, 5]] }, 0);
    assert.equal(controller.step(view, 10_000).seekTo, 6.02);
    assert.equal(controller.step({ ...view, currentTime: 6.02, latency: 4.5 }, 10_100).seekTo, 9.5);
  });

  it('comes back when the timeline went back, and waits at the end otherwise', () => {
    const controller = new LiveController(1);
    const view = { currentTime: 5.5, ranges: [[0, 5]] as const, latency: 1, paused: false, seeking: false };
    assert.equal(controller.step(view, 0).seekTo, undefined);
    assert.equal(controller.step({ ...view, currentTime: 50 }, 100).seekTo, 0.02);
  });

  it('does nothing while a seek goes on or nothing is buffered', () => {
    const controller = new LiveController(1);
    const view = { currentTime: 0, ranges: [], latency: 9, paused: false, seeking: false };
    assert.deepEqual(controller.step(view, 0), {});
    assert.deepEqual(controller.step({ ...view, ranges: [[8, 20]], seeking: true }, 0), {});
  });

  it('lives with a source that comes in bursts: neither jumps nor stalls for ever', () => {
    // Segments of 2 s, each arriving at once when it is complete.
    const player = new Simulation({ at: 6_050, start: 4, arrived: steady(50, 2_000) });
    player.run(60_000);
    const { stalls } = player;
    const jumps = player.seeks.length;
    player.run(60_000);
    assert.ok(player.stalls - stalls <= 1, `${player.stalls - stalls} stalls in a minute`);
    assert.ok(player.seeks.length - jumps <= 1, `${player.seeks.length - jumps} jumps in a minute`);
  });

  it('settles whatever the delay, the step and the start, without oscillation', () => {
    const plan = fc.record({
      delay: fc.integer({ min: 20, max: 500 }),
      step: fc.constantFrom(40, 100, 200),
      behind: fc.integer({ min: 200, max: 12_000 }),
      target: fc.constantFrom(0.8, 1, 1.5, 2.5),
    });
    fc.assert(
      fc.property(plan, ({ delay, step, behind, target }) => {
        const at = 20_000;
        const start = (at - behind - delay - step) / 1_000;
        const player = new Simulation({ target, at, start, arrived: steady(delay, step) });
        player.run(40_000);
        const aimed = player.controller.target;
        const least = (delay + step) / 1_000 + 0.3;
        assert.ok(player.latency < Math.max(aimed, least) + 0.4, `latency ${player.latency}, aimed ${aimed}`);
        const changes = player.rates.length;
        const { stalls } = player;
        player.run(30_000);
        assert.equal(player.stalls, stalls, 'no stall once settled');
        assert.ok(player.rates.length - changes <= 4, `${player.rates.length - changes} changes of rate in 30 s`);
      }),
      { numRuns: 60 },
    );
  });

  it('holds 400 ms where media arrive that soon, from whatever start, without a stall', () => {
    const plan = fc.record({
      delay: fc.integer({ min: 40, max: 120 }),
      behind: fc.integer({ min: 100, max: 6_000 }),
      late: fc.integer({ min: 0, max: 40 }),
    });
    fc.assert(
      fc.property(plan, ({ delay, behind, late }) => {
        const at = 20_000;
        // Every seventh chunk comes late.
        const arrived = (now: number) => steady(delay + (Math.floor(now / 40) % 7 === 0 ? late : 0))(now);
        const start = (at - behind - delay - 40) / 1_000;
        const player = new Simulation({ target: 0.4, at, start, arrived });
        player.run(12_000);
        assert.ok(Math.abs(player.latency - 0.4) < 0.08, `latency ${player.latency}`);
        const { stalls } = player;
        const changes = player.rates.length;
        player.run(30_000);
        assert.equal(player.stalls, stalls, 'no stall once settled');
        assert.ok(player.rates.length - changes <= 4, `${player.rates.length - changes} changes of rate in 30 s`);
      }),
      { numRuns: 60 },
    );
  });

  it('jumps to 400 ms from a second behind, once that much has been there for a while', () => {
    const player = new Simulation({ target: 0.4, at: 20_000, start: 19.6, arrived: steady(80) });
    player.run(10_000);
    player.currentTime -= 1;
    player.run(4_000);
    assert.equal(player.seeks.length, 1);
    assert.ok(Math.abs(player.latency - 0.4) < 0.15, `latency ${player.latency}`);
    assert.equal(player.stalls, 0);
  });

  it('comes back to 400 ms within seconds of a stall', () => {
    let gone = 0;
    const arrived = (now: number) => (now >= 30_000 && now < 30_700 ? (gone ||= steady(80)(30_000)) : steady(80)(now));
    const player = new Simulation({ target: 0.4, at: 20_000, start: 19.6, arrived });
    player.run(11_000);
    assert.equal(player.stalls, 1);
    assert.ok(player.controller.target > 0.45 && player.controller.target < 0.6, `target ${player.controller.target}`);
    player.run(10_000);
    assert.ok(player.latency < 0.75, `latency ${player.latency} after ten seconds`);
    player.run(40_000);
    assert.ok(Math.abs(player.latency - 0.4) < 0.08, `latency ${player.latency} when all is calm`);
    assert.equal(player.stalls, 1);
  });

  it('nudges a video that stands still on a full buffer, and then goes to live', () => {
    const still = { currentTime: 0.5, ranges: [[0, 9]] as const, latency: null, paused: false, seeking: false };
    const seeks = (controller: LiveController, view: PlaybackView, from: number) =>
      Array.from({ length: 40 }, (_, i) => controller.step(view, from + i * 100).seekTo);
    const playing = new LiveController(9);
    playing.step(still, 5_000);
    const wishes = seeks(playing, still, 5_100);
    assert.equal(wishes.indexOf(0.6), 29, `${wishes}`);
    playing.retarget(1);
    assert.equal(playing.step(still, 9_100).seekTo, 8, 'the edge is wanted');
    const paused = new LiveController(9);
    seeks(paused, { ...still, paused: true }, 1_000);
    assert.deepEqual(seeks(paused, still, 5_000).slice(0, 25).filter(Boolean), [], 'a pause is no standing still');
  });
});
