import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { describe, test } from 'node:test';
import { startsEpoch } from '../../../../core/chunk.ts';
import { decodeInit } from '../../../../core/init-document.ts';
import { FakeRelay } from '../fake-relay.ts';
import { ingestTo, recording, serve, until } from '../fixtures.ts';

const flv = readFileSync(recording('two.flv', 2));
const ts = readFileSync(recording('two.m2ts', 2));

// They mostly wait, so they run side by side.
describe('http source', { concurrency: true }, () => {
  for (const [container, bytes] of [
    ['flv', flv],
    ['ts', ts],
  ] as const) {
    test(`HTTP-${container} that goes on is published as it comes`, async () => {
      const { url } = await serve((_request, response) => {
        response.writeHead(200, { 'content-type': 'text/html' }); // not trusted
        response.write(bytes);
      });
      const relay = new FakeRelay();
      const { ingest } = ingestTo(relay, { source: `${url}/live.mp4` });
      await until('all chunks', () => relay.payload.length > bytes.length * 0.9);
      assert.deepEqual(relay.faults, []);
      assert.equal(decodeInit(relay.inits[0]!).container, container);
      assert.equal(ingest.stats.container, container);
      assert.ok(relay.chunks.every(chunk => chunk.payload.length <= 4_000));
      // What was published is a run of the source's bytes from its first keyframe on; TS groups have their tables before them.
      if (container === 'flv') {
        const start = bytes.indexOf(relay.payload.subarray(0, 200));
        assert.ok(start > 0);
        assert.deepEqual(relay.payload, bytes.subarray(start, start + relay.payload.length));
      }
      await ingest.stop();
      assert.equal(relay.unpublished, true);
      assert.equal((await ingest.done).code, 'stopped');
    });
  }

  test('a body that ends is opened again, in a new epoch', async () => {
    let asked = 0;
    const { url } = await serve((_request, response) => {
      asked++;
      response.writeHead(200);
      response.write(flv);
      setTimeout(() => response.end(), 30);
    });
    const relay = new FakeRelay();
    const { ingest } = ingestTo(relay, { source: url });
    await until('three epochs', () => relay.chunks.filter(chunk => startsEpoch(chunk.header)).length >= 3);
    assert.ok(asked >= 3);
    assert.deepEqual(relay.faults, []);
    const times = relay.chunks.map(chunk => chunk.header.timestamp);
    assert.deepEqual(
      times,
      [...times].sort((a, b) => a - b),
      'the timeline never goes back',
    );
    await ingest.stop();
  });

  test('a server that stops sending is left after the stall time', async () => {
    const open: ServerResponse[] = [];
    const { url } = await serve((_request, response) => {
      open.push(response);
      response.writeHead(200);
      response.write(flv);
    });
    const relay = new FakeRelay();
    const { ingest, log } = ingestTo(relay, { source: url, stallMs: 600 });
    await until('a second request', () => open.length >= 2);
    assert.ok(log.has(/has sent nothing for 0.6 s; opening it again/));
    await ingest.stop();
  });

  test('a server that never answers is left too', async () => {
    let asked = 0;
    const { url } = await serve(() => {
      asked++;
    });
    const { ingest, log } = ingestTo(new FakeRelay(), { source: url, stallMs: 300 });
    await until('a second request', () => asked >= 2);
    assert.ok(log.has(/did not answer within 0.3 s/));
    await ingest.stop();
  });

  test('redirects are followed, and HTTP errors are said and tried again', async () => {
    let asked = 0;
    const { url } = await serve((request, response) => {
      if (request.url === '/moved') {
        response.writeHead(302, { location: '/live' }).end();
        return;
      }
      if (asked++ === 0) {
        response.writeHead(503).end('busy');
        return;
      }
      response.writeHead(200);
      response.write(flv);
    });
    const relay = new FakeRelay();
    const { ingest, log } = ingestTo(relay, { source: `${url}/moved?token=secret` });
    await until('chunks', () => relay.chunks.length > 0);
    assert.ok(log.has(/answered 503 Service Unavailable; opening it again/));
    assert.ok(!log.has(/secret/));
    await ingest.stop();
  });

  test('nobody listening is said and tried again', async () => {
    const { url, server } = await serve(() => {});
    await new Promise(resolve => server.close(resolve));
    const { ingest, log } = ingestTo(new FakeRelay(), { source: url });
    await until('two tries', () => ingest.stats.opened >= 2);
    assert.ok(log.has(/can't be reached: .*ECONNREFUSED/));
    await ingest.stop();
  });

  for (const [what, body, sentence] of [
    ['a web page', '<!doctype html><title>Sign in</title>', /it is a web page or other text/],
    ['JSON', '{"error":"no such stream","code":404}', /it is a web page or other text/],
    ['MP4', `${'\0\0\0\x20'}ftypisom${'x'.repeat(2000)}`, /it is MP4, which is not carried yet/],
    ['noise', 'q8v3'.repeat(500), /neither FLV nor MPEG-TS/],
    ['nothing', '', /it is empty/],
  ] as const) {
    test(`${what} instead of media: one clear sentence`, async () => {
      const { url } = await serve((_request, response) => {
        response.writeHead(200, { 'content-type': 'video/x-flv' });
        response.end(body);
      });
      const relay = new FakeRelay();
      const { ingest } = ingestTo(relay, { source: `${url}/live.flv` });
      const outcome = await ingest.done;
      assert.equal(outcome.code, 'bad-source');
      assert.match(outcome.reason, sentence);
      assert.equal(relay.chunks.length, 0);
    });
  }

  test('garbage between tags is passed over', async () => {
    const { url } = await serve((_request, response) => {
      response.writeHead(200);
      response.write(flv.subarray(0, 30_000));
      response.write(Buffer.alloc(5_000, 0x5a));
      response.write(flv.subarray(30_000));
    });
    const relay = new FakeRelay();
    const { ingest, log } = ingestTo(relay, { source: url });
    await until('the rest', () => relay.payload.length > flv.length * 0.6);
    await until('a note', () => log.has(/garbage|PreviousTagSize/));
    assert.ok(relay.chunks.some(chunk => chunk.header.discontinuity));
    assert.deepEqual(relay.faults, []);
    await ingest.stop();
  });

  test('a finished file over HTTP is paced by its timestamps and ends', async () => {
    const short = readFileSync(recording('one.flv', 1));
    const { url } = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': short.length });
      response.end(short);
    });
    const relay = new FakeRelay();
    const startedAt = performance.now();
    const { ingest } = ingestTo(relay, { source: url });
    const outcome = await ingest.done;
    const took = performance.now() - startedAt;
    assert.equal(outcome.code, 'finished');
    assert.ok(took > 850 && took < 9_000, `a second of media took ${took} ms`);
    assert.equal(relay.unpublished, true);
  });
});

test('user and password of a URL go into the header, not into the log', async () => {
  let header: string | undefined;
  const { url } = await serve((request, response) => {
    header = request.headers.authorization;
    response.writeHead(401).end();
  });
  const { ingest, log } = ingestTo(new FakeRelay(), { source: `${url.replace('://', '://me:s%20cret@')}/live` });
  await until('the answer', () => log.has(/answered 401 Unauthorized/));
  assert.equal(header, `Basic ${btoa('me:s cret')}`);
  assert.ok(!JSON.stringify(log.lines).includes('cret'));
  await ingest.stop();
});
