// One channel's swarm on the relay, with the real coordinator behind it.

import assert from 'node:assert/strict';
import test from 'node:test';
import { RELAY } from '../../../../core/peer-id.ts';
import { dropPeer, plan, signal } from '../../../../core/wire/index.ts';
import { FakeMember, joining, QUIET, stage } from './swarm-stage.ts';

/** The first is a parent of the second, or the other way round. */
const introduced = (a: FakeMember, b: FakeMember) =>
  [a.plan?.parents, a.plan?.spares].flat().includes(b.id) || [b.plan?.parents, b.plan?.spares].flat().includes(a.id);

const offer = (to: FakeMember) => ({ peer: to.id, attempt: 1, kind: 'offer', text: 'v=0' }) as const;

test('the first is fed by the relay; with a second they feed each other, and the relay sends each stripe once', () => {
  const { joined, swarm } = stage();
  const [first] = joined(1);
  assert.deepEqual(first?.plan, { parents: [RELAY, RELAY, RELAY, RELAY], spares: [] });
  const [second] = joined(2);
  const all = [...first!.plan!.parents, ...second!.plan!.parents];
  assert.equal(all.filter(parent => parent === RELAY).length, 4);
  assert.ok(all.includes(first!.id) || all.includes(second!.id));
  assert.equal(swarm.stats().viewers, 2);
  assert.deepEqual(swarm.stats().relayChildren, [1, 1, 1, 1]);
});

test('below the least number of viewers nobody meets anybody', () => {
  const { joined, swarm } = stage({ minViewers: 3 });
  const [first, second] = joined(1, 2);
  assert.deepEqual(second?.plan?.parents, [RELAY, RELAY, RELAY, RELAY]);
  assert.equal(swarm.signal(first!, offer(second!)), false);
  joined(3);
  assert.ok(first!.plan!.parents.some(parent => parent !== RELAY) || introduced(first!, second!));
});

test('switched off: a plan with the relay only, and nothing is passed on', () => {
  const { joined, swarm } = stage({ enabled: false });
  const [first, second] = joined(1, 2);
  for (const member of [first!, second!]) {
    assert.deepEqual(member.all(plan), [{ parents: [RELAY, RELAY, RELAY, RELAY], spares: [] }]);
  }
  assert.equal(swarm.signal(first!, offer(second!)), false);
  assert.equal(swarm.stats().viewers, 0);
});

test("signals pass between those who were introduced, in the sender's name, and to nobody else", () => {
  const { joined, swarm } = stage();
  const [first, second] = joined(1, 2);
  assert.equal(swarm.signal(first!, offer(second!)), true);
  assert.deepEqual(second!.all(signal), [{ ...offer(second!), peer: first!.id }]);
  const stranger = new FakeMember(9);
  assert.equal(swarm.signal(stranger, offer(second!)), false, 'one that has not joined');
  assert.equal(swarm.signal(first!, offer(stranger)), false, 'to one that is not there');
  assert.equal(swarm.signal(first!, offer(first!)), false, 'to itself');
  second!.ready = false;
  assert.equal(swarm.signal(first!, offer(second!)), false, 'to one that does not read');
  assert.equal(second!.all(signal).length, 1);
});

test('who leaves is dropped by those that it was introduced to, who get other parents', () => {
  const { joined, swarm, pass } = stage();
  const members = joined(1, 2, 3, 4);
  const [gone, ...others] = members as [FakeMember, ...FakeMember[]];
  const friends = others.filter(other => introduced(gone, other));
  swarm.leave(gone);
  pass(100);
  for (const friend of friends) {
    assert.ok(friend.all(dropPeer).some(({ peer, cause }) => peer === gone.id && cause === 'left'));
  }
  for (const other of others) {
    assert.ok(![...other.plan!.parents, ...other.plan!.spares].includes(gone.id));
  }
  assert.equal(swarm.stats().viewers, 3);
  swarm.leave(gone); // once more does no harm
});

test('a second session with the same secret takes the place of the first', () => {
  const { joined, swarm, pass } = stage();
  const [older, other] = joined(1, 2);
  const newer = new FakeMember(1);
  swarm.join(newer, joining(1));
  pass(100);
  assert.equal(swarm.stats().viewers, 2);
  assert.ok(newer.plan);
  assert.equal(swarm.signal(other!, offer(newer)), true);
  assert.equal(newer.all(signal).length, 1);
  assert.equal(older!.all(signal).length, 0);
  swarm.leave(older!); // its link is found dead at last
  pass(100);
  assert.equal(swarm.stats().viewers, 2, 'the newer stays');
});

test('a session that comes with another secret is another viewer', () => {
  const { joined, swarm, pass } = stage();
  const [member] = joined(1);
  swarm.join(member!, joining(7));
  pass(100);
  assert.equal(swarm.stats().viewers, 1);
});

test('two who find chunks forged have the forger banned: dropped by all, no signals, fed by the relay', () => {
  const { joined, swarm, pass } = stage();
  const members = joined(1, 2, 3, 4, 5);
  const forger = members.find(
    member => members.filter(other => other !== member && introduced(member, other)).length >= 2,
  )!;
  assert.ok(forger, 'somebody knows two others');
  const witnesses = members.filter(other => other !== forger && introduced(forger, other)).slice(0, 2);
  swarm.complain(witnesses[0]!, { peer: forger.id, grievance: 'corrupt', stripes: 15 });
  assert.equal(swarm.stats().banned, 0);
  swarm.complain(witnesses[1]!, { peer: forger.id, grievance: 'corrupt', stripes: 15 });
  pass(200);
  assert.equal(swarm.stats().banned, 1);
  assert.ok(members.some(other => other.all(dropPeer).some(({ cause }) => cause === 'banned')));
  assert.deepEqual(forger.plan?.parents, [RELAY, RELAY, RELAY, RELAY]);
  for (const other of members) {
    assert.equal(swarm.signal(forger, offer(other)), false);
    if (other !== forger) assert.ok(![...other.plan!.parents, ...other.plan!.spares].includes(forger.id));
  }
});

test('complaints about strangers count for nothing', () => {
  const { joined, swarm, pass } = stage();
  const [member] = joined(1);
  for (const grievance of ['corrupt', 'silent', 'lost'] as const) {
    swarm.complain(member!, { peer: 12_345, grievance, stripes: 2 ** 40 });
    swarm.complain(member!, { peer: member!.id, grievance, stripes: 15 });
  }
  pass(5_000);
  assert.equal(swarm.stats().banned, 0);
  assert.equal(member!.probes, 0);
});

test('who is said to be silent is asked for a sign of life; without one it has left, with one it is back', () => {
  const { joined, swarm, pass } = stage();
  const [first, second] = joined(1, 2);
  swarm.complain(first!, { peer: second!.id, grievance: 'lost', stripes: 0 });
  assert.equal(second!.probes, 1);
  pass(1_000);
  swarm.complain(first!, { peer: second!.id, grievance: 'silent', stripes: 0 });
  assert.equal(second!.probes, 1, 'it has been asked already');
  pass(600);
  assert.deepEqual(first!.plan?.parents, [RELAY, RELAY, RELAY, RELAY]);
  assert.ok(first!.all(dropPeer).some(({ peer }) => peer === second!.id));
  const plans = second!.all(plan).length;
  swarm.heard(second!);
  pass(100);
  assert.ok(second!.all(plan).length > plans, 'planned again');
});

test('who gives a sign of life stays', () => {
  const { joined, swarm, pass } = stage();
  const [first, second] = joined(1, 2);
  swarm.complain(first!, { peer: second!.id, grievance: 'lost', stripes: 0 });
  pass(1_400);
  swarm.heard(second!);
  pass(500);
  assert.ok(!first!.all(dropPeer).some(({ peer }) => peer === second!.id));
});

test('adds up what viewers report', () => {
  const { joined, swarm, pass } = stage();
  const [first, second] = joined(1, 2);
  swarm.report(first!, { ...QUIET, fromPeers: 300_000, fromRelay: 100_000, stalls: 1, latencyMs: 900 });
  swarm.report(second!, { ...QUIET, fromRelay: 400_000, duplicates: 2, rejected: 3, fallbacks: 4, latencyMs: 700 });
  swarm.report(second!, { ...QUIET, fromRelay: 400_000, duplicates: 2, rejected: 3, fallbacks: 5, latencyMs: 800 });
  const stats = swarm.stats();
  assert.deepEqual(stats.offload, { recent: 0.375, total: 0.375 });
  assert.equal(stats.latencyMs, 900);
  const { duplicates, rejected, fallbacks, stalls } = stats;
  assert.deepEqual(
    { duplicates, rejected, fallbacks, stalls },
    { duplicates: 2, rejected: 3, fallbacks: 5, stalls: 1 },
  );
  pass(60_000);
  assert.deepEqual(swarm.stats().offload, { recent: null, total: 0.375 });
});

test('a viewer that counts from 0 again is not counted twice; what nobody can have had is not believed', () => {
  const { joined, swarm } = stage();
  const [first] = joined(1);
  swarm.report(first!, { ...QUIET, stalls: 5 });
  swarm.report(first!, { ...QUIET, stalls: 2 });
  assert.equal(swarm.stats().stalls, 7);
  swarm.report(first!, { ...QUIET, fromPeers: Number.MAX_SAFE_INTEGER, stalls: Number.MAX_SAFE_INTEGER });
  const stats = swarm.stats();
  assert.ok(stats.stalls < 50_000);
  swarm.report(first!, { ...QUIET, fromPeers: 2 ** 40, fromRelay: 30_000_000 });
  assert.ok((swarm.stats().offload.total ?? 1) < 0.9, `${swarm.stats().offload.total}`);
});

test('a stream that gets twice as fast is cut anew: everybody is told, bans stay', () => {
  const { joined, swarm, pass } = stage({ stripes: 'auto' });
  const members = joined(1, 2, 3, 4, 5);
  assert.equal(members[0]!.plan?.parents.length, 5);
  const forger = members.find(
    member => members.filter(other => other !== member && introduced(member, other)).length >= 2,
  )!;
  for (const witness of members.filter(other => other !== forger && introduced(forger, other)).slice(0, 2)) {
    swarm.complain(witness, { peer: forger.id, grievance: 'corrupt', stripes: 0 });
  }
  pass(100);
  assert.equal(swarm.stats().banned, 1);
  for (let second = 0; second <= 31; second++) {
    swarm.rate(4_500);
    pass(1_000);
  }
  assert.equal(swarm.stripes, 10);
  for (const member of members) assert.equal(member.plan?.parents.length, 10);
  assert.equal(swarm.stats().banned, 1);
  assert.ok(forger.plan?.parents.every(parent => parent === RELAY));
  swarm.join(forger, joining(forger.number));
  assert.ok(forger.plan?.parents.every(parent => parent === RELAY));
  swarm.served(members[0]!, { stripe: 99, parent: RELAY });
});

test('connections that outlived an earlier relay are kept', () => {
  const { swarm, pass } = stage();
  const [parent, child] = [new FakeMember(1), new FakeMember(2)];
  swarm.join(child, joining(2, { neighbours: [{ peer: parent.id, stripes: 0b1111 }] }));
  swarm.join(parent, joining(1, { neighbours: [{ peer: child.id, stripes: 0 }] }));
  pass(200);
  assert.deepEqual(child.plan?.parents, [parent.id, parent.id, parent.id, parent.id]);
  assert.equal(swarm.signal(parent, offer(child)), true);
});

test('while the rate is unknown a viewer that comes back says how many stripes there were', () => {
  const known = stage({ stripes: 'auto' });
  const restarted = stage({ stripes: 'auto' }, 0);
  for (const { on, stripes } of [
    { on: restarted, stripes: 9 },
    { on: known, stripes: 5 },
  ]) {
    const member = new FakeMember(1);
    member.stripes = 9;
    on.swarm.join(member, joining(1));
    on.pass(100);
    assert.equal(member.plan?.parents.length, stripes);
  }
});

test('what changes at once is planned at once: nobody is told more than one plan', () => {
  const { swarm, pass } = stage();
  const members = Array.from({ length: 50 }, (_, number) => new FakeMember(number));
  for (const member of members) swarm.join(member, joining(member.number));
  pass(100);
  for (const member of members) assert.equal(member.all(plan).length, 1);
});

test('a thousand who come and go leave nothing behind', () => {
  const { swarm, pass, timers } = stage();
  for (let number = 0; number < 1_000; number++) {
    const member = new FakeMember(number);
    swarm.join(member, joining(number));
    swarm.report(member, QUIET);
    swarm.leave(member);
  }
  pass(3_000);
  assert.equal(swarm.stats().viewers, 0);
  assert.equal(timers(), 0);
});
