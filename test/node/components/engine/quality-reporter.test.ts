// QualityReporter: what the relay is told, and when.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { QualityReporter } from '../../../../components/engine/quality-reporter.ts';
import type { Bytes } from '../../../../core/bytes.ts';
import { decodeBody, MessageReader } from '../../../../core/wire/framing.ts';
import { qualityReport } from '../../../../core/wire/quality-report.ts';

const figures = { currentTime: 0, latencyMs: 950.4, stalls: 0, stalledMs: 0, startupMs: 411.6 };

function reporter(place?: string) {
  const messages: Bytes[] = [];
  const made = new QualityReporter(message => messages.push(message), place);
  made.linked(true);
  const told = () =>
    messages.splice(0).map(message => {
      const [report] = read(message);
      return report;
    });
  return { made, told };
}

function read(message: Bytes) {
  const reports: ReturnType<typeof qualityReport.read>[] = [];
  new MessageReader((type, body) => {
    assert.equal(type, qualityReport.type);
    reports.push(decodeBody(qualityReport, body));
  }).push(message);
  return reports;
}

describe('QualityReporter', () => {
  it('tells at once when the picture stands, then every ten seconds what has come since', () => {
    const { made, told } = reporter('Europe/Berlin');
    made.playback(figures, 1_000);
    assert.deepEqual(told(), [
      {
        ...{ stalls: 0, stalledMs: 0, playedMs: 0, latencyMs: 950, startupMs: 412 },
        nat: 'unknown',
        place: 'Europe/Berlin',
      },
    ]);
    for (let second = 1; second <= 10; second++) {
      const stalls = second > 4 ? 2 : 0;
      made.playback(
        { ...figures, currentTime: second * 0.9, stalls, stalledMs: stalls * 500.3 },
        1_000 + second * 1_000,
      );
    }
    const [report, ...more] = told();
    assert.deepEqual(more, []);
    assert.equal(report?.playedMs, 9_000);
    assert.deepEqual([report?.stalls, report?.stalledMs, report?.startupMs], [2, 1_001, 0], 'the start is told once');
    made.report(12_000);
    assert.deepEqual(told()[0]?.stalls, 0);
  });

  it('counts neither jumps nor time that stood still as played', () => {
    const { made, told } = reporter();
    made.playback(figures, 0);
    made.playback({ ...figures, currentTime: 600 }, 1_000);
    made.playback({ ...figures, currentTime: 100 }, 2_000);
    made.playback({ ...figures, currentTime: 100 }, 3_000);
    told();
    made.report(3_000);
    assert.equal(told()[0]?.playedMs, 1_250, 'the step ahead is no longer than it took');
  });

  it('keeps what happens without a link for later', () => {
    const { made, told } = reporter();
    made.linked(false);
    made.playback(figures, 0);
    made.playback({ ...figures, currentTime: 20, stalls: 1, stalledMs: 300 }, 20_000);
    assert.deepEqual(told(), []);
    made.linked(true);
    made.playback({ ...figures, currentTime: 21, stalls: 1, stalledMs: 300 }, 21_000);
    const [report] = told();
    assert.deepEqual([report?.stalls, report?.playedMs, report?.startupMs], [1, 21_000, 412]);
  });

  it('has nothing to tell before the first picture, and no time zone that is too long', () => {
    const { made, told } = reporter('x'.repeat(41));
    made.report(1_000);
    assert.deepEqual(told(), []);
    made.playback({ ...figures, latencyMs: null }, 1_000);
    assert.deepEqual(
      [told()[0]].map(report => [report?.place, report?.latencyMs]),
      [['', 0]],
    );
  });
});
