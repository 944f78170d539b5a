// Sources that the relay pulls: real relays, each with the real ingest program beside it.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { webSocketLink } from '../../../../core/links/web-socket-link.ts';
import { WIRE_VERSION } from '../../../../core/wire/codec.ts';
import * as wire from '../../../../core/wire/index.ts';
import type { Relay } from '../../../../relay/relay.ts';
import { findDeno } from '../../../../relay/run-under-deno.ts';
import { Program } from '../../../support/program.ts';
import { until } from '../../../support/until.ts';
import { recording, serve } from '../../ingest/fixtures.ts';
import { Party, PUBLISH_KEY, temporaryDirectory, testRelay, viewer } from '../fixtures.ts';

const MAIN = fileURLToPath(new URL('../../../../relay/main.ts', import.meta.url));
const CLIP = recording('clip.flv', 2);
const folder = temporaryDirectory();

function statusOf(relay: Relay, name: string) {
  const status = relay.sources.list().find(one => one.name === name);
  assert.ok(status, `${name} has no source`);
  return status;
}

async function becomes(relay: Relay, name: string, state: string): Promise<void> {
  const told = () => `${name} is ${state}: ${JSON.stringify(statusOf(relay, name))}`;
  await until(() => statusOf(relay, name).state === state, told, 15_000);
}

async function isFed(party: Party, from = 0): Promise<void> {
  await until(
    () => party.sequences.length > from + 5,
    () => `chunks come; end ${JSON.stringify(party.end)}`,
    15_000,
  );
}

test('always, on demand, not to be had, played to its end; added, stopped, started and removed', async () => {
  let asked = 0;
  const { url } = await serve(({ url: path }, response) => {
    asked++;
    if (path === '/text') response.end('no media at all '.repeat(1_000));
    else response.writeHead(404).end();
  });
  const stateDir = join(folder, 'sources');
  const missing = `${url.replace('//', '//user:secret@')}/live.flv?token=secret`;
  const relay = await testRelay({
    stateDir,
    unlistedChannels: 'refuse',
    channels: [
      { name: 'always', source: { url: CLIP, loop: true }, publishKeys: ['a key of its own'] },
      { name: 'demand', source: { url: CLIP, loop: true, when: 'on-demand', linger: 0.2 } },
      { name: 'missing', source: { url: missing } },
      { name: 'once', source: { url: CLIP } },
      { name: 'text', source: { url: `${url}/text` } },
    ],
  });
  assert.deepEqual(
    relay.sources.list().map(({ name }) => name),
    ['always', 'demand', 'missing', 'once', 'text'],
  );
  const before = Date.now();
  await becomes(relay, 'always', 'live');
  assert.ok(Math.abs(statusOf(relay, 'always').since - before) < 20_000);
  await isFed(viewer(relay, 'always'));

  await becomes(relay, 'missing', 'failed');
  const { error, url: shown } = statusOf(relay, 'missing');
  assert.match(error ?? '', /404/);
  assert.doesNotMatch(`${error} ${shown}`, /secret/);
  assert.ok(asked > 0);
  assert.equal(relay.channelDocument('missing', 'a').state, 'waiting', 'not on air while there is nothing to show');
  await becomes(relay, 'text', 'failed');
  assert.match(statusOf(relay, 'text').error ?? '', /can't be published/);
  assert.equal(relay.channelDocument('text', 'a').state, 'waiting', 'a broadcast that never began is not over');

  assert.equal(statusOf(relay, 'demand').state, 'waiting');
  const first = viewer(relay, 'demand');
  await isFed(first);
  assert.equal(statusOf(relay, 'demand').state, 'live');
  first.link.close(0, 'seen enough');
  await becomes(relay, 'demand', 'waiting');
  await until(async () => relay.channelDocument('demand', 'a').state === 'waiting', 'the channel waits');
  const second = viewer(relay, 'demand');
  await isFed(second);
  assert.ok(second.sequences[0]! > first.sequences.at(-1)!, 'nothing of the last time is shown');
  second.link.close(0, 'seen enough');
  await becomes(relay, 'demand', 'waiting');
  const leaving = new AbortController();
  const player = await fetch(`${relay.url}/live/demand.flv`, { signal: leaving.signal });
  assert.equal(player.status, 200, 'other players have it pulled as well');
  await becomes(relay, 'demand', 'live');
  leaving.abort();
  await becomes(relay, 'demand', 'waiting');

  await becomes(relay, 'once', 'stopped');
  await until(() => relay.channelDocument('once', 'a').state === 'ended', 'its broadcast is over');

  const added = viewer(relay, 'extra/one');
  await until(
    () => added.end !== undefined || added.all(wire.refused).length > 0,
    'a channel that is not listed is refused',
  );
  await relay.sources.add({ name: 'extra/one', source: { url: CLIP, loop: true } });
  await becomes(relay, 'extra/one', 'live');
  const watching = viewer(relay, 'extra/one');
  await isFed(watching);
  await relay.sources.stop('extra/one');
  assert.equal(statusOf(relay, 'extra/one').state, 'stopped');
  await until(() => watching.all(wire.channelState).at(-1)?.state === 'ended', 'its viewers are told');
  await relay.sources.start('extra/one');
  await becomes(relay, 'extra/one', 'live');
  await relay.sources.stop('extra/one');
  assert.deepEqual(JSON.parse(readFileSync(join(stateDir, 'channels.json'), 'utf8')).stopped, ['extra/one']);
  await relay.sources.remove('extra/one');
  await assert.rejects(relay.sources.start('extra/one'), /extra\/one has no source/);
  await assert.rejects(relay.sources.remove('always'), /stands in the configuration/);
  assert.equal(relay.sources.list().length, 5);
});

/** A relay in a process of its own, and what its viewers see. */
async function startProgram(runtime: 'deno' | 'node', config: string) {
  const deno = findDeno(import.meta.url);
  assert.ok(deno, 'the npm package deno is not installed');
  const how = runtime === 'deno' ? ['run', '-A', '--unstable-net', '--no-prompt'] : ['--import', 'tsx'];
  const flags = ['--config', config, '--host', '127.0.0.1', '--port', '0', '--runtime', runtime];
  const env = { P2P_LIVE_PUBLISH_KEY: PUBLISH_KEY, P2P_LIVE_STATE_DIR: join(folder, runtime) };
  const program = new Program(runtime === 'deno' ? deno : process.execPath, [...how, MAIN, ...flags], { env });
  after(() => program.stop('SIGKILL'));
  const [, port] = await program.says(/relay at http:\/\/127\.0\.0\.1:(\d+) /);
  const watch = async (channel: string) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/p2p-live`);
    const party = new Party(webSocketLink(socket));
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    party.send(wire.subscribe, { version: WIRE_VERSION, channel });
    return party;
  };
  return { program, watch };
}

/** The ingest program beside a relay. */
function ingestOf(relay: number): number | undefined {
  for (const name of readdirSync('/proc').filter(one => /^\d+$/.test(one))) {
    try {
      const [, parent] = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${name}/status`, 'utf8')) ?? [];
      const isIngest = readFileSync(`/proc/${name}/cmdline`, 'utf8').includes('--supervised');
      if (Number(parent) === relay && isIngest) return Number(name);
    } catch {
      // it has just ended
    }
  }
  return undefined;
}

for (const runtime of ['node', 'deno'] as const) {
  test(`${runtime}: the configuration changes while somebody watches, and the ingest program dies`, async context => {
    if (!existsSync('/proc/self/cmdline')) return context.skip('no /proc: processes are not to be seen');
    const config = join(folder, `${runtime}.yaml`);
    const entry = (name: string) => `  - { name: ${name}, source: { url: ${CLIP}, loop: true, when: on-demand } }\n`;
    writeFileSync(config, `channels:\n${entry('one')}`);
    const { program, watch } = await startProgram(runtime, config);
    const one = await watch('one');
    await isFed(one);

    writeFileSync(config, `channels:\n${entry('one')}  - { name: broken, sorce: 1 }\n`);
    await program.says(/line 3, channels\.1\.sorce: no such setting: did you mean source/);
    writeFileSync(config, `rooms: { open: true }\nchannels:\n${entry('one')}${entry('two')}`);
    await program.says(/the configuration file has changed; a restart is needed for rooms"/);
    const two = await watch('two');
    await isFed(two);
    program.child.kill('SIGHUP');
    await program.says(/SIGHUP: the configuration was read again; a restart is needed for rooms"/);
    const seen = one.sequences.length;
    await isFed(one, seen);
    assert.equal(one.end, undefined, 'whoever watched has noticed nothing');
    assert.equal(one.all(wire.channelState).length, 2, 'waiting, live, and nothing else');

    const otherClip = entry('two').replace(CLIP, recording('other.flv', 2));
    writeFileSync(config, `rooms: { open: true }\nchannels:\n${entry('one')}${otherClip}`);
    await program.says(/"source":"[^"]*other\.flv"[^\n]*"opening the source"/);
    await isFed(two, two.sequences.length);

    const relay = program.child.pid!; // it runs
    process.kill(ingestOf(relay)!, 'SIGKILL'); // what feeds the viewers
    await program.says(/the ingest program ended \(SIGKILL\)/);
    await program.says(/the ingest program runs again/);
    await isFed(one, one.sequences.length);
    await isFed(two, two.sequences.length);
    const ingest = ingestOf(relay);
    await program.stop('SIGTERM');
    await until(() => !existsSync(`/proc/${ingest}`), 'the ingest program ends with the relay');
    assert.ok(!program.output.includes(PUBLISH_KEY));
  });
}
