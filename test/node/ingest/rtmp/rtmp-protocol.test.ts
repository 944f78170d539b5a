// The guarded reader: what encoders send comes out whole, what nobody should send ends the connection and nothing else.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test from 'node:test';
import fc from 'fast-check';
import AMF from 'node-media-server/src/protocol/amf.js';
import type { Bytes } from '../../../../core/bytes.ts';
import { ProtocolViolation } from '../../../../core/errors.ts';
import { RtmpProtocol } from '../../../../ingest/rtmp/rtmp-protocol.ts';
import { flvTag } from '../../../support/flv-muxer.ts';
import { chunked, command, HANDSHAKE, introduction } from './chunk-stream.ts';

class Encoder {
  readonly tags: Bytes[] = [];
  readonly asked: { app: string; streamName: string }[] = [];
  readonly notes: string[] = [];
  unpublished = 0;
  output = Buffer.alloc(0);
  readonly protocol = new RtmpProtocol({
    output: bytes => {
      this.output = Buffer.concat([this.output, bytes]);
    },
    publish: (app, streamName) => {
      this.asked.push({ app, streamName });
      if (this.answers) this.protocol.accept();
    },
    media: tag => this.tags.push(tag),
    unpublish: () => {
      this.unpublished++;
    },
    note: reason => this.notes.push(reason),
  });
  answers = true;

  push(...parts: readonly Uint8Array[]): this {
    for (const part of parts) this.protocol.push(Buffer.from(part));
    return this;
  }

  get told(): string {
    return this.output.toString('latin1');
  }
}

const publishing = () => new Encoder().push(introduction('a?key=k'));
const body = (size: number): Bytes => new Uint8Array(randomBytes(size));
const u32 = (value: number) => Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);

function violates(what: RegExp, encoder: Encoder, ...parts: readonly Uint8Array[]): void {
  assert.throws(
    () => encoder.push(...parts),
    (error: Error) => error instanceof ProtocolViolation && what.test(error.message),
    `${what}`,
  );
}

test('a publisher is asked about, let in, and its messages come out as tags', () => {
  const encoder = publishing();
  assert.deepEqual(encoder.asked, [{ app: 'live', streamName: 'a?key=k' }]);
  assert.match(encoder.told, /NetStream\.Publish\.Start/);
  assert.ok(!encoder.told.includes('key=k'));
  const [video, audio] = [body(1_000), body(77)];
  encoder.push(
    chunked({ type: 9, body: video, time: 40, stream: 6 }),
    chunked({ type: 8, body: audio, time: 41, stream: 4 }),
  );
  assert.deepEqual(encoder.tags, [flvTag(9, 40, video), flvTag(8, 41, audio)]);
  encoder.push(command('FCUnpublish', 4, null, 'a'), command('deleteStream', 5, null, 1));
  assert.equal(encoder.unpublished, 1);
  assert.match(encoder.told, /NetStream\.Unpublish\.Success/);
});

test('however the bytes are split', () => {
  const bodies = Array.from({ length: 8 }, (_, i) => body(1 + i * 90));
  const bytes = Buffer.concat([
    introduction('a?key=k'),
    ...bodies.map((one, i) => chunked({ type: 9, body: one, time: i * 40, stream: 6 })),
  ]);
  const expected = bodies.map((one, i) => flvTag(9, i * 40, one));
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1 }), sizes => {
      const encoder = new Encoder();
      for (let at = 0, i = 0; at < bytes.length; i++) {
        const size = sizes[i % sizes.length]!;
        encoder.push(bytes.subarray(at, at + size));
        at += size;
      }
      assert.deepEqual(encoder.tags, expected);
    }),
    { numRuns: 30 },
  );
});

test('messages interleaved chunk by chunk, and a new one where another was not finished', () => {
  const [video, audio] = [body(128 * 3), body(128 * 2)];
  const [v, a] = [chunked({ type: 9, body: video, stream: 6 }), chunked({ type: 8, body: audio, stream: 4 })];
  const encoder = publishing();
  const [first, chunk] = [12 + 128, 1 + 128];
  encoder.push(
    v.subarray(0, first),
    a.subarray(0, first),
    v.subarray(first, first + chunk),
    a.subarray(first),
    v.subarray(first + chunk),
  );
  assert.deepEqual(encoder.tags, [flvTag(8, 0, audio), flvTag(9, 0, video)]);
  const large = body(5_000);
  encoder.push(v.subarray(0, first), chunked({ type: 9, body: large, stream: 6, time: 9 }));
  assert.deepEqual(encoder.tags[2], flvTag(9, 9, large));
  const aborted = Buffer.concat([v.subarray(0, first), chunked({ type: 2, body: u32(6), stream: 2 })]);
  encoder.push(aborted, chunked({ type: 9, body: audio, stream: 6 }));
  assert.deepEqual(encoder.tags[3], flvTag(9, 0, audio));
});

test('larger chunks, and extended timestamps', () => {
  const [first, second] = [body(10_000), body(300)];
  const encoder = publishing().push(chunked({ type: 1, body: u32(4_096), stream: 2 }));
  encoder.push(chunked({ type: 9, body: first, stream: 6, chunkSize: 4_096, time: 0x2000000 }));
  encoder.push(chunked({ type: 9, body: second, stream: 6, chunkSize: 4_096, time: 40, delta: true }));
  assert.deepEqual(encoder.tags, [flvTag(9, 0x2000000, first), flvTag(9, 0x2000028, second)]);
});

test('time goes on after 2^32 ms', () => {
  const encoder = publishing();
  const one = body(50);
  encoder.push(chunked({ type: 9, body: one, stream: 6, time: 2 ** 32 - 20 }));
  for (let i = 0; i < 3; i++) encoder.push(chunked({ type: 9, body: one, stream: 6, time: 40, delta: true }));
  assert.deepEqual(
    encoder.tags.map(tag => Buffer.from(tag).readUIntBE(4, 3) + tag[7]! * 2 ** 24),
    [2 ** 32 - 20, 20, 60, 100],
  );
});

test('what was read keeps its bytes when the next message comes', () => {
  const [first, second] = [body(500), body(200)];
  const encoder = publishing();
  encoder.push(chunked({ type: 9, body: first, stream: 6 }));
  const kept = encoder.tags[0]!.slice();
  encoder.push(chunked({ type: 9, body: second, stream: 6 }));
  assert.deepEqual(encoder.tags, [kept, flvTag(9, 0, second)]);
});

test('empty messages pass', () => {
  const encoder = publishing();
  const nothing = chunked({ type: 9, body: new Uint8Array(0), stream: 6 });
  const one = body(10);
  encoder.push(
    nothing,
    chunked({ type: 8, body: new Uint8Array(0), stream: 4 }),
    chunked({ type: 9, body: one, stream: 6 }),
  );
  assert.deepEqual(encoder.tags, [flvTag(9, 0, one)]);
});

test('who is refused is told why, and not heard any more', () => {
  const encoder = new Encoder();
  encoder.answers = false;
  encoder.push(introduction('a?key=k'));
  encoder.protocol.refuse('NetStream.Publish.BadName', 'wrong key — really');
  assert.match(encoder.told, /error[\s\S]*NetStream\.Publish\.BadName[\s\S]*wrong key \? really/);
  assert.ok(!encoder.told.includes('Publish.Start'));
  encoder.push(chunked({ type: 9, body: body(10) }), body(100_000));
  encoder.protocol.accept();
  assert.deepEqual(encoder.tags, []);
});

test('media that come before the answer are not lost', () => {
  const encoder = new Encoder();
  encoder.answers = false;
  const one = body(10);
  encoder.push(introduction('a?key=k'), chunked({ type: 9, body: one, stream: 6 }));
  assert.deepEqual(encoder.tags, []);
  encoder.protocol.accept();
  assert.deepEqual(encoder.tags, [flvTag(9, 0, one)]);
});

test('a bad tcUrl, or none, is no reason to refuse', () => {
  for (const tcUrl of ['no url', undefined, 7]) {
    const encoder = new Encoder().push(HANDSHAKE, command('connect', 1, { app: 'live', tcUrl }));
    assert.match(encoder.told, /NetConnection\.Connect\.Success/);
  }
});

test('acknowledges what it read as often as it is asked to, and answers pings', () => {
  const encoder = publishing().push(chunked({ type: 5, body: u32(100_000), stream: 2 }));
  const before = encoder.output.length;
  for (let i = 0; i < 3; i++) encoder.push(chunked({ type: 9, body: body(50_000), stream: 6 }));
  const acknowledged = encoder.output.subarray(before);
  assert.equal(acknowledged.length, 16);
  assert.equal(acknowledged[7], 3);
  assert.ok(acknowledged.readUInt32BE(12) > 100_000);
  encoder.push(chunked({ type: 4, body: Uint8Array.of(0, 6, 1, 2, 3, 4), stream: 2 }));
  assert.deepEqual([...encoder.output.subarray(-6)], [0, 7, 1, 2, 3, 4]);
});

test('aggregate messages are left out, and that is said once', () => {
  const encoder = publishing();
  for (let i = 0; i < 3; i++) encoder.push(chunked({ type: 22, body: body(20), stream: 6 }));
  assert.equal(encoder.notes.length, 1);
});

test('other protocols, and too much of this one', () => {
  violates(/a handshake begins with 3, this with 71/, new Encoder(), Buffer.from('GET / HTTP/1.1\r\n'));
  violates(/begins with 3, this with 22/, new Encoder(), Uint8Array.of(22, 3, 1));
  const shaken = () => new Encoder().push(HANDSHAKE);
  const huge = chunked({ type: 20, body: body(70_000) });
  violates(/a message of 70000 bytes, at most 65536/, shaken(), huge.subarray(0, 13));
  violates(
    /a message of 16777215 bytes, at most 8388608/,
    publishing(),
    Uint8Array.of(6, 0, 0, 0, 255, 255, 255, 9, 1, 0, 0, 0, 0),
  );
  const one = (stream: number) => chunked({ type: 9, body: body(10), stream });
  const empty = (stream: number) => Uint8Array.of(0, stream - 64, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0);
  const streams = [...Array.from({ length: 62 }, (_, i) => one(2 + i)), empty(64), empty(65)];
  const full = publishing().push(...streams);
  assert.equal(full.tags.length, 62);
  violates(/too many chunk streams/, full, empty(66));
  const large = (stream: number) => chunked({ type: 9, body: new Uint8Array(6_000_000), stream }).subarray(0, 140);
  violates(/at once, at most/, publishing(), large(5), large(6), large(7));
  violates(
    /too many streams/,
    shaken(),
    command('connect', 1, { app: 'live' }),
    ...Array.from({ length: 17 }, () => command('createStream', 2, null)),
  );
  violates(/it plays none/, shaken(), command('connect', 1, { app: 'live' }), command('play', 2, null, 'a'));
});

test('what breaks the rules', () => {
  const shaken = () => new Encoder().push(HANDSHAKE);
  const size = (bytes: Uint8Array) => chunked({ type: 1, body: bytes, stream: 2 });
  for (const bytes of [u32(0), u32(0x80000000), u32(0xffffffff)]) violates(/a chunk size of/, shaken(), size(bytes));
  violates(/a control message of 3 bytes/, shaken(), size(new Uint8Array(3)));
  violates(/a control message of 0 bytes/, publishing(), size(new Uint8Array(0)), size(u32(9)));
  violates(/publish came before connect/, shaken(), command('publish', 1, null, 'a'));
  violates(/publish came before connect, or twice/, publishing(), command('publish', 1, null, 'b'));
  violates(/connect came twice/, publishing(), command('connect', 1, { app: 'live' }));
  for (const told of [null, 5, undefined]) violates(/connect says nothing/, shaken(), command('connect', 1, told));
  for (const app of [null, 5, undefined, 'x'.repeat(5_000)])
    violates(/no application/, shaken(), command('connect', 1, { app }));
  const connected = () => shaken().push(command('connect', 1, { app: 'live' }));
  for (const name of [null, 5, { a: 1 }, 'x'.repeat(5_000)])
    violates(/no stream name/, connected(), command('publish', 1, null, name));
  // AMF that its decoder chokes on: an unknown marker, names that every object has, a text longer than the message, objects in objects.
  const deep = Buffer.concat([
    AMF.amf0Encode(['connect', 1]),
    ...Array.from({ length: 15_000 }, () => Buffer.from([3, 0, 1, 97])),
  ]);
  const amf = (bytes: Uint8Array) => chunked({ type: 20, body: bytes });
  violates(/malformed/, shaken(), amf(AMF.amf0Encode(['constructor', 1])));
  violates(/malformed/, shaken(), amf(AMF.amf0Encode(['__proto__', 1])));
  violates(/malformed/, shaken(), amf(Buffer.concat([AMF.amf0Encode(['connect']), Buffer.from([0x63])])));
  violates(/malformed/, shaken(), amf(deep));
  assert.equal(Reflect.get({}, 'app'), undefined, 'nothing has got into the prototype of all objects');
});

test('whatever comes: either it passes or it is a violation, and nothing is printed', t => {
  const printed = t.mock.method(console, 'log', () => {});
  const chunk = fc.record({
    type: fc.constantFrom(1, 2, 3, 4, 5, 6, 8, 9, 15, 17, 18, 20, 22, 99),
    body: fc.uint8Array({ maxLength: 300 }),
    time: fc.integer({ min: 0, max: 0xffffffff }),
    stream: fc.integer({ min: 2, max: 63 }),
    delta: fc.boolean(),
  });
  const part = fc.oneof(chunk.map(chunked), fc.uint8Array({ maxLength: 400 }));
  fc.assert(
    fc.property(fc.boolean(), fc.array(part, { maxLength: 20 }), (lets, parts) => {
      const encoder = lets ? publishing() : new Encoder().push(HANDSHAKE);
      try {
        encoder.push(...parts);
      } catch (error) {
        assert.ok(error instanceof ProtocolViolation, `${error}`);
      }
      for (const tag of encoder.tags) assert.equal(Buffer.from(tag).readUInt32BE(tag.length - 4), tag.length - 4);
    }),
    { numRuns: 500 },
  );
  assert.equal(printed.mock.callCount(), 0);
});

test('a message may end anywhere: every truncation waits', () => {
  const whole = Buffer.concat([introduction('a?key=k'), chunked({ type: 9, body: body(300), stream: 6 })]);
  for (let size = 0; size < whole.length; size += size < 3_000 || size > 3_080 ? 61 : 1) {
    assert.deepEqual(new Encoder().push(whole.subarray(0, size)).tags, []);
  }
  assert.equal(new Encoder().push(whole).tags.length, 1);
});
