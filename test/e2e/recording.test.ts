// Recording with real programs: what encoders sent comes out as FLV and TS that ffmpeg decodes, also when the relay was killed in mid-write.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { DataScanner } from '../../core/recording/data-scanner.ts';
import type { RecordingSummary } from '../../core/recording/recording-document.ts';
import { WIRE_VERSION } from '../../core/wire/codec.ts';
import { subscribe } from '../../core/wire/index.ts';
import { onPath } from '../../demo/find-program.mjs';
import { overWebSocket, type Party } from '../node/relay/fixtures.ts';
import { freePort } from '../support/free-port.ts';
import { httpSource } from '../support/live-source.ts';
import { Program } from '../support/program.ts';
import { until } from '../support/until.ts';

const CONTAINERS = ['flv', 'ts'] as const;
const KEY = 'a-key-for-tests-only';

const folder = mkdtempSync(join(tmpdir(), 'p2p-live-recording-'));
const config = join(folder, 'relay.yaml');
const port = await freePort();
const url = `http://127.0.0.1:${port}`;
writeFileSync(
  config,
  `host: 127.0.0.1\nport: ${port}\nstateDir: ${folder}\npublishKeys: [${KEY}]\nrecordings: { keepFreeMegabytes: 1 }\nchannels:\n  - { name: show/*, record: true }\n`,
);
const programs: Program[] = [];
const sources = await Promise.all([httpSource('flv'), httpSource('mpegts')]);
after(async () => {
  await Promise.all([...programs.map(program => program.stop('SIGKILL')), ...sources.map(source => source.kill())]);
  rmSync(folder, { recursive: true, force: true });
});

function start(command: string, ...args: string[]): Program {
  const program = new Program(command, args, { env: { P2P_LIVE_KEY: KEY } });
  programs.push(program);
  return program;
}

async function startRelay(): Promise<Program> {
  const relay = start(
    'node_modules/deno/deno',
    'run',
    '--quiet',
    '-A',
    '--unstable-net',
    'relay/main.ts',
    '--config',
    config,
  );
  await relay.says(/p2p-live relay at/);
  return relay;
}

/** Recordings of a channel, the newest first, once they are as they should be. */
async function recordings(container: string, areRight: (found: readonly RecordingSummary[]) => boolean) {
  let found: RecordingSummary[] = [];
  await until(
    async () => {
      const response = await fetch(`${url}/recordings?channel=show/${container}`).catch(() => undefined); // the relay is away
      found = response?.ok ? (await response.json()).recordings : [];
      return areRight(found);
    },
    () =>
      `recordings of show/${container}: ${JSON.stringify(found)}\n${programs.map(({ output }) => output.slice(-2_000)).join('\n')}`,
    20_000,
  );
  return found;
}

/** What ffmpeg says of a file when it decodes all of it, and how long that is. */
async function decoded(id: string, container: string) {
  const response = await fetch(`${url}/recordings/${id}.${container}`);
  assert.equal(response.status, 200);
  const path = join(folder, `download.${container === 'ts' ? 'm2ts' : container}`);
  writeFileSync(path, new Uint8Array(await response.arrayBuffer()));
  const { stderr } = spawnSync(onPath('ffmpeg')!, ['-v', 'warning', '-i', path, '-f', 'null', '-'], {
    encoding: 'utf8',
  });
  const probe = ['-v', 'error', '-show_entries', 'format=duration:stream=codec_name', '-of', 'json', path];
  const { format, streams } = JSON.parse(spawnSync(onPath('ffprobe')!, probe, { encoding: 'utf8' }).stdout);
  const codecs = streams.map((stream: { codec_name: string }) => stream.codec_name).sort();
  return { complaints: stderr, seconds: Number(format.duration), codecs };
}

/** Complaints that count: a TS may end within a picture, which the decoder then finds broken. An FLV ends with a whole tag. */
function faultsOf(complaints: string, container: string): string[] {
  const lines = complaints.split('\n').filter(line => line !== '');
  const ofPicture = /macroblock|error while decoding MB|corrupt decoded frame|bytestream/;
  const isLast = lines.filter(line => line.includes('corrupt decoded frame')).length <= 1;
  return container === 'ts' && isLast ? lines.filter(line => !ofPicture.test(line)) : lines;
}

function lastSequence(id: string): number {
  const scanner = new DataScanner();
  scanner.push(new Uint8Array(readFileSync(join(folder, 'recordings', id, 'data'))));
  assert.equal(scanner.fault, undefined);
  return scanner.last!.sequence;
}

test('a killed relay has lost nothing that viewers saw; its recordings are decoded, and new ones begin', async t => {
  const relay = await startRelay();
  const witnesses: Party[] = [];
  for (const [i, container] of CONTAINERS.entries()) {
    start(
      process.execPath,
      '--import',
      'tsx',
      'ingest/main.ts',
      sources[i]!.source,
      '--relay',
      url,
      '--name',
      `show/${container}`,
      '--state',
      join(folder, container),
      '--no-peers',
    );
    const { party } = await overWebSocket({ port });
    party.send(subscribe, { version: WIRE_VERSION, channel: `show/${container}` });
    witnesses.push(party);
  }
  for (const container of CONTAINERS) await recordings(container, ([one]) => (one?.durationMs ?? 0) > 6_000);
  await relay.stop('SIGKILL');
  const seen = await Promise.all(witnesses.map(party => party.ends().then(() => Math.max(...party.sequences))));

  const again = await startRelay();
  for (const [i, container] of CONTAINERS.entries()) {
    const [cut] = (await recordings(container, found => found.some(({ endedAt }) => endedAt !== null))).filter(
      ({ endedAt }) => endedAt !== null,
    );
    const lost = seen[i]! - lastSequence(cut!.id);
    const { complaints, seconds, codecs } = await decoded(cut!.id, container);
    t.diagnostic(
      `${container}: ${seconds.toFixed(2)} s of ${cut!.durationMs} ms, ${lost} chunks lost, ffmpeg: ${complaints.trim() || 'no complaint'}`,
    );
    assert.ok(lost <= 1, `${lost} chunks that a viewer has seen are not in the recording`);
    assert.deepEqual(codecs, ['aac', 'h264']);
    assert.ok(Math.abs(seconds * 1_000 - cut!.durationMs) < 300, `${seconds} s, ${cut!.durationMs} ms are told`);
    assert.deepEqual(faultsOf(complaints, container), []);
  }
  assert.match(again.output, /a recording was cut off/);
  const [any] = await recordings('flv', found => found.length > 0);
  const range = await fetch(`${url}/recordings/${any!.id}/data`, { headers: { range: 'bytes=1000-1099' } });
  assert.equal(range.status, 206);
  const bytes = readFileSync(join(folder, 'recordings', any!.id, 'data')).subarray(1_000, 1_100);
  assert.deepEqual(Buffer.from(await range.arrayBuffer()), bytes);

  for (const container of CONTAINERS)
    await recordings(container, ([newest]) => newest?.endedAt === null && newest.durationMs > 1_000);
  await again.stop();
  const third = await startRelay();
  for (const container of CONTAINERS) {
    const [newest] = (
      await recordings(container, found => found.filter(({ endedAt }) => endedAt !== null).length === 2)
    ).filter(({ endedAt }) => endedAt !== null);
    const { complaints, seconds } = await decoded(newest!.id, container);
    assert.deepEqual(faultsOf(complaints, container), []);
    assert.ok(Math.abs(seconds * 1_000 - newest!.durationMs) < 300, `${seconds} s, ${newest!.durationMs} ms are told`);
  }
  assert.doesNotMatch(third.output, /cut off/, 'a relay that leaves ends its recordings');
});
