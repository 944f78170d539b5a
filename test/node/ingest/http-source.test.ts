import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { decodeInit } from '../../../core/init-document.ts';
import { FakeRelay } from './fake-relay.ts';
import { ingestTo, recording, serve, until } from './fixtures.ts';

const flv = readFileSync(recording('short.flv', 2));

test('HTTP-FLV that goes on is published as it comes', async () => {
  const open: ServerResponse[] = [];
  const { url } = await serve((_request, response) => {
    open.push(response);
    response.writeHead(200, { 'content-type': 'text/html' }); // not trusted
    response.write(flv);
  });
  const relay = new FakeRelay();
  const { ingest } = ingestTo(relay, { source: `${url}/live.mp4` });
  await until("all chunks", () => relay.payload.length > flv.length * 0.9, 1500).catch(e => { console.log(ingest.stats, relay.chunks.length, relay.payload.length, flv.length, relay.faults); throw e; });
  assert.deepEqual(relay.faults, []);
  assert.equal(decodeInit(relay.inits[0]!).container, 'flv');
  assert.equal(ingest.stats.container, 'flv');
  // What was published is a run of the source's bytes from its first keyframe on.
  const start = flv.indexOf(relay.payload.subarray(0, 200));
  assert.ok(start > 0);
  assert.deepEqual(relay.payload, flv.subarray(start, start + relay.payload.length));
  assert.ok(relay.chunks.every(chunk => chunk.payload.length <= 4_000));
  await ingest.stop();
  assert.equal(relay.unpublished, true);
  assert.equal((await ingest.done).code, 'stopped');
});
