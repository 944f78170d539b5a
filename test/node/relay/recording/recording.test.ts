// Recording on a real relay: what was broadcast is on the disk as it was signed, is told of, and is served by range and as a plain file.

import assert from 'node:assert/strict';
import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { pino } from 'pino';
import { fromBase64Url } from '../../../../core/bytes.ts';
import type { Chunk } from '../../../../core/chunk.ts';
import { DataScanner } from '../../../../core/recording/data-scanner.ts';
import { decodeIndex, GroupIndex, groupsOf } from '../../../../core/recording/group-index.ts';
import { createVerifier, verifyChunk } from '../../../../core/signature.ts';
import { decodeBody, MessageReader } from '../../../../core/wire/framing.ts';
import * as wire from '../../../../core/wire/index.ts';
import { type Relay, startRelay } from '../../../../relay/relay.ts';
import { until } from '../../../support/until.ts';
import { Party, PUBLISH_KEY, prove, publisher, signerOf, temporaryDirectory, testRelay, viewer } from '../fixtures.ts';

const directory = temporaryDirectory();
const recorded = { recordings: { directory, keepFreeMegabytes: 0 }, channels: [{ name: 'rec/*', record: true }] };

/** As `testRelay` has it. */
const OF_TESTS = {
  ...{ host: '127.0.0.1', port: 0, webTransport: { enabled: false }, logLevel: 'silent' as const },
  publishKeys: [PUBLISH_KEY],
};

const get = (relay: Relay, path: string, init?: RequestInit) => fetch(`${relay.url}${path}`, init);

// biome-ignore lint/suspicious/noExplicitAny: tests read what JSON says
const json = async (relay: Relay, path: string): Promise<any> => {
  const response = await get(relay, path);
  assert.equal(response.status, 200, `${path}: ${response.status} ${await response.clone().text()}`);
  return response.json();
};

/** The one recording of a channel, once it is told of (and finished). */
async function recordingOf(relay: Relay, channel: string, isFinished = true) {
  let found: { id: string; endedAt: number | null; durationMs: number; bytes: number }[] = [];
  await until(
    async () => {
      ({ recordings: found } = await json(relay, `/recordings?channel=${channel}`));
      return found.length === 1 && (found[0]!.endedAt !== null) === isFinished;
    },
    () => `one recording of ${channel}: ${JSON.stringify(found)}`,
    5_000,
  );
  return found[0]!; // until() returned
}

function chunksIn(data: Uint8Array<ArrayBuffer>): Chunk[] {
  const chunks: Chunk[] = [];
  const reader = new MessageReader((type, body) => {
    if (type === wire.chunk.type) chunks.push(decodeBody(wire.chunk, body));
  });
  reader.push(data);
  reader.end();
  return chunks;
}

const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer());

test('a broadcast is recorded as it was signed; list, document, index, ranges and download agree', async () => {
  const relay = await testRelay(recorded);
  const signer = await signerOf(1);
  const source = await publisher(relay, 'rec/a', signer);
  const witness = viewer(relay, 'rec/a');
  const first = source.next;
  const ends: number[] = [];
  for (let group = 0; group < 4; group++) ends.push(await source.group(5, 3_000));
  source.init(2);
  const last = await source.group(5, 3_000);
  await witness.getsChunk(last);

  const running = await recordingOf(relay, 'rec/a', false);
  let sofar = new Uint8Array(0);
  await until(
    async () => {
      sofar = await bytesOf(await get(relay, `/recordings/${running.id}/data`));
      return chunksIn(sofar).length >= 25;
    },
    'all chunks are on the disk',
    5_000,
  );
  const open = await json(relay, `/recordings/${running.id}/index`);
  assert.equal(open.running, true);
  assert.equal(open.groups.sequence.length, 5);
  assert.equal(sofar.length, open.end);
  assert.deepEqual(
    chunksIn(sofar).map(({ header }) => header.sequence),
    Array.from({ length: 25 }, (_, i) => first + i),
    'one that runs is served as far as it is',
  );

  source.party.send(wire.unpublish, {});
  const { id, durationMs, bytes } = await recordingOf(relay, 'rec/a');
  const document = await json(relay, `/recordings/${id}`);
  assert.equal(document.publicKey && fromBase64Url(document.publicKey).length, 32);
  assert.deepEqual(document.tracks, [{ id: 0, container: 'flv' }]);
  assert.equal(document.name, `recordings/${id}`);
  assert.equal(document.channel, 'rec/a');
  assert.equal(document.state, undefined);
  assert.match(document.transports.websocket[0], /^ws:/);
  assert.equal(document.swarm.enabled, true);
  const at = (reference: string) => new URL(reference, `${relay.url}/recordings/${id}`).pathname;

  const whole = await get(relay, at(document.data));
  assert.equal(whole.status, 200);
  const data = await bytesOf(whole);
  assert.deepEqual(data.subarray(0, sofar.length), sofar, 'what was served stays true');
  const scanner = new DataScanner();
  scanner.push(data);
  assert.equal(scanner.fault, undefined);
  assert.equal(scanner.end?.groups, 5);
  const verify = await createVerifier(fromBase64Url(document.publicKey), crypto.subtle);
  for (const chunk of chunksIn(data)) assert.ok(await verifyChunk('rec/a', chunk, verify), 'signed by the publisher');

  const index = await json(relay, at(document.index));
  assert.equal(index.running, false);
  assert.equal(index.end, scanner.offset);
  assert.equal(durationMs, Math.round((index.endTimestamp - index.groups.timestamp[0]) / 90));
  assert.deepEqual([...groupsOf(index.groups)], scanner.groups);
  assert.equal(bytes, data.length + 5 * 52);
  const later = await json(relay, `${at(document.index)}?from=${index.groups.offset[3]}`);
  assert.deepEqual(later.groups.sequence, index.groups.sequence.slice(3));
  assert.equal((await get(relay, `${at(document.index)}?from=x`)).status, 400);

  const { offset } = new GroupIndex(groupsOf(index.groups)).at(3)!;
  const part = await get(relay, at(document.data), { headers: { range: `bytes=${offset}-${offset + 999}` } });
  assert.equal(part.status, 206);
  assert.equal(part.headers.get('content-range'), `bytes ${offset}-${offset + 999}/${data.length}`);
  assert.equal(part.headers.get('access-control-allow-origin'), '*');
  assert.match(part.headers.get('access-control-expose-headers') ?? '', /content-range/i);
  assert.deepEqual(await bytesOf(part), data.subarray(offset, offset + 1_000));
  const etag = part.headers.get('etag')!;
  const ask = (headers: Record<string, string>) => get(relay, at(document.data), { headers });
  assert.equal((await ask({ range: 'bytes=0-9', 'if-range': etag })).status, 206);
  assert.equal((await ask({ range: 'bytes=0-9', 'if-range': '"another"' })).status, 200);
  assert.equal((await ask({ 'if-none-match': etag })).status, 304);
  assert.equal((await ask({ range: `bytes=${data.length}-` })).status, 416);
  assert.equal((await ask({ range: `bytes=${data.length}-` })).headers.get('content-range'), `bytes */${data.length}`);
  assert.equal((await bytesOf(await ask({ range: 'bytes=-30' }))).length, 30);
  const head = await get(relay, at(document.data), { method: 'HEAD' });
  assert.equal(head.headers.get('content-length'), `${data.length}`);

  const download = await get(relay, at(document.download));
  assert.equal(download.headers.get('content-type'), 'video/x-flv');
  assert.match(download.headers.get('content-disposition') ?? '', /attachment; filename="rec-a-\d{8}T\d{6}Z\.flv"/);
  const plain = await bytesOf(download);
  // What the chunks hold is no FLV, so where its tags end nobody knows; what it is like with one is tested elsewhere.
  assert.equal(plain[0], 1, 'the init document');
  assert.equal(plain.length, 1 + 24 * 3_000);
  const other = await get(relay, `/recordings/${id}.ts`);
  assert.equal(other.status, 404);
  assert.match(await other.text(), /in flv: ask for/);
});

test('nothing is told of what is not there, and of nothing else than recordings', async () => {
  const relay = await testRelay(recorded);
  const statuses = async (...paths: string[]) => Promise.all(paths.map(async path => (await get(relay, path)).status));
  assert.deepEqual(await statuses('/recordings', '/recordings?channel=a%20b'), [400, 400]);
  const strange = [
    '/recordings/x',
    '/recordings/rec%2F..%2F20261121T191500Z/data',
    '/recordings/rec/a/20261121T191500Z/other',
  ];
  assert.deepEqual(await statuses(...strange), [400, 400, 400]);
  assert.deepEqual(
    await statuses('/recordings/rec/a/19991121T191500Z', '/recordings/rec/a/19991121T191500Z/data'),
    [404, 404],
  );
  assert.deepEqual(await json(relay, '/recordings?channel=rec/none'), { recordings: [] });
});

test('who may not watch the channel gets nothing of its recordings', async () => {
  const relay = await testRelay({
    ...recorded,
    channels: [{ name: 'rec/*', record: true, view: 'token', viewKeys: ['a view key of the tests'] }],
  });
  const { recordings } = await (
    await get(relay, '/recordings?channel=rec/a', { headers: { authorization: 'Bearer a-view-key' } })
  ).json();
  assert.equal(recordings, undefined);
  for (const path of [
    '/recordings?channel=rec/a',
    '/recordings/rec/a/19991121T191500Z',
    '/recordings/rec/a/19991121T191500Z.flv',
  ]) {
    assert.equal((await get(relay, path)).status, 401, path);
    assert.equal((await get(relay, path, { headers: { authorization: 'Bearer wrong-key-here' } })).status, 403, path);
  }
  const token = encodeURIComponent('a view key of the tests');
  assert.equal((await get(relay, `/recordings?channel=rec/a&token=${token}`)).status, 200);
  assert.equal((await get(relay, `/recordings/rec/a/19991121T191500Z?token=${token}`)).status, 404);
});

test('nobody publishes where viewers of recordings meet', async () => {
  const relay = await testRelay(recorded);
  const party = new Party(relay.connect());
  party.send(wire.publish, { version: 1, channel: 'recordings/rec/a', publicKey: (await signerOf(2)).publicKey });
  assert.match((await party.gets(wire.refused)).reason, /below recordings\//);
});

test('a channel that is not to be recorded is not; when that changes, recording begins, and ends', async () => {
  const relay = await testRelay({ recordings: { directory, keepFreeMegabytes: 0 } });
  const source = await publisher(relay, 'hot', await signerOf(3));
  const witness = viewer(relay, 'hot');
  await witness.getsChunk(await source.group(3));
  assert.deepEqual(await json(relay, '/recordings?channel=hot'), { recordings: [] });
  relay.configure({
    ...OF_TESTS,
    recordings: { directory, keepFreeMegabytes: 0 },
    channels: [{ name: 'hot', record: true }],
  });
  await witness.getsChunk(await source.group(3));
  const { id } = await recordingOf(relay, 'hot', false);
  relay.configure({ ...OF_TESTS, recordings: { directory, keepFreeMegabytes: 0 } });
  await recordingOf(relay, 'hot');
  await witness.getsChunk(await source.group(3));
  const data = await bytesOf(await get(relay, `/recordings/${id}/data`));
  assert.equal(chunksIn(data).length, 3);
});

test('a publisher that comes back goes on in the same recording; somebody else begins another', async () => {
  const relay = await testRelay(recorded);
  const signer = await signerOf(4);
  const before = await publisher(relay, 'rec/back', signer);
  const witness = viewer(relay, 'rec/back');
  await witness.getsChunk(await before.group(3));
  before.party.link.close(0, 'gone');
  await until(() => witness.all(wire.channelState).at(-1)?.state === 'waiting', 'it is gone', 5_000);
  const again = await publisher(relay, 'rec/back', signer);
  await witness.getsChunk(await again.group(4));
  again.party.link.close(0, 'gone');
  await until(() => relay.stats().channels['rec/back']?.state === 'waiting', 'it is gone again', 5_000);
  const { id } = await recordingOf(relay, 'rec/back', false);
  const held = async () => chunksIn(await bytesOf(await get(relay, `/recordings/${id}/data`))).length;
  await until(async () => (await held()) >= 7, 'both are recorded', 5_000);
  assert.equal(await held(), 7);
  const other = new Party(relay.connect());
  await prove(other, 'rec/back', await signerOf(5));
  await other.gets(wire.published);
  const ended = await recordingOf(relay, 'rec/back');
  assert.equal(ended.id, id);
});

test('a relay that is started again finds all; what was cut off is made whole, what is damaged is found again', async () => {
  const own = temporaryDirectory();
  const settings = { recordings: { directory: own, keepFreeMegabytes: 0, all: true } };
  const first = await testRelay(settings);
  const source = await publisher(first, 'cut/short', await signerOf(6));
  const witness = viewer(first, 'cut/short');
  for (let group = 0; group < 3; group++) await witness.getsChunk(await source.group(4, 2_000));
  const { id } = await recordingOf(first, 'cut/short', false);
  await first.close();
  const folder = join(own, id);
  const data = new Uint8Array(readFileSync(join(folder, 'data')));
  const index = new Uint8Array(readFileSync(join(folder, 'index')));
  const whole = decodeIndex(index).index.columns();
  const summary = async (relay: Relay) => recordingOf(relay, 'cut/short');

  const clean = await testRelay(settings);
  const expected = await summary(clean);
  assert.equal(expected.durationMs, 0, 'these chunks last a tick each');
  await clean.close();

  const cases: [string, () => void, number][] = [
    ['killed between two writes', () => truncateSync(join(folder, 'data'), data.length - 34), 12],
    ['killed in mid-write', () => truncateSync(join(folder, 'data'), data.length - 500), 11],
    [
      'killed, and the index lags',
      () => {
        truncateSync(join(folder, 'data'), data.length - 34);
        truncateSync(join(folder, 'index'), 60);
      },
      12,
    ],
    [
      'killed, and the index is another',
      () => {
        truncateSync(join(folder, 'data'), data.length - 34);
        writeFileSync(
          join(folder, 'index'),
          index.map(byte => byte ^ 9),
        );
      },
      12,
    ],
    ['killed, and the index is ahead', () => truncateSync(join(folder, 'data'), whole.offset[2]! - 50), 7],
    ['no index', () => rmSync(join(folder, 'index')), 12],
    [
      'a damaged index',
      () =>
        writeFileSync(
          join(folder, 'index'),
          index.map((byte, i) => (i === 70 ? byte ^ 1 : byte)),
        ),
      12,
    ],
    ['too short an index', () => truncateSync(join(folder, 'index'), 104), 12],
    ['garbage behind it', () => appendFileSync(join(folder, 'data'), new Uint8Array(50).fill(9)), 12],
  ];
  for (const [what, harm, chunks] of cases) {
    writeFileSync(join(folder, 'data'), data);
    writeFileSync(join(folder, 'index'), index);
    harm();
    utimesSync(join(folder, 'data'), new Date(), new Date(Date.now() - 10_000)); // nobody writes there
    for (const turn of ['after it', 'once more']) {
      const relay = await testRelay(settings);
      const found = await summary(relay);
      assert.equal(found.id, id);
      const read = await bytesOf(await get(relay, `/recordings/${id}/data`));
      assert.equal(chunksIn(read).length, chunks, `${what}, ${turn}`);
      const { groups, running, end } = await json(relay, `/recordings/${id}/index`);
      assert.equal(running, false);
      assert.ok(end < read.length);
      const kept = Math.ceil(chunks / 4);
      assert.deepEqual(groups.offset, whole.offset.slice(0, kept), `${what}, ${turn}`);
      assert.deepEqual(decodeIndex(new Uint8Array(readFileSync(join(folder, 'index')))).index.columns(), groups, what);
      await relay.close();
    }
  }

  truncateSync(join(folder, 'data'), 120);
  rmSync(join(folder, 'index'));
  const last = await testRelay(settings);
  await until(() => !existsSync(folder), 'what holds nothing is removed', 5_000);
  assert.deepEqual(await json(last, '/recordings?channel=cut/short'), { recordings: [] });
  assert.deepEqual(readdirSync(own), ['cut']);
});

test('another relay on the same directory leaves alone what is being written', async () => {
  const settings = { recordings: { directory: temporaryDirectory(), keepFreeMegabytes: 0, all: true } };
  const first = await testRelay(settings);
  const source = await publisher(first, 'shared', await signerOf(7));
  const witness = viewer(first, 'shared');
  await witness.getsChunk(await source.group(3));
  const { id } = await recordingOf(first, 'shared', false);
  const lines: string[] = [];
  const log = pino({ base: null }, { write: (line: string) => void lines.push(line) });
  const second = await startRelay({ ...OF_TESTS, ...settings }, { log });
  after(() => second.close());
  await until(
    async () => {
      await witness.getsChunk(await source.group(3));
      return lines.some(line => line.includes('by another relay'));
    },
    'it is seen',
    5_000,
  );
  const last = await source.group(3);
  await witness.getsChunk(last);
  source.party.send(wire.unpublish, {});
  await recordingOf(first, 'shared');
  const chunks = chunksIn(await bytesOf(await get(first, `/recordings/${id}/data`)));
  assert.equal(chunks.at(-1)?.header.sequence, last);
  assert.equal(chunks.length, last - chunks[0]!.header.sequence + 1);
});
