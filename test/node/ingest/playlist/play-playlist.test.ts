import assert from 'node:assert/strict';
import { createCipheriv, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { startsEpoch } from '../../../../core/chunk.ts';
import { FakeRelay } from '../fake-relay.ts';
import { folder, ingestTo, recording, serve, until } from '../fixtures.ts';

// Four segments of half a second.
recording('hls.m3u8', 2, ['-hls_time', '0.5', '-hls_list_size', '0', '-hls_segment_filename', 'hls%d.m2ts']);
const segments = readdirSync(folder)
  .filter(name => /^hls\d+\.m2ts$/.test(name))
  .sort()
  .map(name => readFileSync(join(folder, name)));

type Answer = string | Buffer | number;
/** Answers from a table; counts what was asked. */
async function site(table: (path: string, asked: number) => Answer, ranges = true) {
  const asked = new Map<string, number>();
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url ?? '/';
    const count = (asked.get(path) ?? 0) + 1;
    asked.set(path, count);
    const found = table(path, count);
    if (typeof found === 'number') {
      if (found === 302) response.writeHead(302, { location: '/moved/deep/index.m3u8' }).end();
      else response.writeHead(found).end('no');
      return;
    }
    const body = Buffer.from(found);
    const range = ranges && /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '');
    if (!range) response.end(body);
    else response.writeHead(206).end(body.subarray(Number(range[1]), Number(range[2]) + 1));
  };
  return { ...(await serve(answer)), asked };
}

const entry = (index: number, before = '') => `${before}#EXTINF:0.5,\n${index}.ts\n`;
const head = (sequence = 0) =>
  `#EXTM3U\n#EXT-X-VERSION:4\n#EXT-X-TARGETDURATION:1\n#EXT-X-MEDIA-SEQUENCE:${sequence}\n`;
const ended = `${head()}${[0, 1, 2, 3].map(index => entry(index)).join('')}#EXT-X-ENDLIST\n`;
const segment = (path: string): Answer => segments[Number(/(\d+)\.ts$/.exec(path)?.[1] ?? -1)] ?? 404;

/** Payload without the tables that are put before groups, to compare with the segments' video and audio packets. */
function packets(bytes: Buffer): string[] {
  const out: string[] = [];
  for (let at = 0; at + 188 <= bytes.length; at += 188) {
    const pid = ((bytes[at + 1]! & 0x1f) << 8) | bytes[at + 2]!;
    if (pid === 256 || pid === 257) out.push(bytes.subarray(at, at + 188).toString('latin1'));
  }
  return out;
}
const everything = packets(Buffer.concat(segments));

async function play(url: string, options: object = {}) {
  const relay = new FakeRelay();
  const { ingest, log } = ingestTo(relay, { source: url, ...options });
  const outcome = await ingest.done;
  return { relay, log, outcome };
}

// They mostly wait, so they run side by side.
describe('play playlist', { concurrency: true }, () => {
  test('an ended playlist is played as live and ends', async () => {
    const { url } = await site(path => (path === '/index.m3u8' ? ended : segment(path)));
    const startedAt = performance.now();
    const { relay, outcome } = await play(`${url}/index.m3u8`);
    const took = performance.now() - startedAt;
    assert.equal(outcome.code, 'finished');
    assert.deepEqual(packets(relay.payload), everything);
    assert.deepEqual(relay.faults, []);
    assert.ok(took > 1_700 && took < 9_000, `two seconds took ${took} ms`);
    assert.equal(relay.chunks.filter(chunk => startsEpoch(chunk.header)).length, 1);
  });

  test('a master playlist behind a redirect: relative URLs follow the final one', async () => {
    const master =
      '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=900000\nbig/index.m3u8\n#EXT-X-STREAM-INF:BANDWIDTH=300000\n../small/index.m3u8\n';
    const { url, asked } = await site(path => {
      if (path === '/index.m3u8') return 302;
      if (path === '/moved/deep/index.m3u8') return master;
      if (path === '/moved/small/index.m3u8') return ended;
      return path.startsWith('/moved/small/') ? segment(path) : 404;
    });
    const { relay, outcome } = await play(`${url}/index.m3u8`, { maxBitrate: 500_000 });
    assert.equal(outcome.code, 'finished');
    assert.deepEqual(packets(relay.payload), everything);
    assert.ok(!asked.has('/moved/deep/big/index.m3u8'));
  });

  for (const ranges of [true, false]) {
    test(`byte ranges of one file, on a server that ${ranges ? 'knows' : 'ignores'} them`, async () => {
      let text = head();
      let offset = 0;
      for (const [index, bytes] of segments.entries()) {
        text += `#EXTINF:0.5,\n#EXT-X-BYTERANGE:${bytes.length}${index === 0 ? `@${offset}` : ''}\nall.ts\n`;
        offset += bytes.length;
      }
      text += '#EXT-X-ENDLIST\n';
      const { url } = await site(path => (path === '/index.m3u8' ? text : Buffer.concat(segments)), ranges);
      const { relay, outcome } = await play(`${url}/index.m3u8`);
      assert.equal(outcome.code, 'finished');
      assert.deepEqual(packets(relay.payload), everything);
    });
  }

  test('AES-128: explicit IV, IV from the media sequence, a changed key; each key is asked for once', async () => {
    const keys = [randomBytes(16), randomBytes(16)];
    const iv = randomBytes(16);
    const fromSequence = (sequence: number) => Buffer.concat([Buffer.alloc(15), Buffer.of(sequence)]);
    const encrypted = segments.map((bytes, index) => {
      const cipher = createCipheriv(
        'aes-128-cbc',
        keys[index < 3 ? 0 : 1]!,
        index === 0 ? iv : fromSequence(7 + index),
      );
      return Buffer.concat([cipher.update(bytes), cipher.final()]);
    });
    const text =
      head(7) +
      entry(0, `#EXT-X-KEY:METHOD=AES-128,URI="/k0",IV=0x${iv.toString('hex')}\n`) +
      entry(1, '#EXT-X-KEY:METHOD=AES-128,URI="/k0"\n') +
      entry(2) +
      entry(3, '#EXT-X-KEY:METHOD=AES-128,URI="/k1"\n') +
      '#EXT-X-ENDLIST\n';
    const { url, asked } = await site(path => {
      if (path === '/index.m3u8') return text;
      const key = /^\/k(\d)$/.exec(path);
      if (key) return keys[Number(key[1])] ?? 404;
      return encrypted[Number(/(\d+)\.ts$/.exec(path)?.[1])] ?? 404;
    });
    const { relay, outcome } = await play(`${url}/index.m3u8`);
    assert.equal(outcome.code, 'finished');
    assert.deepEqual(packets(relay.payload), everything);
    assert.equal(asked.get('/k0'), 1);
  });

  test('a segment that is 404 is tried again, then left out; the rest is played', async () => {
    const { url, asked } = await site(path => {
      if (path === '/index.m3u8') return ended;
      return path === '/1.ts' ? 404 : segment(path);
    });
    const { relay, outcome, log } = await play(`${url}/index.m3u8`);
    assert.equal(outcome.code, 'finished');
    assert.equal(asked.get('/1.ts'), 3);
    assert.ok(log.has(/1\.ts answered 404 Not Found; the segment is left out/));
    assert.deepEqual(packets(relay.payload), packets(Buffer.concat([segments[0]!, segments[2]!, segments[3]!])));
    assert.equal(relay.chunks.filter(chunk => chunk.header.discontinuity).length, 1);
    assert.deepEqual(relay.faults, []);
  });

  test('a segment that is 404 at first and then there loses nothing', async () => {
    const { url } = await site((path, asked) => {
      if (path === '/index.m3u8') return ended;
      return path === '/1.ts' && asked === 1 ? 404 : segment(path);
    });
    const { relay } = await play(`${url}/index.m3u8`);
    assert.deepEqual(packets(relay.payload), everything);
  });

  test('a gap is not loaded', async () => {
    const text = `${head()}${entry(0)}${entry(1, '#EXT-X-GAP\n')}${entry(2)}${entry(3)}#EXT-X-ENDLIST\n`;
    const { url, asked } = await site(path => (path === '/index.m3u8' ? text : segment(path)));
    const { relay } = await play(`${url}/index.m3u8`);
    assert.equal(asked.has('/1.ts'), false);
    assert.deepEqual(packets(relay.payload), packets(Buffer.concat([segments[0]!, segments[2]!, segments[3]!])));
  });

  test('a discontinuity begins a new epoch on the same timeline', async () => {
    const text = `${head()}${entry(2)}${entry(3)}${entry(0, '#EXT-X-DISCONTINUITY\n')}${entry(1)}#EXT-X-ENDLIST\n`;
    const { url } = await site(path => (path === '/index.m3u8' ? text : segment(path)));
    const startedAt = performance.now();
    const { relay } = await play(`${url}/index.m3u8`);
    const took = (performance.now() - startedAt) / 1_000;
    const epochs = relay.chunks.filter(chunk => startsEpoch(chunk.header));
    assert.equal(epochs.length, 2);
    assert.equal(packets(relay.payload).length, everything.length);
    const between = (epochs[1]!.header.timestamp - epochs[0]!.header.timestamp) / 90_000;
    // The second lasts a second as well; what the machine held up is in both.
    assert.ok(
      between > 0.85 && between < took - 0.6,
      `the second epoch begins ${between} s after the first, of ${took} s`,
    );
    assert.deepEqual(relay.faults, []);
  });

  test('a live playlist is followed, through an HTML answer, an error and a restart of its media sequence', async () => {
    const startedAt = performance.now();
    let restarted = false;
    const { url } = await site((path, asked) => {
      if (path !== '/live.m3u8') return segment(path);
      if (asked === 2) return '<html>maintenance</html>';
      if (asked === 3) return 500;
      const count = Math.min(4, 2 + Math.floor((performance.now() - startedAt) / 500));
      if (asked < 6)
        return (
          head(40) +
          [0, 1, 2, 3]
            .slice(0, count)
            .map(index => entry(index))
            .join('')
        );
      restarted = true;
      return head(0) + entry(0) + (asked > 6 ? entry(1) : '');
    });
    const relay = new FakeRelay();
    const { ingest, log } = ingestTo(relay, { source: `${url}/live.m3u8` });
    await until('the second epoch', () => relay.chunks.filter(chunk => startsEpoch(chunk.header)).length === 2, 12_000);
    assert.ok(restarted);
    assert.ok(log.has(/should be a playlist but is a web page; looking again/));
    assert.ok(log.has(/answered 500/));
    assert.equal(ingest.stats.opened, 1);
    const first = packets(relay.payload).slice(0, everything.length);
    assert.deepEqual(first, everything);
    assert.deepEqual(relay.faults, []);
    await ingest.stop();
  });

  test('a live playlist that stands still is opened again', async () => {
    const { url, asked } = await site(path => (path === '/live.m3u8' ? head(3) + entry(0) : segment(path)));
    const startedAt = performance.now();
    const { ingest, log } = ingestTo(new FakeRelay(), { source: `${url}/live.m3u8`, stallMs: 300 });
    await until('opened again', () => ingest.stats.opened === 2, 10_000);
    assert.ok(log.has(/has had no new segment for 3 s; opening it again/));
    const halves = (performance.now() - startedAt) / 500;
    assert.ok(asked.get('/live.m3u8')! <= halves + 3, 'not asked more often than each half of a target duration');
    await ingest.stop();
  });

  test('an empty live playlist is waited for, an empty ended one is said', async () => {
    const { url } = await site((path, asked) => {
      if (path === '/none.m3u8') return `${head()}#EXT-X-ENDLIST\n`;
      if (path === '/live.m3u8') return asked === 1 ? head() : head() + entry(0);
      return segment(path);
    });
    const relay = new FakeRelay();
    const waiting = ingestTo(relay, { source: `${url}/live.m3u8` });
    await until('chunks', () => relay.chunks.length > 0);
    await waiting.ingest.stop();
    const none = ingestTo(new FakeRelay(), { source: `${url}/none.m3u8` });
    await until('the sentence', () => none.log.has(/has ended and has no segments/));
    await none.ingest.stop();
  });

  for (const [what, text, sentence] of [
    ['an encryption that is not carried', `${head()}#EXT-X-KEY:METHOD=SAMPLE-AES,URI="k"\n${entry(0)}`, /SAMPLE-AES/],
    ['fragmented MP4', `${head()}#EXT-X-MAP:URI="init.mp4"\n${entry(0)}`, /fragmented MP4/],
  ] as const) {
    test(`${what}: one clear sentence, and the end`, async () => {
      const { url } = await site(() => text);
      const { outcome } = await play(`${url}/index.m3u8`);
      assert.equal(outcome.code, 'bad-source');
      assert.match(outcome.reason, sentence);
    });
  }
});
