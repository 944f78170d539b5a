// A viewer's scheduler: make before break, passing on, repair by deadline, silence, excuses, limits.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RELAY } from '../../../../core/peer-id.ts';
import { sequenceBits } from '../../../../core/wire/sequence-bits.ts';
import { INTERVAL_MS, SchedulerStage } from './scheduler-stage.ts';

const [ANN, BEN, CAT] = [11, 22, 33];
const relayOnly = () => RELAY;

/** A stage that plays from the relay, with a plan: Ann for stripe 1, the relay for the others, Cat as spare. */
function planned(): SchedulerStage {
  const stage = new SchedulerStage();
  stage.run(3_000, relayOnly);
  stage.heard();
  stage.scheduler.plan({ parents: [RELAY, ANN, RELAY, RELAY], spares: [CAT] }, stage.now);
  return stage;
}

/** The same, with Ann pushing stripe 1. */
function fed(): SchedulerStage {
  const stage = planned();
  stage.up(ANN);
  stage.up(CAT);
  stage.run(2_000, sequence => (sequence % 4 === 1 ? ANN : RELAY));
  stage.heard();
  return stage;
}

test('a plan connects with parents and spares, once', () => {
  const stage = planned();
  assert.deepEqual(stage.heard(), [`connect ${ANN}`, `connect ${CAT}`]);
  stage.scheduler.plan({ parents: [RELAY, ANN, RELAY, RELAY], spares: [CAT] }, stage.now);
  assert.deepEqual(stage.heard(), []);
});

test('a parent that can not be reached soon is given up; named again it gets its time again', () => {
  const stage = planned();
  stage.run(1_700, relayOnly);
  assert.deepEqual(stage.heard('complain'), []);
  stage.run(300, relayOnly);
  assert.deepEqual(stage.heard('complain'), [`complain ${ANN} unreachable 2`]);
  stage.scheduler.plan({ parents: [RELAY, ANN, RELAY, RELAY], spares: [] }, stage.now);
  stage.run(1_500, relayOnly);
  assert.deepEqual(stage.heard('complain'), []);
  stage.up(ANN);
  stage.run(500, sequence => (sequence % 4 === 1 ? ANN : RELAY));
  assert.deepEqual(stage.heard('complain'), []);
});

test('make before break: the relay pushes a stripe until the parent has', () => {
  const stage = planned();
  stage.heard();
  stage.up(ANN);
  assert.match(stage.heard('adopt').join(), /^adopt 11 1 \d+$/);
  stage.run(500, relayOnly);
  assert.deepEqual(stage.heard('push-stripes'), [], 'nothing came from Ann yet');
  const next = 141;
  stage.chunk(next, ANN);
  assert.deepEqual(stage.heard().slice(-2), ['served 1 11', 'push-stripes 1101']);
});

test('the first chunk that a parent pushes counts even if it is known already', () => {
  const stage = planned();
  stage.up(ANN);
  stage.heard();
  assert.equal(stage.chunk(117), 'known');
  assert.equal(stage.chunk(117, ANN), 'known');
  assert.deepEqual(stage.heard(), ['served 1 11', 'push-stripes 1101']);
});

test('new chunks go on to the children of their stripe, once, and not to whom they came from', () => {
  const stage = fed();
  stage.up(BEN);
  stage.scheduler.peerAdopt(BEN, 4, 1, 10_000, stage.now);
  assert.deepEqual(stage.heard('adopted'), ['adopted 22 1 2']);
  for (const sequence of [201, 201, 202, 205]) stage.chunk(sequence, ANN);
  assert.deepEqual(stage.heard('push'), ['push 22 201', 'push 22 205']);
  stage.chunk(209, BEN);
  assert.deepEqual(stage.heard('push'), [], 'not back to Ben');
});

test('a new child gets what it lacks at once', () => {
  const stage = fed();
  stage.up(BEN);
  stage.scheduler.peerAdopt(BEN, 4, 2, 190, stage.now);
  assert.deepEqual(stage.heard('push'), ['push 22 190', 'push 22 194', 'push 22 198']);
});

test('more children than the uplink carries are refused, and so is a circle', () => {
  const stage = fed();
  for (let peer = 100; peer < 140; peer++) {
    stage.up(peer);
    stage.scheduler.peerAdopt(peer, 4, 0, 10_000, stage.now);
  }
  const told = stage.heard();
  const taken = told.filter(line => line.startsWith('adopted')).length;
  // 85 % of 4,000 kbit/s carry ten stripes of about 320; two more are taken for a while.
  assert.ok(taken >= 10 && taken <= 13, `${taken} children`);
  assert.equal(told.filter(line => line.endsWith('full')).length, 40 - taken);
  stage.scheduler.peerAdopt(ANN, 4, 1, 10_000, stage.now);
  assert.deepEqual(stage.heard(), ['release 11 1 full'], 'Ann is our own parent there');
});

test('an uplink that was measured on an earlier visit is not tried beyond that for a minute', () => {
  const stage = fed();
  const known = stage.scheduler.stats.uploadKbps;
  for (let peer = 100; peer < 112; peer++) {
    stage.up(peer);
    stage.scheduler.peerAdopt(peer, 4, 0, 10_000, stage.now);
  }
  stage.run(20_000, () => RELAY);
  assert.equal(stage.scheduler.stats.uploadKbps, known);
  stage.run(50_000, () => RELAY);
  assert.ok(stage.scheduler.stats.uploadKbps > known, 'all of it was used without trouble');
});

test('answers that come late cost whoever sends its uplink, and nobody else', () => {
  const afterLateAnswers = (hasChildren: boolean) => {
    const stage = fed();
    stage.up(BEN);
    if (hasChildren) for (const stripe of [1, 2]) stage.scheduler.peerAdopt(BEN, 4, stripe, 10_000, stage.now);
    for (let i = 0; i < 10; i++) {
      for (const peer of [ANN, BEN, CAT]) stage.scheduler.roundTrip(peer, 400);
      stage.run(500, sequence => (sequence % 4 === 1 ? ANN : RELAY));
    }
    return stage.scheduler.stats.uploadKbps;
  };
  assert.equal(afterLateAnswers(false), 4_000);
  assert.ok(afterLateAnswers(true) < 3_000);
});

test('whoever counts other stripes is refused', () => {
  const stage = fed();
  stage.up(BEN);
  stage.scheduler.peerAdopt(BEN, 8, 1, 10_000, stage.now);
  assert.deepEqual(stage.heard('release'), ['release 22 1 stripes']);
});

test('a missing chunk is asked of a neighbour that holds it, before the relay, and neither is asked twice at once', () => {
  const stage = fed();
  const lost = 221;
  // Cat told a moment ago what it holds; Ann is not silent, so only one chunk is missing.
  const news = () =>
    stage.scheduler.peerHave(
      CAT,
      200,
      sequenceBits(
        0,
        Array.from({ length: 60 }, (_, i) => 200 + i),
      ).bits,
      stage.now,
    );
  stage.run(300, sequence => (sequence % 4 === 1 ? ANN : RELAY));
  news();
  stage.run(900, sequence => (sequence === lost ? undefined : sequence % 4 === 1 ? ANN : RELAY));
  const wants = stage.heard('want');
  assert.deepEqual(wants[0], `want ${CAT} ${lost}`);
  assert.ok(wants.filter(line => line === `want ${CAT} ${lost}`).length <= 2, wants.join('; '));
});

test('with nobody else to ask, the relay is asked in time; then it is not missing any more', () => {
  const stage = planned();
  stage.up(ANN);
  stage.run(2_000, sequence => (sequence % 4 === 1 ? ANN : RELAY));
  stage.heard();
  const lost = 221;
  let askedAt = 0;
  for (let i = 0; i < 60 && askedAt === 0; i++) {
    stage.run(25, sequence => (sequence === lost ? undefined : sequence % 4 === 1 ? ANN : RELAY));
    if (stage.heard(`want ${RELAY}`).length > 0) askedAt = stage.now;
  }
  const age = askedAt - lost * 25;
  assert.ok(age > 350 && age < 850, `asked ${age} ms after capture, 1,000 ms before it is shown`);
  assert.equal(stage.scheduler.stats.fallbacks, 1);
  stage.chunk(lost, RELAY);
  stage.run(500, sequence => (sequence % 4 === 1 ? ANN : RELAY));
  assert.deepEqual(stage.heard('want'), []);
});

test('a chunk that was asked for is no push: it makes nobody a parent', () => {
  const stage = fed();
  const before = stage.scheduler.stats;
  const lost = 221;
  stage.run(900, sequence => (sequence === lost ? undefined : sequence % 4 === 1 ? ANN : RELAY));
  const asked = Number(stage.heard('want')[0]?.split(' ')[1]);
  stage.chunk(lost, asked);
  assert.equal(stage.scheduler.stats.bytesPulled - before.bytesPulled + (asked === RELAY ? 4_000 : 0), 4_000);
  assert.deepEqual(stage.heard('served'), []);
});

test('a parent that falls silent is complained of, and the relay takes over at once', () => {
  const stage = fed();
  stage.run(1_500, sequence => (sequence % 4 === 1 ? undefined : RELAY));
  const told = stage.heard();
  assert.ok(told.includes(`complain ${ANN} silent 2`), told.join('; '));
  assert.ok(told.includes('push-stripes 1111'), told.join('; '));
});

test('a parent that says it lacks the chunks itself is not complained of', () => {
  const stage = fed();
  for (let i = 0; i < 20; i++) {
    const lacking = Array.from({ length: 8 }, (_, k) => 201 + 4 * (i + k));
    stage.scheduler.lacking(ANN, sequenceBits(0, lacking), stage.now);
    stage.run(50, sequence => (sequence % 4 === 1 ? undefined : RELAY));
  }
  assert.deepEqual(stage.heard('complain'), []);
});

test('with the relay gone too, a silent stripe is looked for at a neighbour that holds it', () => {
  const stage = fed();
  stage.scheduler.peerHave(CAT, 200, Uint8Array.of(255), stage.now);
  stage.scheduler.relayDown(stage.now);
  const adopted = stage.heard('adopt');
  assert.deepEqual(adopted.map(line => line.split(' ').slice(0, 3).join(' ')).sort(), [
    `adopt ${CAT} 0`,
    `adopt ${CAT} 2`,
    `adopt ${CAT} 3`,
  ]);
});

test('the children hear what is missing here, and how far from the relay they are when that changes', () => {
  const stage = fed();
  stage.up(BEN);
  stage.scheduler.peerAdopt(BEN, 4, 1, 10_000, stage.now);
  stage.heard();
  stage.scheduler.peerAdopted(ANN, 1, 5, stage.now);
  assert.deepEqual(stage.heard(), ['adopted 22 1 6']);
  stage.run(600, sequence => (sequence === 205 ? undefined : sequence % 4 === 1 ? ANN : RELAY));
  assert.deepEqual(stage.heard('lacking'), ['lacking 22 205'], 'once');
});

test('what can not leave waits, and what waited too long is dropped and the child told', () => {
  const stage = fed();
  stage.up(BEN);
  stage.scheduler.peerAdopt(BEN, 4, 1, 10_000, stage.now);
  stage.heard();
  stage.backlogs.set(BEN, 50_000);
  stage.chunk(201, ANN);
  assert.deepEqual(stage.heard('push'), []);
  stage.backlogs.set(BEN, 0);
  stage.scheduler.drained(BEN, stage.now);
  assert.deepEqual(stage.heard('push'), ['push 22 201']);
  stage.backlogs.set(BEN, 50_000);
  stage.chunk(205, ANN);
  stage.run(1_500, sequence => (sequence % 4 === 1 && sequence > 205 ? undefined : RELAY));
  assert.ok(stage.heard('lacking 22').some(line => line.split(' ').includes('205')));
});

test('a link that does not carry two stripes is left with one: the child is told, and what waited of the other is gone', () => {
  const stage = fed();
  stage.up(BEN);
  for (const stripe of [1, 2]) stage.scheduler.peerAdopt(BEN, 4, stripe, 10_000, stage.now);
  stage.heard();
  stage.backlogs.set(BEN, 50_000);
  stage.run(2_500, sequence => (sequence % 4 === 1 ? ANN : RELAY));
  assert.deepEqual(stage.heard('release 22'), ['release 22 2 crowded'], 'once');
  stage.backlogs.set(BEN, 0);
  stage.scheduler.drained(BEN, stage.now);
  const pushed = stage.heard('push 22').map(line => Number(line.split(' ')[2]));
  assert.ok(pushed.length > 0 && pushed.every(sequence => sequence % 4 === 1), pushed.join(' '));
});

test('one stripe for which much waits stays where it is', () => {
  const stage = fed();
  stage.up(BEN);
  stage.scheduler.peerAdopt(BEN, 4, 1, 10_000, stage.now);
  stage.backlogs.set(BEN, 50_000);
  stage.run(2_500, sequence => (sequence % 4 === 1 ? ANN : RELAY));
  assert.deepEqual(stage.heard('release 22'), []);
});

test('whoever asks for much without being pushed anything is no crowded child', () => {
  const stage = fed();
  stage.up(BEN);
  stage.run(1_000, () => RELAY);
  stage.backlogs.set(BEN, 50_000);
  stage.heard();
  for (let times = 0; times < 6; times++) {
    const newest = Math.floor(stage.now / INTERVAL_MS) - 1;
    stage.scheduler.peerWant(
      BEN,
      sequenceBits(
        0,
        Array.from({ length: 12 }, (_, i) => newest - 11 + i),
      ),
    );
    stage.run(300, () => RELAY);
  }
  assert.deepEqual(stage.heard('release 22'), []);
});

test('a child hears that its link is crowded: the stripe comes from elsewhere, and the relay is told', () => {
  const stage = fed();
  stage.scheduler.peerRelease(ANN, 1, 'crowded', stage.now);
  const told = stage.heard();
  assert.ok(told.includes(`complain ${ANN} crowded 2`), told.join('; '));
  assert.ok(told.some(line => line === 'push-stripes 1111' || line.startsWith(`adopt ${CAT} 1`)));
  assert.ok(stage.scheduler.neighbours.has(ANN), 'it is as good a neighbour as before');
});

test('a peer that sends what the publisher never signed is out at once', () => {
  const stage = fed();
  stage.scheduler.corrupt(ANN, stage.now);
  const told = stage.heard();
  assert.deepEqual(told.slice(0, 2), [`complain ${ANN} corrupt 2`, `disconnect ${ANN}`]);
  assert.ok(told.some(line => line === 'push-stripes 1111' || line.startsWith(`adopt ${CAT} 1`)));
  assert.equal(stage.scheduler.neighbours.has(ANN), false);
});

test('no upload: children are let go, and asked chunks are refused', () => {
  const stage = fed();
  stage.up(BEN);
  stage.scheduler.peerAdopt(BEN, 4, 1, 10_000, stage.now);
  stage.heard();
  stage.scheduler.uploadLimit(0);
  assert.deepEqual(stage.heard(), ['release 22 1 leaving']);
  stage.scheduler.peerWant(BEN, sequenceBits(0, [190]));
  assert.deepEqual(stage.heard(), ['lacking 22 190']);
  assert.equal(stage.scheduler.stats.uploadKbps, 0);
});

test('leaving the swarm: everything from the relay again, all connections ended', () => {
  const stage = fed();
  stage.scheduler.leave(stage.now);
  const told = stage.heard();
  assert.ok(told.includes(`release ${ANN} 1 done`) && told.includes(`disconnect ${ANN}`), told.join('; '));
  assert.equal(stage.scheduler.stripes, 0);
});

test('the hole between two epochs is nobody’s loss', () => {
  const stage = fed();
  stage.now += 1_000;
  const header = { ...headerAt(5_000, stage.now), epoch: 5_000, group: 5_000 };
  stage.scheduler.received(header, 4_000, RELAY, stage.now);
  stage.run(800, () => undefined);
  assert.deepEqual(stage.heard('want'), []);
});

function headerAt(sequence: number, capturedAt: number) {
  return {
    track: 0,
    sequence,
    group: sequence,
    epoch: sequence,
    discontinuity: false,
    end: false,
    timestamp: 0,
    duration: 0,
    entry: 0,
    initId: new Uint8Array(8),
    capturedAt,
  };
}
