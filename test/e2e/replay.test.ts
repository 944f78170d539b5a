// Recordings in the element: a relay with its recorder in this process, real Chromium. The clock in the picture counts from where the recording begins.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { onPath } from '../../demo/find-program.mjs';
import { testPictureArguments } from '../../demo/test-picture.ts';
import { type Ingest, startIngest } from '../../ingest/ingest.ts';
import { createLog } from '../../relay/log.ts';
import { type Relay, startRelay } from '../../relay/relay.ts';
import { TEST_PICTURE } from '../support/live-source.ts';
import { until } from '../support/until.ts';
import { Viewer } from '../support/viewer.ts';

/** Seconds of the finished recording. */
const LENGTH = 60;
/** Soon encoded. */
const SMALL = { width: 384, height: 216, text: false };
const PAGES = fileURLToPath(new URL('../../dist/demo', import.meta.url));

const silent = createLog('silent');
const state = mkdtempSync(join(tmpdir(), 'p2p-live-replay-'));
let relay: Relay;
/** On air from the beginning. */
let broadcasting: Ingest;
let finished = '';
before(async () => {
  relay = await startRelay(
    {
      ...{ host: '127.0.0.1', port: 0, stateDir: state, logLevel: 'silent', publishKeys: ['a-key-for-tests-only'] },
      recordings: { keepFreeMegabytes: 0 },
      channels: [{ name: '*', record: true }],
      webTransport: { enabled: false },
    },
    { directory: PAGES },
  );
  broadcasting = broadcast('running', 'mpegts');
  await broadcast('lecture', 'flv', ['-t', `${LENGTH}`]).done;
  finished = await recordingOf('lecture', one => one.endedAt !== null);
});
after(async () => {
  await broadcasting.stop();
  await relay.close();
  rmSync(state, { recursive: true, force: true });
});

interface Told {
  readonly id: string;
  readonly endedAt: number | null;
  readonly durationMs: number;
}

/** An encoder's picture and tone on a channel: of so much length, as fast as it can be encoded, or as fast as the clock runs. */
function broadcast(channel: string, format: 'flv' | 'mpegts', length: readonly string[] = []): Ingest {
  const ffmpeg = onPath('ffmpeg');
  if (!ffmpeg) throw new Error('no ffmpeg on PATH');
  const clock = length.length > 0 ? 'running' : 'wall';
  const args = [...testPictureArguments({ ...TEST_PICTURE, ...SMALL, clock }), ...length, '-f', format, 'pipe:1'];
  const { stdout: source } = spawn(ffmpeg, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const connect = async () => relay.connect();
  const keys = { publishKey: relay.publishKey, secretKey: new Uint8Array(32).fill(7) };
  return startIngest({ ...keys, source, channel, connect, log: silent, peers: false });
}

async function recordingOf(channel: string, isIt: (told: Told) => boolean): Promise<string> {
  let found: Told | undefined;
  await until(
    async () => {
      const response = await fetch(`${relay.url}/recordings?channel=${channel}`);
      const { recordings } = (await response.json()) as { recordings: Told[] }; // as documented
      found = recordings.find(isIt);
      return found !== undefined;
    },
    `a recording of ${channel}`,
    15_000,
  );
  return found!.id; // until() returned
}

const page = (id: string, at = relay.url) => `${at}/recording.html?id=${encodeURIComponent(id)}&muted`;

/** The relay as a network shows it in which nothing but HTTP passes: its address, and how to end it. */
async function onlyHttp(): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((asked, answer) => {
    const { host, port } = new URL(relay.url);
    const { url: path, method, headers } = asked;
    const passed = request({ host: '127.0.0.1', port, path, method, headers }, given => {
      answer.writeHead(given.statusCode ?? 502, given.headers);
      given.pipe(answer);
    });
    passed.on('error', () => answer.destroy());
    assert.notEqual(headers.host, host, 'it is asked under its own name');
    asked.pipe(passed);
  });
  server.on('upgrade', (_, socket) => socket.destroy());
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server's address is an object
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** What the element says of itself; times in seconds. */
interface Replay {
  readonly state: string;
  readonly currentTime: number;
  readonly duration: number;
  readonly streamType: string;
  readonly end: number;
  readonly rate: number;
}

/** Does something with the element, and reads it. */
function replay(viewer: Viewer, wish: Readonly<Record<string, number>> = {}): Promise<Replay> {
  return viewer.tab.page.evaluate(wishes => {
    // It has the properties of a video, and a few more.
    const element = document.querySelector('p2p-live') as unknown as HTMLVideoElement & Replay;
    Object.assign(element, wishes);
    const { state, currentTime, duration, streamType, playbackRate: rate, seekable } = element;
    return { state, currentTime, duration, streamType, rate, end: seekable.length > 0 ? seekable.end(0) : 0 };
  }, wish);
}

const call = (viewer: Viewer, method: 'play' | 'pause') =>
  viewer.tab.page.evaluate(name => {
    const element = document.querySelector('p2p-live') as unknown as Record<string, () => unknown>; // its methods
    element[name]?.();
  }, method);

/** Waits until the clock in the picture is that of the element's time, within 0.1 s, at or behind a time (s); says how long that took (ms). */
async function shows(viewer: Viewer, from: number, deadlineMs: number): Promise<number> {
  const begun = performance.now();
  let seen: string | undefined;
  await until(
    async () => {
      const { currentTime } = await replay(viewer);
      const clock = await viewer.pictureClock();
      seen = `${clock} ms at ${currentTime} s`;
      return clock !== undefined && currentTime >= from - 0.1 && Math.abs(clock / 1_000 - currentTime) <= 0.2;
    },
    () => `the picture of ${from} s is shown; seen: ${seen}; complaints: ${viewer.tab.complaints.join('; ')}`,
    deadlineMs,
  );
  return Math.round(performance.now() - begun);
}

const swarmOf = async (viewer: Viewer): Promise<Record<string, number | string>> => {
  const { swarm } = (await viewer.look()).stats;
  return typeof swarm === 'object' && swarm ? { ...swarm } : {};
};

test('a finished recording plays, is sought in anywhere, pauses, plays faster, ends and starts over', async t => {
  const viewer = await Viewer.open(page(finished));
  try {
    await viewer.plays(25);
    const { duration, streamType, end } = await replay(viewer);
    assert.equal(streamType, 'on-demand');
    assert.ok(Math.abs(duration - LENGTH) < 0.2 && Math.abs(end - LENGTH) < 0.2, `${duration} s, up to ${end} s`);
    const { stats } = await viewer.look();
    t.diagnostic(`first picture after ${Math.round(Number(stats.firstFrameMs))} ms`);
    await shows(viewer, 1, 2_000);
    for (const to of [40, 12.5]) {
      await replay(viewer, { currentTime: to });
      t.diagnostic(`${to} s after ${await shows(viewer, to, 2_000)} ms`);
    }
    await call(viewer, 'pause');
    const { currentTime } = await replay(viewer);
    const ended = performance.now() + 700;
    await until(() => performance.now() > ended, 'time goes by');
    assert.equal((await replay(viewer)).currentTime, currentTime, 'a pause is a pause');
    await replay(viewer, { currentTime: 45 });
    await shows(viewer, 45, 2_000);
    await call(viewer, 'play');
    await replay(viewer, { playbackRate: 2 });
    await until(async () => (await replay(viewer)).currentTime > 45.5, 'it plays on');
    const from = await replay(viewer);
    const begun = performance.now();
    await until(async () => (await replay(viewer)).currentTime > from.currentTime + 3, '3 s are played', 3_000);
    const speed = (1_000 * ((await replay(viewer)).currentTime - from.currentTime)) / (performance.now() - begun);
    assert.ok(speed > 1.5 && speed < 2.5, `at rate 2 it plays ${speed} s a second`);
    await replay(viewer, { currentTime: 58.5 });
    await until(async () => (await replay(viewer)).state === 'ended', 'it ends', 5_000);
    await viewer.screenshot('replay-ended');
    await call(viewer, 'play');
    await until(async () => (await replay(viewer)).state === 'playing', 'it starts over', 5_000);
    await until(async () => (await replay(viewer)).currentTime < 10, 'from the beginning', 2_000);
    await viewer.plays(10);
    const after = await viewer.look();
    assert.equal(after.error, null);
    assert.deepEqual([after.stats.rejectedChunks, after.stats.damaged], [0, 0]);
    assert.deepEqual(viewer.tab.complaints, []);
    await viewer.screenshot('replay');
  } finally {
    await viewer.close();
  }
});

test('viewers near the same place give it to each other; whoever gets no link has it from the relay by HTTP alone', async t => {
  const narrow = await onlyHttp();
  const viewers: Viewer[] = [];
  try {
    const first = await Viewer.open(page(finished));
    viewers.push(first);
    await first.plays(25);
    const [second, alone] = await Promise.all([Viewer.open(page(finished)), Viewer.open(page(finished, narrow.url))]);
    viewers.push(second, alone);
    const pulled = async () => Number((await swarmOf(second)).bytesPulled);
    await until(async () => (await pulled()) > 1_000_000, '1 MB comes from the other viewer', 20_000);
    const swarm = await swarmOf(second);
    t.diagnostic(
      `the second viewer: ${swarm.bytesPulled} bytes from the first, ${swarm.bytesFromRelay} from the relay`,
    );
    const given = async () => Number((await swarmOf(first)).bytesUploaded);
    await until(async () => (await given()) > 500_000, 'the first one tells that it has given');
    await shows(second, 1, 3_000);
    const read = async () => Number((await swarmOf(alone)).bytesFromRelay);
    await until(async () => (await read()) > 1_000_000, 'the one without peers reads ahead');
    const none = await swarmOf(alone);
    assert.deepEqual([none.state, none.bytesPulled], ['relay-only', 0]);
    assert.equal((await alone.look()).stats.transport, null);
    for (const viewer of viewers) {
      const { stats } = await viewer.look();
      assert.equal(stats.stalls, 0);
      assert.equal(stats.rejectedChunks, 0);
      assert.deepEqual(
        viewer.tab.complaints.filter(complaint => viewer !== alone || !/WebSocket/.test(complaint)),
        [],
      );
    }
    await second.screenshot('replay-peers');
  } finally {
    for (const viewer of viewers) await viewer.close();
    narrow.close();
  }
});

test('a running recording grows while it plays; one that is not there says so', async t => {
  let viewer: Viewer | undefined;
  try {
    const id = await recordingOf('running', one => one.durationMs > 3_000);
    viewer = await Viewer.open(page(id));
    const tab = viewer;
    await viewer.plays(25);
    const { duration } = await replay(viewer);
    await replay(viewer, { currentTime: duration - 2 });
    const before = await replay(viewer);
    assert.ok(Number.isFinite(before.duration) && before.duration > 2, `${before.duration} s`);
    await until(async () => (await replay(tab)).duration > before.duration + 3, 'it grows', 8_000);
    t.diagnostic(`${before.duration} s, then ${(await replay(viewer)).duration} s`);
    await broadcasting.stop();
    await replay(viewer, { playbackRate: 2 });
    await until(async () => (await replay(tab)).state === 'ended', 'it ends with the broadcast', 20_000);
    assert.deepEqual(viewer.tab.complaints, []);
    await viewer.tab.page.goto(page('running/20000101T000000Z'));
    await until(async () => (await tab.look()).error !== null, 'it says that there is none', 5_000);
    const { state, error } = await viewer.look();
    assert.equal(state, 'failed');
    assert.match(String(error), /^no-recording: there is no recording running/);
    await viewer.screenshot('replay-missing');
  } finally {
    await viewer?.close();
  }
});
