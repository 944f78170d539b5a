import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RoundTrips } from '../../../../core/publish/round-trips.ts';

test('what is above the shortest of late is waiting', () => {
  const trips = new RoundTrips();
  assert.equal(trips.waitingMs(0), 0);
  trips.asked(0);
  assert.equal(trips.waitingMs(900), 0, 'with no answer yet nothing can be told');
  trips.answered(0, 40);
  trips.asked(500);
  trips.answered(500, 740);
  assert.equal(trips.latestMs, 240);
  assert.equal(trips.waitingMs(800), 200);
  trips.asked(1_000);
  trips.answered(1_000, 1_045);
  assert.equal(trips.waitingMs(1_100), 5);
});

test('an answer that is overdue counts as it is', () => {
  const trips = new RoundTrips();
  trips.asked(0);
  trips.answered(0, 20);
  trips.asked(1_000);
  trips.asked(1_500);
  assert.equal(trips.waitingMs(2_020), 1_000);
  trips.answered(1_500, 2_100); // the link may have dropped the other
  assert.equal(trips.waitingMs(2_120), 580);
});

test('a way that has become longer is not waiting for ever', () => {
  const trips = new RoundTrips();
  trips.asked(0);
  trips.answered(0, 20);
  for (let at = 1_000; at < 70_000; at += 1_000) {
    trips.asked(at);
    trips.answered(at, at + 120);
  }
  assert.equal(trips.waitingMs(70_000), 0);
});

test('another link, another way', () => {
  const trips = new RoundTrips();
  trips.asked(0);
  trips.answered(0, 20);
  trips.asked(100);
  trips.restart();
  assert.equal(trips.latestMs, undefined);
  assert.equal(trips.waitingMs(5_000), 0);
});
