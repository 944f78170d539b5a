// The relay as a program with viewers on it: how it leaves, and what stalled viewers cost it under Deno.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { CloseCode } from '../../../core/link.ts';
import { webSocketLink } from '../../../core/links/web-socket-link.ts';
import { WIRE_VERSION } from '../../../core/wire/codec.ts';
import * as wire from '../../../core/wire/index.ts';
import { findDeno } from '../../../relay/run-under-deno.ts';
import { freePort } from '../../support/free-port.ts';
import { Program } from '../../support/program.ts';
import { until } from '../../support/until.ts';
import { Party, PUBLISH_KEY, publisher, signerOf, type TestPublisher, temporaryDirectory } from './fixtures.ts';

const MAIN = fileURLToPath(new URL('../../../relay/main.ts', import.meta.url));
const STALLED = fileURLToPath(new URL('stalled-viewer.ts', import.meta.url));
const folder = temporaryDirectory();
const config = join(folder, 'relay.yaml');
// A small window, so that the relay's own store doesn't count.
writeFileSync(config, 'host: 127.0.0.1\nwindow: { megabytes: 4 }\nlimits: { publishMegabitsPerSecond: 2000 }\n');

function started(program: Program): Program {
  after(() => program.stop('SIGKILL'));
  return program;
}

async function flags(): Promise<string[]> {
  return ['--config', config, '--port', `${await freePort()}`, '--log-level', 'warn'];
}

const env = { P2P_LIVE_PUBLISH_KEY: PUBLISH_KEY };

async function open(port: number): Promise<Party> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/p2p-live`);
  const party = new Party(webSocketLink(socket));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return party;
}

async function watch(port: number): Promise<Party> {
  const party = await open(port);
  party.send(wire.subscribe, { version: WIRE_VERSION, channel: 'a' });
  await party.gets(wire.channelState);
  return party;
}

async function publishAt(port: number): Promise<TestPublisher> {
  return publisher(await open(port), 'a', await signerOf(1));
}

/** Resident memory of a process in bytes. */
function memoryOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1_024;
}

for (const runtime of ['node', 'auto'] as const) {
  test(`--runtime ${runtime}: SIGTERM tells everybody to come back, then the program ends with 0 within 3 s`, async () => {
    const args = ['--import', 'tsx', MAIN, ...(await flags()), '--runtime', runtime];
    const program = started(new Program(process.execPath, args, { env }));
    const [, port, name] = await program.says(/relay at http:\/\/127\.0\.0\.1:(\d+) \((\w+),/);
    assert.equal(name, runtime === 'node' ? 'node' : 'deno');
    const source = await publishAt(Number(port));
    const viewers = await Promise.all([watch(Number(port)), watch(Number(port))]);
    const edge = await source.group(2);
    for (const viewer of viewers) await viewer.getsChunk(edge);

    const asked = performance.now();
    program.child.kill('SIGTERM');
    for (const party of [source.party, ...viewers]) {
      const { retryAfterMs, reason } = await party.gets(wire.goaway);
      assert.ok(retryAfterMs >= 500 && retryAfterMs < 503, `${retryAfterMs} ms: a millisecond for each of the three`);
      assert.equal(reason, 'the relay leaves');
      assert.equal((await party.ends()).code, CloseCode.goingAway);
    }
    assert.equal(await program.ended, 0);
    assert.ok(performance.now() - asked < 3_000, `${performance.now() - asked} ms`);
  });
}

test('Deno: WebTransport viewers that never read cost a bounded part, and disturb nobody', async context => {
  if (!existsSync('/proc/self/status')) return context.skip('no /proc: the memory of a process is not to be seen');
  const deno = findDeno(import.meta.url);
  assert.ok(deno, 'the npm package deno is not installed');
  const run = ['run', '-A', '--unstable-net', '--no-prompt'];
  const program = started(new Program(deno, [...run, MAIN, ...(await flags())], { env }));
  const port = Number((await program.says(/relay at http:\/\/127\.0\.0\.1:(\d+) \(deno, WebTransport/))[1]);
  const source = await publishAt(port);
  const viewer = await watch(port);
  const { transports } = await (await fetch(`http://127.0.0.1:${port}/channels/a`)).json();
  const [{ url, certificateHashes }] = transports.webtransport;
  const stalled = Array.from({ length: 4 }, () =>
    started(new Program(deno, [...run, STALLED, url, certificateHashes[0].value, 'a'])),
  );
  for (const one of stalled) await one.says(/subscribed/);

  const publish = async (megabytes: number) => {
    for (let i = 0; i < megabytes; i++) {
      await viewer.getsChunk(await source.group(63, 16_000));
      viewer.messages.length = 0; // ours would grow instead
    }
  };
  const links = async () => (await (await fetch(`http://127.0.0.1:${port}/health`)).json()).links;
  await until(async () => (await links()) === 6, 'all viewers are on the relay');
  await publish(30); // fills what is bounded: windows, flow control, the heap
  const before = memoryOf(program.child.pid!);
  await publish(60);
  const grown = memoryOf(program.child.pid!) - before;
  context.diagnostic(`${(grown / 1e6).toFixed(0)} MB grown`);
  assert.ok(grown < 45e6, `${(grown / 1e6).toFixed(0)} MB grown; 4 × 60 MB were not read`);
  assert.equal(await links(), 6, 'the stalled were there all the time');
  assert.deepEqual(viewer.all(wire.skipped), []);
  assert.equal(viewer.end, undefined);
});
