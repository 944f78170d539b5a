// Going back while live: the clock in the picture shows whether the element shows what was asked for. Real parts, as in live.test.ts.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { httpSource, type LiveSource } from '../support/live-source.ts';
import type { Program } from '../support/program.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { until } from '../support/until.ts';
import { Viewer } from '../support/viewer.ts';

let stack: Stack;
/** A broadcast that broke off, and went on. */
let brokenOff: Program;
let goneOn: LiveSource | undefined;
let outage: Promise<void>;
/** Seconds that were broadcast before. */
let unbroken = 0;
before(async () => {
  stack = await startStack();
  const source = await httpSource('flv');
  brokenOff = stack.ingest(source.source, 'outage');
  // Meanwhile the first test runs.
  outage = until(async () => (await windowOf('outage')) > 5_000, '5 s are broadcast', 30_000).then(async () => {
    unbroken = (await windowOf('outage')) / 1_000;
    await source.kill();
    goneOn = await httpSource('flv', source.port);
  });
  outage.catch(() => {}); // its test tells
});
after(async () => {
  await brokenOff.stop();
  await goneOn?.kill();
  await stack.stop();
});

/** What a test needs of the element; times in seconds on its clock. */
interface Rewindable {
  currentTime: number;
  readonly start: number;
  readonly end: number;
}

/** Reads, and then sets if told to. */
function span(viewer: Viewer, seekTo?: { readonly behindEnd?: number; readonly at?: number }): Promise<Rewindable> {
  return viewer.tab.page.evaluate(to => {
    const element = document.querySelector('p2p-live') as unknown as HTMLVideoElement; // it has the same properties
    const { seekable } = element;
    const [start, end] = seekable.length > 0 ? [seekable.start(0), seekable.end(0)] : [0, 0];
    const { currentTime } = element;
    if (to) element.currentTime = to.at ?? end - (to.behindEnd ?? 0);
    return { currentTime, start, end };
  }, seekTo);
}

const call = (viewer: Viewer, method: 'play' | 'pause' | 'seekToLive') =>
  viewer.tab.page.evaluate(name => {
    const element = document.querySelector('p2p-live') as unknown as Record<string, () => unknown>; // its methods
    element[name]?.();
  }, method);

/** Waits until the picture is as old as this (ms, ±500), and says how long that took. */
async function shows(viewer: Viewer, ageMs: () => number, deadlineMs: number): Promise<number> {
  const from = performance.now();
  let seen: number | undefined;
  await until(
    async () => {
      seen = await viewer.pictureLatency();
      return seen !== undefined && Math.abs(seen - ageMs()) <= 500;
    },
    () => `a picture that is ${Math.round(ageMs())} ms old; seen: ${seen}`,
    deadlineMs,
  );
  return Math.round(performance.now() - from);
}

/** Of the broadcast, how much the relay can give (ms). */
async function windowOf(name: string): Promise<number> {
  const response = await fetch(`http://localhost:${stack.port}/channels/${name}`);
  const { rewind } = (await response.json()) as { rewind: { from: number; to: number } | null }; // as documented
  return rewind ? rewind.to - rewind.from : 0;
}

const bufferedSeconds = (ranges: readonly string[]) =>
  ranges.reduce((sum, range) => {
    const [start, end] = range.split('-').map(Number);
    return sum + ((end ?? 0) - (start ?? 0));
  }, 0);

test('back by 12 s, on from there, a pause, and live again; nobody else notices', async t => {
  const source = await httpSource('flv');
  const ingest = stack.ingest(source.source, 'rewind');
  const viewers: Viewer[] = [];
  try {
    await ingest.says(/published|publishing/i, 30_000);
    const first = await Viewer.open(stack.page('rewind'));
    viewers.push(first);
    await first.plays(25);
    await until(async () => (await windowOf('rewind')) > 20_000, 'the broadcast runs for 20 s', 40_000);
    const late = await Viewer.open(stack.page('rewind'));
    viewers.push(late);
    await late.plays(50);
    const isJoined = async () => (await late.look()).stats.stalls !== undefined && (await feeders(late)) > 0;
    await until(isJoined, 'a peer feeds the viewer', 10_000);
    const before = await first.look();
    const pulledBefore = Number((await swarmOf(late)).bytesPulled);

    const live = await late.medianPictureLatency(3);
    const { end, currentTime } = await span(late, { behindEnd: 12 });
    const sought = Date.now() - live - (12 + currentTime - end) * 1_000;
    const soughtMs = await shows(late, () => Date.now() - sought, 1_500);
    t.diagnostic(`12 s back after ${soughtMs} ms`);
    const jumps = Number((await late.look()).stats.jumps);
    await late.plays(25);
    const age = await late.medianPictureLatency(3);
    await late.plays(75);
    await shows(late, () => age, 1_000);
    const swarm = await swarmOf(late);
    t.diagnostic(`of the past ${Number(swarm.bytesPulled) - pulledBefore} bytes came from the peer`);
    assert.ok(Number(swarm.bytesPulled) > pulledBefore, 'peers give the past');

    await call(late, 'pause');
    const pausedAt = performance.now();
    const stood = await span(late);
    await until(async () => (await span(late)).end > stood.end + 5, '5 s go by', 8_000);
    assert.ok(Math.abs((await span(late)).currentTime - stood.currentTime) < 0.1, 'a pause is a pause');
    const pausedMs = performance.now() - pausedAt;
    await call(late, 'play');
    await late.plays(50);
    await shows(late, () => age + pausedMs, 1_000);
    const after = await late.look();
    assert.equal(after.stats.jumps, jumps, 'it goes on where it stood');
    assert.ok(bufferedSeconds(after.buffered) < 60, after.buffered.join(' '));
    await late.screenshot('rewind-behind');

    // As live as the one who never left.
    const edge = await first.medianPictureLatency(3);
    await call(late, 'seekToLive');
    t.diagnostic(`live again after ${await shows(late, () => edge, 1_000)} ms`);
    await late.plays(25);

    const undisturbed = await first.look();
    assert.equal(undisturbed.stats.stalls, before.stats.stalls);
    assert.equal(undisturbed.stats.jumps, before.stats.jumps);
    assert.equal(undisturbed.stats.gaps, before.stats.gaps);
    for (const viewer of viewers) assert.deepEqual(viewer.tab.complaints, []);
  } finally {
    for (const viewer of viewers) await viewer.close();
    await ingest.stop();
    await source.kill();
  }
});

test('an outage within the window is stepped over; what lies outside of the window is taken for its ends', async () => {
  let viewer: Viewer | undefined;
  try {
    await outage;
    await until(async () => (await windowOf('outage')) > 12_000, 'it goes on', 30_000);
    viewer = await Viewer.open(stack.page('outage'));
    await viewer.plays(25);
    await span(viewer, { at: -1_000 });
    const tab = viewer;
    const { start } = await span(tab);
    await until(async () => Math.abs((await span(tab)).currentTime - start) < 2, 'it begins at the beginning', 3_000);
    const across = async () => (await span(tab)).currentTime > start + unbroken + 3;
    await until(across, 'it plays across the outage', 20_000);
    await viewer.plays(25);
    await span(viewer, { at: 1e9 });
    await until(async () => Number((await tab.look()).stats.latency) < 2.5, 'beyond the end is live', 3_000);
    assert.equal((await viewer.look()).error, null);
    assert.deepEqual(viewer.tab.complaints, []);
  } finally {
    await viewer?.close();
  }
});

async function swarmOf(viewer: Viewer): Promise<Record<string, unknown>> {
  const { swarm } = (await viewer.look()).stats;
  return typeof swarm === 'object' && swarm ? { ...swarm } : {};
}

async function feeders(viewer: Viewer): Promise<number> {
  const { peers } = await swarmOf(viewer);
  return Array.isArray(peers) ? peers.filter(({ state }) => state === 'connected').length : 0;
}
