// `/metrics` over real HTTP: who may read it, what it says, and that its labels stay bounded.

import assert from 'node:assert/strict';
import test from 'node:test';
import * as wire from '../../../../core/wire/index.ts';
import { until } from '../../../support/until.ts';
import { publisher, signerOf, viewer } from '../fixtures.ts';
import { ADMIN_TOKEN, operatedRelay } from './stage.ts';

const METRICS_TOKEN = 'good for metrics only';

/** One line of the text: its name, labels and value. */
function valuesOf(text: string): Map<string, number> {
  const values = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const [, name, value] = /^(\w+(?:\{.*\})?) (\S+)$/.exec(line) ?? assert.fail(`no metric: ${line}`);
    values.set(name!, Number(value)); // both groups are there when it matches
  }
  return values;
}

test('metrics tell of channels and of what viewers report, to whoever has a token for them', async () => {
  const { relay } = await operatedRelay({ admin: { metricsToken: METRICS_TOKEN } });
  const ask = (token: string, path = 'metrics') =>
    fetch(`${relay.url}/${path}`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal((await fetch(`${relay.url}/metrics`)).status, 401);
  assert.equal((await ask('a wrong token of that length')).status, 401);
  assert.equal((await ask(ADMIN_TOKEN)).status, 200);
  assert.equal((await ask(METRICS_TOKEN, 'admin/api/status')).status, 401, 'for nothing else');

  const camera = await publisher(relay, 'lecture', await signerOf(1));
  await camera.group(3, 1_000);
  const one = viewer(relay, 'lecture');
  await one.getsChunk(1_002);
  one.send(wire.qualityReport, {
    ...{ stalls: 2, stalledMs: 1_500, playedMs: 8_000, latencyMs: 900, startupMs: 300 },
    ...{ nat: 'symmetric', place: 'Europe/Berlin' },
  });
  let values = new Map<string, number>();
  const read = async () => {
    const response = await ask(METRICS_TOKEN);
    assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
    values = valuesOf(await response.text());
    return values.get('p2p_live_viewer_stalls_total{channel="lecture"}') === 2;
  };
  await until(read, 'the report is counted');
  const of = (name: string) => values.get(`p2p_live_${name}`);
  assert.equal(of('viewers{channel="lecture"}'), 1);
  assert.equal(of('viewer_stalled_seconds_total{channel="lecture"}'), 1.5);
  assert.equal(of('viewer_played_seconds_total{channel="lecture"}'), 8);
  assert.equal(of('viewer_latency_seconds_bucket{le="1",channel="lecture"}'), 1);
  assert.equal(of('viewer_latency_seconds_bucket{le="0.75",channel="lecture"}'), 0);
  assert.equal(of('viewer_startup_seconds_count{channel="lecture"}'), 1);
  assert.equal(of('viewers_by_nat{nat="symmetric"}'), 1);
  assert.equal(of('viewers_by_region{region="Europe"}'), 1);
  assert.equal(of('channels{state="live"}'), 1);
  assert.equal(of('links{transport="memory",kind="viewer"}'), 1);
  assert.equal(of('draining'), 0);
  assert.ok(of('resident_memory_bytes')! > 1e7 && of('cpu_seconds_total')! > 0);
  const received = of('received_bytes_total{channel="lecture"}')!;
  assert.ok(received > 3_000, `${received} bytes of three chunks`);
  const sent = of('sent_bytes_total{channel="lecture"}')!;
  assert.ok(sent >= received && sent < received + 20, `${sent} bytes: one viewer got them all, as messages`);
  await read();
  assert.equal(of('received_bytes_total{channel="lecture"}'), received, 'nothing is counted twice');

  relay.drain.begin('for the test');
  await read();
  assert.equal(of('draining'), 1);
});

test('a hundred channels have labels of their own, the others share one', async () => {
  const { relay } = await operatedRelay({ limits: { channelsPerAddress: 1_000 } });
  const text = async () =>
    (await fetch(`${relay.url}/metrics`, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } })).text();
  const viewers = Array.from({ length: 130 }, (_, number) => viewer(relay, `c${number}`));
  await Promise.all(viewers.map(each => each.gets(wire.channelState)));
  const labels = valuesOf(await text());
  const shown = [...labels].filter(([name]) => name.startsWith('p2p_live_viewers{'));
  assert.equal(shown.length, 101);
  assert.equal(labels.get('p2p_live_viewers{channel="other"}'), 30);
});
