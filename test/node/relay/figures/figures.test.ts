// Figures: what is seen of channels every ten seconds, and what is kept of it.

import assert from 'node:assert/strict';
import test from 'node:test';
import type { Channel } from '../../../../relay/channels/channel.ts';
import { Figures } from '../../../../relay/figures/figures.ts';

interface FakeChannel {
  readonly name: string;
  state: string;
  bytesIn: number;
  bytesOut: number;
  bytesPulled: number;
  viewers: { size: number };
  swarm: { received: { fromPeers: number; fromRelay: number } } | undefined;
}

function fake(name: string, viewers = 0): FakeChannel {
  const traffic = { bytesIn: 0, bytesOut: 0, bytesPulled: 0 };
  return { name, state: 'live', ...traffic, viewers: { size: viewers }, swarm: undefined };
}

function stage(channels: FakeChannel[]) {
  const time = { steady: 1_000, ahead: 5_000_000 };
  const figures = new Figures({
    channels: () => channels as unknown as Channel[], // what figures look at
    clock: () => time.steady + time.ahead,
    steady: () => time.steady,
  });
  return {
    figures,
    time,
    look() {
      time.steady += 10_000;
      figures.look();
    },
    close: () => figures.close(),
  };
}

test('tells rates by the second, the share of peers, and how long viewers are on the relay', () => {
  const lecture = fake('lecture', 4);
  const quiet = fake('quiet', 0);
  const { figures, look, close } = stage([lecture, quiet]);
  lecture.bytesIn = 1_250_000;
  lecture.bytesOut = 1_500_000;
  lecture.swarm = { received: { fromPeers: 3_000, fromRelay: 1_000 } };
  look();
  lecture.bytesIn += 1_250_000;
  lecture.bytesOut += 10_000_000;
  look();
  const series = figures.series({ channel: 'lecture', from: 0, stepMs: 0 })!;
  assert.deepEqual(series.viewers, [4, 4]);
  assert.deepEqual(series.bitrateKbps, [1_000, 1_000]);
  assert.deepEqual(series.bytesOutPerSecond, [150_000, 1_000_000]);
  assert.deepEqual(series.peerShare, [0.75, 0.75]);
  assert.deepEqual(series.timeOnRelay, [18, 60], 'who catches up gets more than all');
  assert.deepEqual(series.cpu, [null, null], 'only of the whole');
  const whole = figures.series({ from: 0, stepMs: 0 })!;
  assert.deepEqual(
    [whole.viewers, whole.timeOnRelay, whole.peerShare],
    [
      [4, 4],
      [18, 60],
      [0.75, 0.75],
    ],
  );
  assert.ok(whole.cpu.every(cpu => cpu !== null && cpu >= 0));
  assert.equal(figures.series({ channel: 'quiet', from: 0, stepMs: 0 }), undefined, 'nothing has happened there');
  assert.deepEqual([figures.load.bytesOutPerSecond, figures.load.bytesInPerSecond], [1_000_000, 125_000]);
  close();
});

test('times are Unix milliseconds, also when the wall clock was set', () => {
  const { figures, look, time, close } = stage([fake('a', 1)]);
  look();
  assert.deepEqual(figures.series({ from: 0, stepMs: 0 })!.at, [5_020_000]);
  time.ahead += 500;
  assert.deepEqual(figures.series({ from: 0, stepMs: 0 })!.at, [5_020_000], 'a little does not matter');
  time.ahead += 3_600_000;
  assert.deepEqual(figures.series({ from: 0, stepMs: 0 })!.at, [8_620_500]);
  assert.deepEqual(figures.series({ from: 8_621_000, stepMs: 0 })!.at, [], 'only what came after that');
  close();
});

test('keeps the figures of a hundred channels: those that are idle make room, those in use stay', () => {
  const channels = Array.from({ length: 100 }, (_, i) => fake(`c${i}`, 1));
  const { figures, look, close } = stage(channels);
  const isKept = (channel: string) => figures.series({ channel, from: 0, stepMs: 0 }) !== undefined;
  look();
  channels.push(fake('surplus', 1));
  look();
  assert.ok(!isKept('surplus') && isKept('c7'), 'nobody makes room');
  channels[7]!.viewers.size = 0;
  for (let i = 0; i < 4; i++) look();
  assert.ok(isKept('surplus') && !isKept('c7'));
  close();
});

test('notes since when a channel is live', () => {
  const lecture = fake('lecture');
  const { figures, time, close } = stage([lecture]);
  const channel = lecture as unknown as Channel; // what figures look at
  figures.stateChanged(channel);
  time.steady += 5_000;
  figures.stateChanged(channel);
  assert.equal(figures.liveSince(channel), 5_001_000, 'another publisher goes on');
  lecture.state = 'waiting';
  figures.stateChanged(channel);
  assert.equal(figures.liveSince(channel), undefined);
  close();
});
