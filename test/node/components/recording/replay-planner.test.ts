// ReplayPlanner: what is needed soon comes from the relay, the rest from whoever holds it, and those at the same place share the reading.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GroupStore } from '../../../../components/recording/group-store.ts';
import type { RecordingMap } from '../../../../components/recording/recording-map.ts';
import { AHEAD, type ReplayPeer, ReplayPlanner } from '../../../../components/recording/replay-planner.ts';
import type { PeerId } from '../../../../core/peer-id.ts';
import { chunkAt, INIT, mapOf, PER_GROUP, START } from './recorded.ts';

const SECOND = 90_000;

/** A viewer of a recording, and what its planner wants. */
class Stage {
  now = 0;
  readonly map: RecordingMap;
  readonly store: GroupStore;
  readonly planner: ReplayPlanner;
  peers: ReplayPeer[] = [];
  isMeeting = false;
  readonly self: PeerId;
  readonly reads: { readonly from: number; readonly to: number; readonly first: number; readonly last: number }[] = [];
  readonly asked: { readonly of: PeerId; readonly sequences: readonly number[] }[] = [];

  constructor(groups: number, self: PeerId = 1) {
    this.self = self;
    this.map = mapOf(groups);
    this.store = new GroupStore(this.map, 1e9);
    const stage = this;
    this.planner = new ReplayPlanner({
      map: this.map,
      store: this.store,
      self,
      get peers() {
        return stage.peers;
      },
      get isMeeting() {
        return stage.isMeeting;
      },
      canDecode: () => true,
      fetch: (of, sequences) => this.asked.push({ of, sequences }),
      read: (span, first, last) => this.reads.push({ ...span, first, last }),
    });
  }

  step(place: number, playhead = place): this {
    this.planner.step(place, START + playhead * SECOND, this.now);
    return this;
  }

  /** All reads bring what they should. */
  answer(): this {
    for (const { first, last, to } of this.reads.splice(0)) {
      for (let place = first; place <= last; place++) this.hold(place);
      this.store.read(last, to);
      this.planner.readEnded(first);
    }
    return this;
  }

  hold(place: number): void {
    const first = 1_000 + place * PER_GROUP;
    for (let i = 0; i < PER_GROUP; i++) this.store.insert(chunkAt(first + i), INIT, 0);
  }

  get held(): number[] {
    return [...this.store.whole].sort((a, b) => a - b);
  }
}

/** A peer at a place that holds these groups. */
function peer(id: PeerId, place: number, holds: (place: number) => boolean): ReplayPeer {
  const has = (sequence: number) => holds(Math.floor((sequence - 1_000) / PER_GROUP));
  return {
    ...{ id, place },
    holds: (from, to) => Array.from({ length: Math.min(to, 1e6) - from }, (_, i) => from + i).filter(has),
  };
}

test('alone it reads ahead, one read at a time, and no farther than it should', () => {
  const stage = new Stage(100);
  for (let round = 0; round < 20; round++) {
    stage.step(0);
    assert.ok(stage.reads.length <= 1, `${stage.reads.length} reads at once`);
    stage.answer();
  }
  assert.deepEqual(
    stage.held,
    Array.from({ length: AHEAD + 1 }, (_, place) => place),
  );
});

test('what peers hold is asked of them, except what is needed at once', () => {
  const stage = new Stage(100);
  stage.peers = [peer(7, 3, () => true), peer(8, 3, () => true)];
  stage.step(0);
  assert.deepEqual(
    stage.reads.map(({ first, last }) => [first, last]),
    [[0, 3]],
    'the first seconds are read',
  );
  const asked = stage.asked.flatMap(({ sequences }) => sequences);
  assert.equal(Math.min(...asked), 1_000 + 4 * PER_GROUP);
  assert.equal(new Set(asked).size, asked.length, 'nothing is asked twice');
  const [one, two] = [7, 8].map(id => stage.asked.filter(({ of }) => of === id).flatMap(({ sequences }) => sequences));
  assert.ok(one!.length > 80 && two!.length > 80, `${one!.length} and ${two!.length}: both carry their part`);
  // What they are asked for is not asked for again.
  const before = stage.asked.length;
  stage.step(0);
  assert.equal(stage.asked.length, before);
});

test('a peer that is silent, or lacks what it promised, is left for a while', () => {
  const stage = new Stage(100);
  for (let place = 0; place < 5; place++) stage.hold(place);
  stage.peers = [peer(7, 5, () => true)];
  stage.step(0);
  assert.ok(stage.asked.length > 0);
  assert.equal(stage.reads.length, 0);
  stage.now = 2_000;
  stage.asked.length = 0;
  stage.step(0);
  assert.equal(stage.asked.length, 0);
  assert.equal(stage.reads[0]?.first, 5, 'the relay is read instead');
  stage.answer();
  stage.now = 12_500;
  stage.step(0);
  const sequences = stage.asked.flatMap(one => one.sequences);
  assert.ok(sequences.length > 0, 'then it may try again');
  stage.planner.lacking(7, sequences, stage.now);
  stage.asked.length = 0;
  stage.step(0);
  assert.equal(stage.asked.length, 0);
});

test('a chunk is taken from whom it was asked of, once', () => {
  const stage = new Stage(100);
  for (let place = 0; place < 5; place++) stage.hold(place);
  stage.peers = [peer(7, 5, () => true)];
  stage.step(0);
  const [sequence] = stage.asked[0]!.sequences;
  assert.equal(stage.planner.came(sequence!, 8, 0), false);
  assert.equal(stage.planner.came(sequence!, 7, 0), true);
  assert.equal(stage.planner.came(sequence!, 7, 0), false);
});

test('viewers at the same place read different parts, and all of it together', () => {
  const ids = [11, 22, 33];
  const stages = ids.map(id => new Stage(100, id));
  for (const stage of stages) {
    for (let place = 0; place <= 8; place++) stage.hold(place);
    stage.peers = ids.filter(id => id !== stage.self).map(id => peer(id, 0, () => false));
    for (let round = 0; round < 40; round++) stage.step(0).answer();
  }
  const parts = stages.map(({ held }) => held.filter(place => place > 8));
  const all = parts.flat().sort((a, b) => a - b);
  assert.deepEqual(
    all,
    Array.from({ length: AHEAD - 8 }, (_, i) => i + 9),
    'each group is read by one of them',
  );
  for (const part of parts) assert.ok(part.length >= 3, `shares of ${parts.map(({ length }) => length).join(', ')}`);
});

test('while peers are to be expected, only what is urgent is read', () => {
  const stage = new Stage(100);
  stage.isMeeting = true;
  for (let round = 0; round < 5; round++) stage.step(0).answer();
  assert.equal(stage.held.at(-1), 8);
  stage.isMeeting = false;
  for (let round = 0; round < 20; round++) stage.step(0).answer();
  assert.equal(stage.held.at(-1), AHEAD);
});

test('after a seek everything that is needed there is read at once', () => {
  const stage = new Stage(100);
  stage.step(0);
  stage.planner.restart();
  stage.reads.length = 0;
  stage.step(60);
  assert.equal(stage.reads[0]?.first, 60);
  assert.equal(stage.reads[0]?.from, stage.map.bytesOf(60).from);
});
