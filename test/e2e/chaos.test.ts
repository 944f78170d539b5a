// A relay under load that has it hard: 50 channels, 200 viewers whose links break at random, and a relay that is killed in the middle of it all.
// Everybody is back within 5 s (of a relay's return), and what was recorded is whole.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { DataScanner } from '../../core/recording/data-scanner.ts';
import type { RecordingSummary } from '../../core/recording/recording-document.ts';
import { freePort } from '../support/free-port.ts';
import { httpSource, type LiveSource } from '../support/live-source.ts';
import { Program } from '../support/program.ts';
import { SteadyChannel } from '../support/steady-channel.ts';
import { SteadyViewer } from '../support/steady-viewer.ts';
import { until } from '../support/until.ts';
import { Viewer } from '../support/viewer.ts';

const CHANNELS = 50;
const VIEWERS = 200;
const CUTS = 200;
const BACK_MS = 5_000;
/** What was sent before the kill has arrived by then. */
const UNDER_WAY_MS = 500;
/** What a recorder may not have written when it is killed: a fifth of a second a chunk. */
const LOST_CHUNKS = 1;
const PUBLISH_KEY = 'a key of the chaos test';

const folder = mkdtempSync(join(tmpdir(), 'p2p-live-chaos-'));
const channels: SteadyChannel[] = [];
const viewers: SteadyViewer[] = [];
/** By channel, the newest chunk that any viewer had. */
const seenBeforeKill = new Map<string, number>();
let relay: Program;
let url: string;
let source: LiveSource;
let ingest: Program;
let page: Viewer;

before(async () => {
  const port = await freePort();
  url = `http://localhost:${port}`;
  const config = join(folder, 'relay.yaml');
  const settings = [
    'recordings: { all: true, keepFreeMegabytes: 0 }',
    'limits: { handshakesPerMinute: 100000 }',
    `stateDir: ${folder}`,
    `publishKeys: ['${PUBLISH_KEY}']`,
    `port: ${port}`,
    'logLevel: warn',
  ];
  writeFileSync(config, settings.join('\n'));
  await startRelay();
  source = await httpSource('flv');
  const options = ['--relay', url, '--name', 'real', '--key', PUBLISH_KEY, '--state', join(folder, 'ingest')];
  ingest = new Program(process.execPath, ['--import', 'tsx', 'ingest/main.ts', source.source, ...options]);
  for (let i = 0; i < CHANNELS; i++) channels.push(await SteadyChannel.start(url, `steady/${i}`, PUBLISH_KEY));
  for (let i = 0; i < VIEWERS; i++) {
    const { name, publicKey } = channels[i % CHANNELS]!;
    viewers.push(new SteadyViewer(url, name, new Uint8Array(publicKey)));
  }
  await ingest.says(/published/, 30_000);
  page = await Viewer.open(`${url}/embed/real?autoplay=1&muted=1`);
});
after(async () => {
  for (const viewer of viewers) viewer.close();
  await page?.close();
  await Promise.all([source?.kill(), ingest?.stop('SIGKILL'), relay?.stop('SIGKILL')]);
  rmSync(folder, { recursive: true, force: true });
});

async function startRelay(): Promise<void> {
  relay = new Program('node_modules/deno/deno', [
    ...['run', '--quiet', '-A', '--unstable-net', 'relay/main.ts', '--config', join(folder, 'relay.yaml')],
  ]);
  await relay.says(/p2p-live relay at/);
}

/** Waits until all of them have had a chunk since; returns how long the last one waited, from then on (ms). */
async function allAreBack(those: Iterable<SteadyViewer>, since: number): Promise<number> {
  const waiting = new Set(those);
  const waited: number[] = [];
  await until(
    () => {
      for (const viewer of waiting) {
        if (viewer.newestAt <= since) continue;
        waited.push(viewer.newestAt - since);
        waiting.delete(viewer);
      }
      return waiting.size === 0;
    },
    () => `everybody is back; ${waiting.size} are not; the relay said: ${relay.output.slice(-1_000)}`,
    20_000,
  );
  return Math.max(...waited);
}

const faults = () => viewers.flatMap(viewer => viewer.faults);

test('200 links break at random: each viewer is back within 5 s, and misses nothing while its link holds', async t => {
  await allAreBack(viewers, performance.now());
  await page.plays(25);
  let worst = 0;
  let seed = 1;
  for (let i = 0; i < CUTS; i += 20) {
    const cut = new Set<SteadyViewer>();
    while (cut.size < 20) {
      seed = (seed * 48_271) % 0x7fff_ffff;
      cut.add(viewers[seed % VIEWERS]!);
    }
    const since = performance.now();
    for (const viewer of cut) viewer.cut();
    worst = Math.max(worst, await allAreBack(cut, since));
  }
  t.diagnostic(`${CUTS} links broken; the longest wait for the next chunk was ${Math.round(worst)} ms`);
  assert.ok(worst < BACK_MS, `${worst} ms`);
  assert.equal(
    viewers.reduce((sum, { links }) => sum + links, 0),
    VIEWERS + CUTS,
  );
  assert.equal(
    viewers.reduce((sum, { missing }) => sum + missing, 0),
    0,
  );
  assert.deepEqual(faults(), []);
});

test('the relay is killed and started again: everybody sees what is live within 5 s of its return', async t => {
  for (const { name } of channels) {
    const seen = viewers.filter(viewer => viewer.channel === name).map(({ newest }) => newest);
    seenBeforeKill.set(name, Math.max(...seen));
  }
  const { stats: before } = await page.look();
  const killed = performance.now();
  await relay.stop('SIGKILL');
  await startRelay();
  const away = performance.now() - killed;
  const back = (await allAreBack(viewers, killed + UNDER_WAY_MS)) + UNDER_WAY_MS;
  await page.plays(25);
  const { stats } = await page.look();
  t.diagnostic(
    `the relay was away for ${Math.round(away)} ms; the last viewer had a chunk ${Math.round(back)} ms after the kill; the page, which has no neighbours, stalled ${Number(stats.stalls) - Number(before.stalls)} times`,
  );
  assert.ok(back - away < BACK_MS, `${back - away} ms after the relay was back`);
  assert.deepEqual(faults(), []);
});

test('the relay leaves and is started again: the same, and every recording is whole', async t => {
  const asked = performance.now();
  assert.equal(await relay.stop('SIGTERM'), 0);
  const left = performance.now() - asked;
  await startRelay();
  const away = performance.now() - asked;
  const back = (await allAreBack(viewers, asked + left)) + left;
  t.diagnostic(
    `left within ${Math.round(left)} ms, away for ${Math.round(away)} ms; the last viewer had a chunk ${Math.round(back)} ms after the signal`,
  );
  assert.ok(back - away < BACK_MS, `${back - away} ms after the relay was back`);
  assert.deepEqual(faults(), []);
  await page.plays(25);

  await Promise.all(channels.map(channel => channel.stop()));
  const figures = { recordings: 0, chunks: 0, lost: 0 };
  for (const { name, next } of channels) {
    const found = await finished(name);
    const scanned = await Promise.all(found.map(({ id }) => scan(id)));
    figures.recordings += scanned.length;
    figures.chunks += scanned.reduce((sum, { chunks }) => sum + chunks, 0);
    assert.ok(scanned.length >= 2, `${name} was recorded before the relay was killed, and after`);
    assert.equal(scanned.at(-1)?.last, next - 1, `${name}: the last chunk is there`);
    const lost = seenBeforeKill.get(name)! - scanned[0]!.last;
    figures.lost = Math.max(figures.lost, lost);
  }
  t.diagnostic(
    `${figures.recordings} recordings, ${figures.chunks} chunks; of what viewers had seen the kill cost a recording at most ${figures.lost} chunks`,
  );
  assert.ok(figures.lost <= LOST_CHUNKS, `${figures.lost} chunks lost`);
});

/** The recordings of a channel, the oldest first, once all have ended. */
async function finished(channel: string): Promise<RecordingSummary[]> {
  let found: RecordingSummary[] = [];
  await until(
    async () => {
      const response = await fetch(`${url}/recordings?channel=${channel}`);
      found = (await response.json()).recordings;
      return found.length > 0 && found.every(({ endedAt }) => endedAt !== null);
    },
    () => `the recordings of ${channel} end; seen: ${JSON.stringify(found)}`,
  );
  return found.sort((a, b) => a.startedAt - b.startedAt);
}

/** Reads a recording to its end: every message of it is there, and no chunk is missing in between. */
async function scan(id: string): Promise<{ chunks: number; last: number }> {
  const response = await fetch(`${url}/recordings/${id}/data`);
  const scanner = new DataScanner();
  scanner.push(new Uint8Array(await response.arrayBuffer()));
  const { fault, end, rest, chunks, last, groups } = scanner;
  assert.deepEqual({ fault, rest, ended: end !== undefined }, { fault: undefined, rest: 0, ended: true }, id);
  assert.ok(last && groups[0]);
  assert.equal(last.sequence - groups[0].sequence + 1, chunks, `${id}: none is missing`);
  return { chunks, last: last.sequence };
}
