// The admin API over real HTTP: what it tells, what it does, and what it refuses.

import assert from 'node:assert/strict';
import test from 'node:test';
import * as wire from '../../../../core/wire/index.ts';
import { swarmReport } from '../../../../core/wire/swarm-report.ts';
import { until } from '../../../support/until.ts';
import { PUBLISH_KEY, publisher, signerOf, viewer } from '../fixtures.ts';
import { ADMIN_TOKEN, operatedRelay } from './stage.ts';

const report = { stalls: 0, stalledMs: 0, playedMs: 10_000, latencyMs: 800, startupMs: 400 };

test('nothing is there without an admin token, and nothing without it shown', async () => {
  const { relay } = await operatedRelay();
  for (const path of ['status', 'channels', 'log', 'log/stream', 'openapi.json', 'series', 'recordings', 'nothing']) {
    const response = await fetch(`${relay.url}/admin/api/${path}`);
    assert.equal(response.status, 401, path);
  }
  relay.configure({
    host: '127.0.0.1',
    port: 0,
    webTransport: { enabled: false },
    logLevel: 'silent',
    publishKeys: [PUBLISH_KEY],
  });
  assert.equal((await fetch(`${relay.url}/admin/api/status`)).status, 404);
});

test('tells of the relay, its channels, their viewers and their swarm', async () => {
  const { relay, get } = await operatedRelay();
  const camera = await publisher(relay, 'room/alice', await signerOf(1));
  await camera.group(3);
  const one = viewer(relay, 'room/alice');
  const two = viewer(relay, 'room/alice');
  await one.getsChunk(1_002);
  one.send(wire.qualityReport, { ...report, nat: 'cone', place: 'Europe/Berlin' });
  two.send(wire.qualityReport, {
    ...report,
    latencyMs: 1_200,
    stalls: 3,
    stalledMs: 1_000,
    nat: 'symmetric',
    place: 'No/Where',
  });
  one.send(wire.joinSwarm, { secret: new Uint8Array(16).fill(1), role: 'viewer', uploadKbps: 5_000, neighbours: [] });
  two.send(wire.joinSwarm, { secret: new Uint8Array(16).fill(2), role: 'viewer', uploadKbps: 0, neighbours: [] });
  await until(async () => (await get('channels/room%2Falice/swarm')).members.length === 2, 'both are in the swarm');

  const status = await get('status');
  assert.deepEqual(
    [status.viewers, status.links, status.channels, status.draining, status.runtime],
    [2, 3, 1, false, 'node'],
  );
  assert.equal(status.url, relay.url);
  assert.match(status.version, /^\d+\.\d+\.\d+/);
  assert.ok(status.load.memoryBytes > 1e7 && status.recordings.freeBytes > 0, JSON.stringify(status));

  const [row, ...others] = await get('channels');
  assert.deepEqual(others, []);
  assert.deepEqual([row.name, row.state, row.viewers, row.latencyMs], ['room/alice', 'live', 2, 1_200]);
  assert.ok(row.startedAt > Date.now() - 60_000);
  assert.equal(row.stallsPerViewerMinute, 8.571, '3 in 21 s');

  const detail = await get('channels/room%2Falice');
  assert.deepEqual(detail.nat, { cone: 1, symmetric: 1 });
  assert.deepEqual(detail.places, { 'Europe/Berlin': 1 }, 'what is no place is none');
  assert.deepEqual(detail.transports, { memory: 2 });
  assert.deepEqual(detail.settings, { view: 'open', record: false, rewind: 600, peers: true, maxViewers: null });

  const viewers = await get('channels/room%2Falice/viewers');
  assert.deepEqual(
    viewers.map((each: Record<string, unknown>) => [each.transport, each.stalls, each.nat, each.place, each.latencyMs]),
    [
      ['memory', 0, 'cone', 'Europe/Berlin', 800],
      ['memory', 3, 'symmetric', null, 1_200],
    ],
  );

  const planned = ({ parents }: { parents: readonly unknown[] }) => !parents.includes(null);
  await until(async () => (await get('channels/room%2Falice/swarm')).members.every(planned), 'both were told a plan');
  const swarm = await get('channels/room%2Falice/swarm');
  assert.deepEqual([swarm.stripes, swarm.size], [4, 2]);
  assert.deepEqual(
    swarm.members.map((each: Record<string, unknown>) => [each.nat, each.uplinkKbps, each.role]),
    [
      ['cone', 5_000, 'viewer'],
      ['symmetric', 0, 'viewer'],
    ],
  );
  const [first, second] = swarm.members;
  assert.deepEqual(first.parents, ['relay', 'relay', 'relay', 'relay']);
  assert.equal(
    second.parents.filter((parent: string) => parent === first.id).length,
    4,
    'the one with an uplink feeds the other',
  );

  one.send(swarmReport, {
    ...{ fromPeers: 3_000, fromRelay: 1_000, uploaded: 0, duplicates: 0, rejected: 0, fallbacks: 0, stalls: 0 },
    ...{ uploadKbps: 4_000, latencyMs: 700, peers: [] },
  });
  await until(async () => (await get('channels/room%2Falice/swarm')).members[0].offload === 0.75, 'its report is told');
  assert.equal((await get('channels'))[0].offload, 0.75);
});

test('adds, changes, stops, starts and removes channels, and says what is wrong with one', async () => {
  const { ask, get } = await operatedRelay({ channels: [{ name: 'fixed', record: true }, { name: 'camera/*' }] });
  const url = 'http://user:secret@127.0.0.1:9/live.flv';
  const put = await ask('channels/yard%2Feast', {
    method: 'PUT',
    body: { source: { url, when: 'on-demand' }, rewind: 60 },
  });
  const added = await put.json();
  assert.equal(put.status, 200, JSON.stringify(added));
  assert.deepEqual([added.entry, added.settings.rewind, added.source.state], ['added', 60, 'waiting']);
  const everything = JSON.stringify([
    added,
    await get('channels'),
    await get('channels/yard%2Feast'),
    await get('log'),
  ]);
  assert.ok(!everything.includes('secret'), 'the password of its address is nowhere');

  assert.deepEqual((await get('series?channel=yard%2Feast')).at, [], 'nothing has happened there yet');
  assert.equal((await ask('series?channel=nothing')).status, 404);
  const lost = await ask('chanels');
  assert.deepEqual([lost.status, (await lost.json()).error.code], [404, 'not-found']);
  const rows = await get('channels');
  assert.deepEqual(
    rows.map((row: { name: string; entry: string }) => [row.name, row.entry]),
    [
      ['fixed', 'configuration'],
      ['yard/east', 'added'],
    ],
  );
  assert.equal((await ask('channels/yard%2Feast/stop', { method: 'POST' })).status, 204);
  assert.equal((await get('channels/yard%2Feast')).source.state, 'stopped');
  assert.equal((await ask('channels/yard%2Feast/start', { method: 'POST' })).status, 204);
  assert.notEqual((await get('channels/yard%2Feast')).source.state, 'stopped');
  assert.equal((await ask('channels/fixed/start', { method: 'POST' })).status, 404, 'it has no source');

  const wrong = await ask('channels/yard%2Feast', {
    method: 'PUT',
    body: { source: { url, when: 'never' }, recrod: true },
  });
  const { error } = await wrong.json();
  assert.equal(wrong.status, 400);
  assert.match(error.message, /source\.when/);
  assert.match(error.message, /recrod/);
  const badName = await ask('channels/a%2F%2Fb', { method: 'PUT', body: {} });
  assert.equal(badName.status, 400);
  assert.match((await badName.json()).error.message, /empty segment/);
  assert.equal((await ask('channels/x', { method: 'PUT', body: { viewKeys: ['x'.repeat(70_000)] } })).status, 413);

  assert.equal((await ask('channels/fixed', { method: 'DELETE' })).status, 409);
  assert.equal((await ask('channels/nothing', { method: 'DELETE' })).status, 404);
  assert.equal((await ask('channels/yard%2Feast', { method: 'DELETE' })).status, 204);
  assert.equal((await ask('channels/yard%2Feast')).status, 404);
});

test('viewers of a recording count, but where they meet is no channel', async () => {
  const { relay, get } = await operatedRelay();
  await viewer(relay, 'recordings/lecture/20261121T191500Z').gets(wire.channelState);
  await viewer(relay, 'lecture').gets(wire.channelState);
  assert.deepEqual(
    (await get('channels')).map(({ name }: { name: string }) => name),
    ['lecture'],
  );
  const { channels, viewers } = await get('status');
  assert.deepEqual([channels, viewers], [1, 2]);
});

test('a body that is no JSON, or says it is none, changes nothing', async () => {
  const { relay, get } = await operatedRelay();
  const put = (type: string, body: string) =>
    fetch(`${relay.url}/admin/api/channels/x`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': type },
      body,
    });
  for (const [type, body, status] of [
    ['application/json', '{"record":', 400],
    ['application/json', '[]', 400],
    ['application/json', 'null', 400],
    ['text/plain', '{"record":true}', 415],
    ['application/x-www-form-urlencoded', 'record=true', 415],
  ] as const) {
    const answer = await put(type, body);
    assert.equal(answer.status, status, `${type} ${body}`);
    assert.equal(typeof (await answer.json()).error.message, 'string');
  }
  assert.deepEqual(await get('channels'), []);
});

test('ends one viewer, or the publisher, and nobody else', async () => {
  const { relay, ask, get } = await operatedRelay();
  const camera = await publisher(relay, 'lecture', await signerOf(1));
  await camera.group(2);
  const [one, two] = [viewer(relay, 'lecture'), viewer(relay, 'lecture')];
  await Promise.all([one.getsChunk(1_001), two.getsChunk(1_001)]);
  const [{ id }] = await get('channels/lecture/viewers');
  assert.equal((await ask('channels/lecture/disconnect', { method: 'POST', body: { viewer: id } })).status, 204);
  assert.equal((await one.gets(wire.refused)).reason, 'an operator has ended this session');
  assert.equal((await ask('channels/lecture/disconnect', { method: 'POST', body: { viewer: '77' } })).status, 404);
  assert.equal((await ask('channels/lecture/disconnect', { method: 'POST', body: {} })).status, 204);
  await camera.party.ends();
  await until(async () => (await get('channels')).at(0).state === 'waiting', 'the channel waits');
  assert.equal(two.end, undefined);
  assert.equal((await ask('channels/lecture/disconnect', { method: 'POST', body: {} })).status, 404);
});

test('drains, and is open again', async () => {
  const { relay, ask, get } = await operatedRelay();
  assert.equal((await ask('drain', { method: 'POST' })).status, 204);
  assert.equal((await get('status')).draining, true);
  const health = await fetch(`${relay.url}/health`);
  assert.equal(health.status, 503);
  assert.deepEqual(await health.json(), { status: 'draining', links: 0, reasons: ['an operator drains the relay'] });
  assert.equal((await ask('drain', { method: 'DELETE' })).status, 204);
  assert.equal((await get('status')).draining, false);
  assert.deepEqual(await (await fetch(`${relay.url}/health`)).json(), { status: 'ok', links: 0, reasons: [] });
});

test('describes itself: every path with its answers, and nothing undescribed', async () => {
  const { get } = await operatedRelay();
  const document = await get('openapi.json');
  assert.equal(document.openapi, '3.1.0');
  const routes = Object.entries<Record<string, { responses: Record<string, unknown>; summary?: string }>>(
    document.paths,
  );
  const listed = routes.flatMap(([path, methods]) => Object.keys(methods).map(method => `${method} ${path}`));
  assert.deepEqual(listed.sort(), [
    'delete /channels/{name}',
    'delete /drain',
    'delete /recordings/{id}',
    'delete /session',
    'get /channels',
    'get /channels/{name}',
    'get /channels/{name}/swarm',
    'get /channels/{name}/viewers',
    'get /log',
    'get /log/stream',
    'get /recordings',
    'get /series',
    'get /session',
    'get /status',
    'patch /channels/{name}',
    'post /channels/{name}/disconnect',
    'post /channels/{name}/start',
    'post /channels/{name}/stop',
    'post /channels/{name}/view-token',
    'post /drain',
    'post /session',
    'put /channels/{name}',
  ]);
  for (const [path, methods] of routes) {
    for (const [method, { summary, responses }] of Object.entries(methods)) {
      assert.ok(summary && Object.keys(responses).length > 0, `${method} ${path}`);
    }
  }
  const patterns = [...JSON.stringify(document).matchAll(/"pattern":"((?:[^"\\]|\\.)*)"/g)].map(
    ([, pattern]) => pattern!,
  );
  assert.ok(
    patterns.length > 0 && patterns.every(pattern => pattern.startsWith('^') && pattern.endsWith('$')),
    `${patterns}`,
  );
  for (const reference of JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
    assert.ok(document.components.schemas[reference[1]!], `${reference[1]} is described`);
  }
});
