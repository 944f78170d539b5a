import assert from 'node:assert/strict';
import test from 'node:test';
import { Court } from '../../../../core/swarm/court.ts';

const ACCUSED = 1;
const witness = (peer: number, source = String(peer)) => ({ peer, source });

test('corruption is believed of two independent witnesses, however far apart', () => {
  const court = new Court();
  assert.equal(court.hear(ACCUSED, 'corrupt', witness(2), 0), 'none');
  assert.equal(court.hear(ACCUSED, 'corrupt', witness(2), 10), 'none');
  assert.equal(court.hear(ACCUSED, 'corrupt', witness(3, '2'), 20), 'none');
  assert.equal(court.isBanned(ACCUSED, 20), false);
  assert.equal(court.hear(ACCUSED, 'corrupt', witness(4), 300_000), 'corrupt');
  assert.ok(court.isBanned(ACCUSED, 1e12));
});

test('silence is believed of two within five seconds, and bans nobody by itself', () => {
  const court = new Court();
  assert.equal(court.hear(ACCUSED, 'silent', witness(2), 0), 'none');
  assert.equal(court.hear(ACCUSED, 'silent', witness(3), 5_100), 'none');
  assert.equal(court.hear(ACCUSED, 'silent', witness(4), 6_000), 'gone');
  assert.equal(court.isBanned(ACCUSED, 6_000), false);
});

test('a ban for uselessness takes a minute, and twice as long each time', () => {
  const court = new Court();
  let now = 0;
  for (const ms of [60_000, 120_000, 240_000]) {
    court.hear(ACCUSED, 'mute', witness(2), now);
    assert.equal(court.hear(ACCUSED, 'mute', witness(3), now), 'useless');
    court.banForUselessness(ACCUSED, now);
    assert.ok(court.isBanned(ACCUSED, now + ms - 1));
    now += ms;
    assert.equal(court.isBanned(ACCUSED, now), false);
  }
});

test("whoever accuses everybody of corruption isn't believed, nor what it said before", () => {
  const court = new Court();
  for (let peer = 100; peer < 108; peer++) assert.equal(court.hear(peer, 'corrupt', witness(2), 0), 'none');
  court.hear(108, 'corrupt', witness(2), 1_000);
  assert.equal(court.hear(100, 'corrupt', witness(3), 2_000), 'none');
  assert.equal(court.hear(100, 'corrupt', witness(4), 3_000), 'corrupt');
});

test('what it remembers is bounded, and bans are the last to go', () => {
  const court = new Court();
  court.hear(ACCUSED, 'corrupt', witness(2), 0);
  court.hear(ACCUSED, 'corrupt', witness(3), 0);
  for (let peer = 10; peer < 20_000; peer++) court.hear(peer, 'silent', witness(2), 0);
  assert.ok(court.isBanned(ACCUSED, 1));
  // Forgotten: one more complaint is the first again.
  assert.equal(court.hear(10, 'silent', witness(3), 0), 'none');
});
