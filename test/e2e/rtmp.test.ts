// Encoders that push RTMP: into the relay that takes it by configuration, and into an ingester of its own; seen in real Chromium.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { testPictureArguments } from '../../demo/test-picture.ts';
import { make, picture, readFixture, tone } from '../support/ffmpeg-fixtures.ts';
import { flvTags } from '../support/flv-muxer.ts';
import { freePort } from '../support/free-port.ts';
import { TEST_PICTURE } from '../support/live-source.ts';
import { readTracks } from '../support/mp4-boxes.ts';
import { Program } from '../support/program.ts';
import { publishRtmp } from '../support/rtmp-publisher.ts';
import { until } from '../support/until.ts';
import { Viewer } from '../support/viewer.ts';

const KEY = 'a-key-for-tests-only';
const PUSHES = /encoders push to (rtmp:\/\/\S+)\/<channel>/;

const state = mkdtempSync(join(tmpdir(), 'p2p-live-rtmp-'));
const programs: Program[] = [];
let viewer: Viewer;
let page: (channel: string) => string;
/** Where the relay takes RTMP, and where the ingester of its own does. */
let embedded: string;
let apart: string;
let relay: Program;
let ingester: Program;

function program(command: string, args: readonly string[], env: Record<string, string> = {}): Program {
  const started = new Program(command, args, { env });
  programs.push(started);
  return started;
}

/** A real encoder that pushes its picture and sound. */
function encoder(server: string, streamName: string): Program {
  return program('ffmpeg', [...testPictureArguments(TEST_PICTURE), '-f', 'flv', `${server}/${streamName}`]);
}

async function watch(channel: string): Promise<void> {
  await viewer.tab.page.goto(page(channel), { waitUntil: 'load' });
}

before(async () => {
  const port = await freePort();
  page = channel => `http://localhost:${port}/watch/${channel}`;
  const node = ['--import', 'tsx'];
  relay = program(process.execPath, [...node, 'relay/main.ts', '--port', `${port}`, '--rtmp-port', '0'], {
    P2P_LIVE_PUBLISH_KEY: KEY,
    P2P_LIVE_STATE_DIR: join(state, 'relay'),
  });
  embedded = (await relay.says(PUSHES))[1]!;
  const listen = ['ingest/main.ts', '--listen', 'rtmp://127.0.0.1:0', '--relay', `http://localhost:${port}`];
  const options = ['--state', join(state, 'apart'), '--stall-ms', '3000', '--log-level', 'info'];
  ingester = program(process.execPath, [...node, ...listen, ...options], { P2P_LIVE_KEY: KEY });
  apart = (await ingester.says(PUSHES))[1]!;
  viewer = await Viewer.open('about:blank');
});
after(async () => {
  await viewer?.close();
  await Promise.all(programs.filter(one => one !== relay && one !== ingester).map(one => one.stop('SIGKILL')));
  await Promise.all([ingester?.stop(), relay?.stop()]);
  rmSync(state, { recursive: true, force: true });
});

test('the relay takes RTMP: ffmpeg pushes H.264 and AAC; it comes back, it ends, and a wrong key is refused', async t => {
  const stream = `lecture/one?key=${KEY}`;
  const first = encoder(embedded, stream);
  await watch('lecture/one');
  await viewer.plays(25);
  const latency = await viewer.medianPictureLatency();
  t.diagnostic(`${latency} ms glass to glass`);
  assert.ok(latency < 2_500, `${latency} ms`);

  const wrong = encoder(embedded, 'lecture/one?key=guessed');
  assert.notEqual(await wrong.ended, 0);
  assert.match(wrong.output, /Server error: wrong key/);
  await relay.says(/an encoder is refused: wrong key/);
  await viewer.plays(10);

  await first.stop('SIGKILL');
  await relay.says(/the connection to the encoder is lost: the channel waits unless one comes within 5 s/);
  const diedAt = performance.now();
  const second = encoder(embedded, stream);
  await viewer.plays(25);
  t.diagnostic(`an encoder that crashed and came back is seen ${Math.round(performance.now() - diedAt)} ms later`);

  await second.stop('SIGTERM');
  await relay.says(/the encoder has ended its stream/);
  const endedAt = performance.now();
  await until(async () => (await viewer.look()).state === 'ended', 'the end is shown');
  const seconds = (performance.now() - endedAt) / 1_000;
  assert.ok(seconds > 3 && seconds < 8, `${seconds} s after the encoder's good-bye`);
  assert.deepEqual(viewer.tab.complaints, []);
  for (const secret of [KEY, 'guessed']) assert.ok(!relay.output.includes(secret), 'no key is in the log');
});

test('an ingester of its own: AV1 and Opus in enhanced RTMP play', async t => {
  const av1 = ['-c:v', 'libaom-av1', '-cpu-used', '8', '-usage', 'realtime', '-g', '25'];
  const input = [...picture({ seconds: 2 }), ...tone({ rate: 48_000, seconds: 2 })];
  const file = readFixture(make('rtmp-av1.mp4', input, av1, ['-c:a', 'libopus']));
  const tags = flvTags(readTracks(file), { enhanced: true });
  const publisher = await publishRtmp(apart, `av1?key=${KEY}`);
  publisher.loop(tags, 2_000);
  await watch('av1');
  const sight = await viewer.plays(50);
  t.diagnostic(`${sight.frames} frames of AV1, ${sight.audioBytes} bytes of Opus`);
  assert.equal(sight.error, null);
  assert.deepEqual(viewer.tab.complaints, []);
  publisher.disconnect();
});

test('a channel belongs to the encoder that is alive: a second one is refused, takes over from a dead one, and is dropped when idle', async t => {
  const stream = `contested?key=${KEY}`;
  const first = encoder(apart, stream);
  await watch('contested');
  await viewer.plays(10);
  const intruder = encoder(apart, stream);
  assert.notEqual(await intruder.ended, 0);
  assert.match(intruder.output, /Server error: somebody else publishes contested/);
  const stranger = encoder(embedded, stream);
  assert.notEqual(await stranger.ended, 0);
  assert.match(stranger.output, /refused to publish contested \(taken\)/);
  await viewer.plays(10);

  first.child.kill('SIGSTOP');
  const stoppedAt = performance.now();
  const second = encoder(apart, stream);
  await ingester.says(/the encoder is silent, and another takes over/);
  await viewer.plays(25);
  t.diagnostic(`a second encoder is seen ${Math.round(performance.now() - stoppedAt)} ms after the first stopped`);
  first.child.kill('SIGCONT');
  assert.notEqual(await first.ended, 0);

  second.child.kill('SIGSTOP');
  await ingester.says(/the encoder is dropped: nothing came for 3 s/);
  second.child.kill('SIGCONT');
  assert.notEqual(await second.ended, 0);
  await ingester.says(/contested[^\n]*the connection to the encoder is lost/);
});
