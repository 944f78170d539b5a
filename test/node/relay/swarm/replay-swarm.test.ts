// Who watches one recording: those near the same place are introduced, and nobody else.

import assert from 'node:assert/strict';
import test from 'node:test';
import { RELAY } from '../../../../core/peer-id.ts';
import { dropPeer, signal } from '../../../../core/wire/index.ts';
import { createLog } from '../../../../relay/log.ts';
import { ReplaySwarm } from '../../../../relay/swarm/replay-swarm.ts';
import type { SwarmSettings } from '../../../../relay/swarm/swarm-settings.ts';
import { FakeMember, joining, QUIET } from './swarm-stage.ts';

const NO_BITS = new Uint8Array(0);
const offer = (to: FakeMember) => ({ peer: to.id, attempt: 1, kind: 'offer', text: 'v=0' }) as const;

function stage(part: Partial<SwarmSettings> = {}) {
  let now = 1_000;
  let timers: { readonly at: number; readonly task: () => void }[] = [];
  const swarm = new ReplaySwarm({
    settings: { enabled: true, stripes: 4, minViewers: 0, iceTransportPolicy: 'all', ...part },
    steady: () => now,
    after: (ms, task) => void timers.push({ at: now + ms, task }),
    log: createLog('silent'),
  });
  const pass = (ms: number) => {
    now += ms;
    const due = timers.filter(({ at }) => at <= now);
    timers = timers.filter(({ at }) => at > now);
    for (const { task } of due) task();
  };
  const place = (member: FakeMember, base: number) => {
    swarm.placed(member, { track: 0, base, bits: NO_BITS });
    pass(100);
  };
  /** Members that watch at these sequences. */
  const at = (...places: readonly number[]) =>
    places.map((base, index) => {
      const member = new FakeMember(index + 1);
      swarm.join(member, joining(index + 1));
      place(member, base);
      return member;
    });
  return { swarm, pass, place, at };
}

const peersOf = (member: FakeMember) => member.plan?.spares ?? [];

test('those near the same place meet; who is far away or has not told where it is meets nobody', () => {
  const { swarm, at, pass } = stage();
  const [first, near, far] = at(100_000, 100_500, 900_000) as [FakeMember, FakeMember, FakeMember];
  const silent = new FakeMember(9);
  swarm.join(silent, joining(9));
  pass(100);
  assert.deepEqual(near.plan, { parents: [RELAY], spares: [first.id] });
  assert.deepEqual(peersOf(far), []);
  assert.equal(silent.plan, undefined);
  assert.equal(swarm.signal(near, offer(first)), true);
  assert.deepEqual(first.all(signal), [{ ...offer(first), peer: near.id }]);
  assert.equal(swarm.signal(far, offer(first)), false, 'not introduced');
  assert.equal(swarm.signal(silent, offer(first)), false);
  assert.equal(swarm.stats().viewers, 4);
});

test('whoever goes elsewhere meets those who are there', () => {
  const { at, place } = stage();
  const [, , far, mover] = at(100_000, 100_500, 900_000, 100_200) as FakeMember[];
  assert.equal(peersOf(mover!).length, 2);
  place(mover!, 899_000);
  assert.deepEqual(peersOf(mover!), [far!.id]);
});

test('nobody gets more peers than it can use, and nobody is named to everybody', () => {
  const { at } = stage();
  const members = at(...Array.from({ length: 40 }, (_, i) => 100_000 + i * 10));
  const named = new Map<number, number>();
  for (const member of members) {
    assert.ok(peersOf(member).length <= 5, `${peersOf(member).length} peers`);
    assert.ok(!peersOf(member).includes(member.id));
    for (const peer of peersOf(member)) named.set(peer, (named.get(peer) ?? 0) + 1);
  }
  assert.ok(Math.max(...named.values()) <= 8);
  assert.ok(members.filter(member => peersOf(member).length > 0).length >= 39);
});

test('who gives nothing is named to nobody, but may take', () => {
  const { swarm, place, at } = stage();
  const [giver] = at(100_000) as [FakeMember];
  const taker = new FakeMember(5);
  swarm.join(taker, joining(5, { uploadKbps: 0 }));
  place(taker, 100_100);
  place(giver, 103_000);
  assert.deepEqual(peersOf(taker), [giver.id]);
  assert.deepEqual(peersOf(giver), []);
});

test('who leaves is dropped by those it was named to; a second session of a viewer takes the place of the first', () => {
  const { swarm, at, pass, place } = stage();
  const [first, second] = at(100_000, 100_100) as [FakeMember, FakeMember];
  swarm.leave(first);
  pass(100);
  assert.deepEqual(second.all(dropPeer), [{ peer: first.id, cause: 'left' }]);
  const again = new FakeMember(2);
  swarm.join(again, joining(2));
  place(again, 100_100);
  assert.equal(swarm.stats().viewers, 1);
});

test('who sent what the publisher never signed is banned when two others say so', () => {
  const { swarm, at, pass, place } = stage();
  const [bad, one, two, third] = at(100_000, 99_900, 99_800, 99_700) as [
    FakeMember,
    FakeMember,
    FakeMember,
    FakeMember,
  ];
  const corrupt = { peer: bad.id, grievance: 'corrupt', stripes: 0 } as const;
  swarm.complain(one, corrupt);
  pass(100);
  assert.equal(swarm.stats().banned, 0);
  swarm.complain(two, corrupt);
  pass(100);
  assert.equal(swarm.stats().banned, 1);
  assert.deepEqual(third.all(dropPeer), [{ peer: bad.id, cause: 'banned' }]);
  assert.ok(!peersOf(third).includes(bad.id));
  const fresh = new FakeMember(7);
  swarm.join(fresh, joining(7));
  place(fresh, 99_950);
  assert.ok(peersOf(fresh).length > 0 && !peersOf(fresh).includes(bad.id));
  assert.equal(swarm.signal(bad, offer(one)), false);
});

test('switched off, or with too few, nobody meets anybody; reports add up', () => {
  for (const settings of [{ enabled: false }, { minViewers: 3 }]) {
    const { at } = stage(settings);
    assert.deepEqual(
      at(100_000, 100_100).map(({ plan }) => plan),
      [undefined, undefined],
    );
  }
  const { swarm, at } = stage();
  const [first] = at(100_000) as [FakeMember];
  swarm.report(first, { ...QUIET, fromPeers: 3_000, fromRelay: 1_000 });
  assert.equal(swarm.stats().offload.total, 0.75);
});
