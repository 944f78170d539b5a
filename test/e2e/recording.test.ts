// Recording with real programs: what encoders sent comes out as FLV and TS that ffmpeg decodes, also when the relay was killed in mid-write.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { DataScanner } from '../../core/recording/data-scanner.ts';
import type { RecordingSummary } from '../../core/recording/recording-document.ts';
import { WIRE_VERSION } from '../../core/wire/codec.ts';
import { subscribe } from '../../core/wire/index.ts';
import { onPath } from '../../demo/find-program.mjs';
import { overWebSocket, type Party, PUBLISH_KEY, publisher, signerOf } from '../node/relay/fixtures.ts';
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
  const probe = ['-v', 'error', '-show_entries', 'format=duration:stream=codec_name', '-of', 'json', path];
  const { format, streams } = JSON.parse(spawnSync(onPath('ffprobe')!, probe, { encoding: 'utf8' }).stdout);
  // A TS may end within a picture, which is not decoded then, and told of once for each stream. An FLV ends with a whole tag.
  const limit = container === 'ts' ? ['-t', `${format.duration - 0.2}`] : [];
  const decode = ['-v', 'warning', ...limit, '-i', path, '-f', 'null', '-'];
  const { stderr } = spawnSync(onPath('ffmpeg')!, decode, { encoding: 'utf8' });
  const codecs = streams.map((stream: { codec_name: string }) => stream.codec_name).sort();
  const ends = /PES packet size mismatch|Packet corrupt|corrupt input packet/;
  const lines = stderr.split('\n').filter(line => line !== '');
  const isEnd = container === 'ts' && lines.filter(line => line.includes('Packet corrupt')).length <= 2;
  const complaints = lines.filter(line => !isEnd || !ends.test(line)).join('\n');
  return { complaints, seconds: Number(format.duration), codecs };
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
    assert.equal(complaints, '');
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
    assert.equal(complaints, '');
    assert.ok(Math.abs(seconds * 1_000 - newest!.durationMs) < 300, `${seconds} s, ${newest!.durationMs} ms are told`);
  }
  assert.doesNotMatch(third.output, /cut off/, 'a relay that leaves ends its recordings');
});

test('a real disk that is full stops recording; viewers get every chunk, and what was recorded can be read', async t => {
  const [own, disk] = [join(folder, 'full'), join(folder, 'full', 'recordings')];
  mkdirSync(disk, { recursive: true });
  const settings = join(own, 'relay.yaml');
  const place = await freePort();
  writeFileSync(
    settings,
    `host: 127.0.0.1\nport: ${place}\nstateDir: ${own}\npublishKeys: ['${PUBLISH_KEY}']\nrecordings: { all: true, keepFreeMegabytes: 0 }\n`,
  );
  if (spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', disk]).status !== 0) {
    t.skip('unshare can not mount here: no small disk to fill');
    return;
  }
  const run = `mount -t tmpfs -o size=2m none ${disk} && exec node_modules/deno/deno run --quiet -A --unstable-net relay/main.ts --config ${settings}`;
  const relay = start('unshare', '-rm', 'sh', '-c', run);
  await relay.says(/p2p-live relay at/);
  const { party: witness } = await overWebSocket({ port: place });
  witness.send(subscribe, { version: WIRE_VERSION, channel: 'full' });
  const { party } = await overWebSocket({ port: place });
  const source = await publisher(party, 'full', await signerOf(1));
  const first = source.next;
  let last = first;
  for (let group = 0; group < 50; group++) await witness.getsChunk((last = await source.group(20, 4_000)));
  await relay.says(/recording has stopped.*|the disk is full/);
  assert.match(relay.output, /"reason":"the disk is full"/);
  assert.deepEqual(
    witness.sequences,
    Array.from({ length: last - first + 1 }, (_, i) => first + i),
  );
  const answer = await fetch(`http://127.0.0.1:${place}/recordings?channel=full`);
  const { recordings: found }: { recordings: RecordingSummary[] } = await answer.json();
  const scanner = new DataScanner();
  const data = await fetch(`http://127.0.0.1:${place}/recordings/${found[0]!.id}/data`);
  scanner.push(new Uint8Array(await data.arrayBuffer()));
  t.diagnostic(`${scanner.chunks} of ${last - first + 1} chunks are on a disk of 2 MB`);
  assert.equal(scanner.fault, undefined);
  assert.ok(scanner.chunks > 400 && scanner.chunks < 520, `${scanner.chunks} chunks of 4.1 kB`);
});
