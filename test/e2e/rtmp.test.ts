// Encoders that push RTMP: into the relay that takes it by configuration, and into an ingester of its own; seen in real Chromium.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Bytes } from '../../core/bytes.ts';
import { testPictureArguments } from '../../demo/test-picture.ts';
import { h264, hevc, make, picture, readFixture, tone } from '../support/ffmpeg-fixtures.ts';
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
  const listen = ['ingest/main.ts', '--listen', 'rtmp://127.0.0.1:0', '--relay', `http://localhost:${port}`];
  const options = ['--state', join(state, 'apart'), '--stall-ms', '5000', '--log-level', 'info'];
  ingester = program(process.execPath, [...node, ...listen, ...options], { P2P_LIVE_KEY: KEY });
  viewer = await Viewer.open('about:blank');
  embedded = (await relay.says(PUSHES))[1]!;
  apart = (await ingester.says(PUSHES))[1]!;
});
after(async () => {
  await viewer?.close();
  await Promise.all(programs.filter(one => one !== relay && one !== ingester).map(one => one.stop('SIGKILL')));
  await Promise.all([ingester?.stop(), relay?.stop()]);
  rmSync(state, { recursive: true, force: true });
});

/** The tags of an FLV file. */
function tagsOf(flv: Bytes): Bytes[] {
  const tags: Bytes[] = [];
  for (let at = 13; at < flv.length; at += tags.at(-1)!.length) {
    tags.push(flv.subarray(at, at + 15 + (flv[at + 1]! << 16) + (flv[at + 2]! << 8) + flv[at + 3]!));
  }
  return tags;
}

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
  const diedAt = Date.now();
  await relay.says(/the connection to the encoder is lost: the channel waits unless one comes within 5 s/);
  const second = encoder(embedded, stream);
  // What is still buffered was drawn before.
  const isSeen = async () => {
    const age = await viewer.pictureLatency();
    return age !== undefined && Date.now() - age > diedAt + 100;
  };
  await until(isSeen, 'a picture of the second encoder is seen', 20_000);
  t.diagnostic(`an encoder that crashed and came back is seen ${Date.now() - diedAt} ms later`);

  await second.stop('SIGTERM');
  await relay.says(/the encoder has ended its stream/);
  const endedAt = performance.now();
  await until(async () => (await viewer.look()).state === 'ended', 'the end is shown', 15_000);
  const seconds = (performance.now() - endedAt) / 1_000;
  t.diagnostic(`the end is shown ${seconds.toFixed(1)} s after the encoder's good-bye, of which it is waited for 5`);
  assert.ok(seconds > 3, `${seconds} s`);
  assert.deepEqual(viewer.tab.complaints, []);
  for (const secret of [KEY, 'guessed']) assert.ok(!relay.output.includes(secret), 'no key is in the log');
});

const input = [picture({ seconds: 2 }), tone({ rate: 48_000, seconds: 2 })];

/** Two seconds of picture and tone in enhanced FLV. */
function enhancedTags(name: string, video: readonly string[]): Bytes[] {
  return flvTags(readTracks(readFixture(make(name, ...input, video, ['-c:a', 'libopus']))), { enhanced: true });
}

test('an ingester of its own: AV1 and Opus in enhanced RTMP play, HEVC reaches the page', async t => {
  const publisher = await publishRtmp(apart, `av1?key=${KEY}`);
  const av1 = ['-c:v', 'libaom-av1', '-cpu-used', '8', '-usage', 'realtime', '-g', '25'];
  publisher.loop(enhancedTags('rtmp-av1.mp4', av1), 2_000);
  await watch('av1');
  const sight = await viewer.plays(50);
  t.diagnostic(`${sight.frames} frames of AV1, ${sight.audioBytes} bytes of Opus`);
  assert.equal(sight.error, null);
  assert.deepEqual(viewer.tab.complaints, []);
  publisher.disconnect();

  const another = await publishRtmp(apart, `hevc?key=${KEY}`);
  another.loop(enhancedTags('rtmp-hevc.mp4', hevc()), 2_000);
  await watch('hevc');
  let seen = await viewer.look();
  await until(async () => (seen = await viewer.look()).frames > 10 || seen.error !== null, 'it plays, or says why not');
  t.diagnostic(`HEVC: ${seen.error ?? `${seen.frames} frames`}`);
  // Who has no decoder names what came: the page has read it from the stream's own configuration.
  if (seen.error !== null) assert.match(seen.error, /^unsupported-codec: .*codecs=\\?"hvc1\.1\.6\./);
  another.disconnect();
});

test('a channel belongs to the encoder that is alive: a second one is refused, takes over from a dead one; who is idle is dropped', async t => {
  const stream = `contested?key=${KEY}`;
  const [first, idle] = [encoder(apart, stream), encoder(apart, `idle?key=${KEY}`)];
  await ingester.says(/"idle"[^\n]*an encoder publishes/);
  idle.child.kill('SIGSTOP');
  await watch('contested');
  await viewer.plays(10);
  const [intruder, stranger] = [encoder(apart, stream), encoder(embedded, stream)];
  assert.ok((await Promise.all([intruder.ended, stranger.ended])).every(code => code !== 0));
  assert.match(intruder.output, /Server error: somebody else publishes contested/);
  assert.match(stranger.output, /refused to publish contested \(taken\)/);
  await ingester.says(/"idle"[^\n]*the encoder is dropped: nothing came for 5 s: the channel waits/);
  idle.child.kill('SIGCONT');
  assert.notEqual(await idle.ended, 0);

  const tags = tagsOf(readFixture(make('rtmp-h264.flv', ...input, h264({ bframes: 0 }), ['-c:a', 'aac'])));
  await viewer.plays(10);
  const { videoCodec } = (await viewer.look()).stats;
  first.child.kill('SIGSTOP');
  const stoppedAt = performance.now();
  const second = await publishRtmp(apart, stream);
  await ingester.says(/the encoder is silent, and another takes over/);
  second.loop(tags, 2_000);
  const isSeen = async () => (await viewer.look()).stats.videoCodec !== videoCodec;
  await until(isSeen, 'the stream of the second encoder, of another profile, is there', 20_000);
  await viewer.plays(10);
  t.diagnostic(`a second encoder is seen ${Math.round(performance.now() - stoppedAt)} ms after the first stopped`);
  first.child.kill('SIGCONT');
  assert.notEqual(await first.ended, 0);
  assert.deepEqual(viewer.tab.complaints, []);
  second.disconnect();
});
