// QualityBoard: what viewers report, believed within reason, added up and forgotten.

import assert from 'node:assert/strict';
import test from 'node:test';
import { ByteWriter } from '../../../../core/bytes.ts';
import { ProtocolViolation } from '../../../../core/errors.ts';
import { type QualityReport, qualityReport } from '../../../../core/wire/quality-report.ts';
import { QualityBoard } from '../../../../relay/figures/quality-board.ts';

const USUAL: QualityReport = {
  ...{ stalls: 0, stalledMs: 0, playedMs: 10_000, latencyMs: 900, startupMs: 0 },
  ...{ nat: 'cone', place: 'Europe/Berlin' },
};

function body(report: Partial<QualityReport>) {
  const writer = new ByteWriter();
  qualityReport.write(writer, { ...USUAL, ...report });
  return writer.finish();
}

function stage() {
  const time = { now: 100_000 };
  const board = new QualityBoard({ clock: () => 5_000_000 + time.now, steady: () => time.now });
  return { board, time };
}

test('adds up a channel and the whole, and counts only who is there', () => {
  const { board } = stage();
  const [one, two, three] = [board.enter('a'), board.enter('a'), board.enter('b')];
  one.receive(body({ latencyMs: 700, startupMs: 250 }));
  two.receive(
    body({ latencyMs: 1_500, stalls: 1, stalledMs: 5_000, playedMs: 5_000, startupMs: 900, nat: 'symmetric' }),
  );
  three.receive(body({ latencyMs: 0, place: 'America/Lima' }));
  board.enter('a'); // one that has told nothing
  const a = board.of('a');
  assert.equal(a.stallsPerViewerMinute, 3, 'one in the twenty seconds of two');
  assert.deepEqual(a.latencyMs, { p50: 1_500, p95: 1_500 });
  assert.equal(a.startupMs, 900);
  assert.deepEqual(a.nat, { cone: 1, symmetric: 1 });
  assert.deepEqual(board.total.places, { 'Europe/Berlin': 2, 'America/Lima': 1 });
  assert.equal(board.of('b').latencyMs.p50, null, 'nobody has told');
  assert.deepEqual([one.since, one.stalls, two.stalls], [5_100_000, 0, 1]);
  two.leave();
  assert.deepEqual(board.of('a').nat, { cone: 1 });
  assert.equal(board.of('a').stallsPerViewerMinute, 3, 'what it told counts for its minute');
});

test('stalls count for a minute', () => {
  const { board, time } = stage();
  const one = board.enter('a');
  one.receive(body({ stalls: 2, stalledMs: 2_000 }));
  time.now += 59_000;
  assert.equal(board.of('a').stallsPerViewerMinute, 10);
  time.now += 2_000;
  assert.equal(board.of('a').stallsPerViewerMinute, null);
});

test('believes no more than can have been', () => {
  const { board, time } = stage();
  const seen: QualityReport[] = [];
  board.onReport = (_, report) => seen.push(report);
  const one = board.enter('a');
  time.now += 10_000;
  const most = 2 ** 50;
  one.receive(
    body({ stalls: most, stalledMs: most, playedMs: most, latencyMs: most, startupMs: most, place: 'Mars/Base' }),
  );
  assert.deepEqual(seen, [
    { stalls: 160, stalledMs: 40_000, playedMs: 40_000, latencyMs: 0, startupMs: 0, nat: 'cone', place: '' },
  ]);
  assert.equal(one.latencyMs, undefined);
});

test('reports that come too often do not count', () => {
  const { board, time } = stage();
  const one = board.enter('a');
  for (let i = 0; i < 100; i++) one.receive(body({ stalls: 1 }));
  assert.equal(one.stalls, 5);
  time.now += 4_000;
  for (let i = 0; i < 100; i++) one.receive(body({ stalls: 1 }));
  assert.equal(one.stalls, 7, 'one in two seconds does');
});

test('a report that is cut off, or whose place is too long, breaks the protocol', () => {
  const { board } = stage();
  const whole = body({});
  for (let size = 0; size < whole.length; size++) {
    assert.throws(() => board.enter('a').receive(whole.subarray(0, size)), ProtocolViolation, `${size} bytes`);
  }
  assert.throws(() => board.enter('a').receive(body({ place: 'x'.repeat(41) })), ProtocolViolation);
});

test('forgets what was told of channels that nobody watches', () => {
  const { board, time } = stage();
  const one = board.enter('a');
  one.receive(body({ startupMs: 300 }));
  one.leave();
  time.now += 500_000;
  board.sweep();
  assert.equal(board.of('a').startupMs, 300);
  time.now += 200_000;
  board.sweep();
  assert.equal(board.of('a').startupMs, null);
});
