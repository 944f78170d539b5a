// The relay is killed for 5 s: the ingester, a peer of the swarm, feeds the viewers meanwhile, and nobody's picture stops.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { httpSource, type LiveSource } from '../support/live-source.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { until } from '../support/until.ts';
import { Viewer } from '../support/viewer.ts';

const CHANNEL = 'source-peer';
const AWAY_MS = 5_000;

let stack: Stack;
let source: LiveSource;
const viewers: Viewer[] = [];
before(async () => {
  stack = await startStack();
  source = await httpSource('flv');
});
after(async () => {
  for (const viewer of viewers) await viewer.close();
  await source?.kill();
  await stack.stop();
});

interface Peers {
  readonly state?: string;
  readonly peers?: readonly { readonly state: string; readonly gives: readonly number[] }[];
}

/** Peers that a viewer is connected with, and stripes that they push to it. */
async function peersOf(viewer: Viewer): Promise<{ connected: number; pushed: number; stalls: number }> {
  const { stats } = await viewer.look();
  const { peers = [] } = (stats.swarm ?? {}) as Peers; // what the element shows of itself
  const up = peers.filter(({ state }) => state === 'connected');
  return {
    connected: up.length,
    pushed: up.reduce((sum, { gives }) => sum + gives.length, 0),
    stalls: Number(stats.stalls),
  };
}

test('the relay is away for 5 s: the picture goes on at both viewers', async t => {
  const ingest = stack.ingest(source.source, CHANNEL);
  await ingest.says(/published/i, 30_000);
  for (let i = 0; i < 2; i++) viewers.push(await Viewer.open(stack.page(CHANNEL)));
  for (const viewer of viewers) await viewer.plays(25);
  await until(
    async () => (await Promise.all(viewers.map(peersOf))).every(({ connected }) => connected === 2),
    'each is connected with the other and with the source',
    30_000,
  );
  for (const viewer of viewers) await viewer.plays(75);
  const before = await Promise.all(viewers.map(viewer => viewer.look()));
  await stack.killRelay();
  const killedAt = performance.now();
  const log: string[] = [];
  let last = before.map(({ currentTime }) => currentTime);
  await until(async () => {
    const now = await Promise.all(viewers.map(viewer => viewer.look()));
    const said = now.map(({ currentTime, stats }, i) => {
      const step = currentTime - last[i]!;
      return `${step.toFixed(2)} s played, latency ${Number(stats.latency).toFixed(2)}`;
    });
    last = now.map(({ currentTime }) => currentTime);
    log.push(`${Math.round(performance.now() - killedAt)} ms: ${said.join(' | ')}`);
    return performance.now() - killedAt >= AWAY_MS;
  }, 'the relay has been away for 5 s');
  for (const line of log.filter((_, i) => i % 10 === 0)) t.diagnostic(line);
  const away = await Promise.all(viewers.map(viewer => viewer.look()));
  await stack.startRelay();
  for (const viewer of viewers) await viewer.plays(75);
  const back = await Promise.all(viewers.map(viewer => viewer.look()));
  for (const [i, { frames, stats }] of before.entries()) {
    assert.ok(away[i]!.frames - frames > 4 * 25, `viewer ${i}: ${away[i]!.frames - frames} frames in 5 s`);
    assert.equal(back[i]!.stats.stalls, stats.stalls, `viewer ${i} stalled`);
  }
  await until(
    async () => (await Promise.all(viewers.map(peersOf))).every(({ connected }) => connected >= 1),
    'they are in the swarm of the new relay',
  );
});
