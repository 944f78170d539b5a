// The plain stream: the source's bytes again; around what is missing, only whole tags.

import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { type Bytes, concat } from '../../../../core/bytes.ts';
import { assembleChunk, encodeHeader } from '../../../../core/chunk.ts';
import { encodeInit, initId } from '../../../../core/init-document.ts';
import { PlainStream } from '../../../../core/recording/plain-stream.ts';

/** An FLV tag whose data is its number, repeated. */
const tag = (number: number, size: number) =>
  Uint8Array.of(
    9,
    0,
    size >> 8,
    size & 255,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    ...new Array<number>(size).fill(number & 127),
    ...[0, 0, 0, size + 11],
  );
const FILE_HEADER = Uint8Array.of(0x46, 0x4c, 0x56, 1, 5, 0, 0, 0, 9, 0, 0, 0, 0);

interface Piece {
  readonly type: number;
  readonly body: Bytes;
  readonly sequence?: number;
}

/** Groups of tags of these sizes, cut every `cut` bytes, each group under the init document it names. */
function pieces(groups: readonly { readonly sizes: readonly number[]; readonly init: number }[], cut: number): Piece[] {
  const made: Piece[] = [];
  let sequence = 1_000;
  let number = 0;
  let before = -1;
  for (const { sizes, init } of groups) {
    const document = encodeInit({
      ...{ container: 'flv', timestampOffset: 0 },
      bytes: concat([FILE_HEADER, Uint8Array.of(0xe0 + init)]),
    });
    if (init !== before) made.push({ type: 3, body: concat([Uint8Array.of(0), document]) });
    before = init;
    const tags = sizes.map(size => tag(++number, size));
    const starts = new Set<number>();
    let at = 0;
    for (const one of tags) {
      starts.add(at);
      at += one.length;
    }
    const bytes = concat([...tags, new Uint8Array(0)]);
    const group = sequence;
    for (let from = 0; from < bytes.length; from += cut) {
      const payload = bytes.slice(from, from + cut);
      let entry = 0;
      while (entry < payload.length && !starts.has(from + entry)) entry++;
      const header = {
        ...{ track: 0, sequence, group, epoch: 1_000, discontinuity: false, end: false, timestamp: 0, duration: 0 },
        ...{ entry, initId: initId(document), capturedAt: 0 },
      };
      const chunk = assembleChunk(header, encodeHeader(header, payload.length), new Uint8Array(64), payload);
      made.push({ type: 4, body: chunk.bytes, sequence });
      sequence++;
    }
  }
  return made;
}

function plain(of: readonly Piece[]): Bytes {
  const stream = new PlainStream();
  const out = of.flatMap(({ type, body }) => stream.take(type, body));
  return concat([...out, ...stream.finish(), new Uint8Array(0)]);
}

/** Numbers of the tags, and init documents; throws at what is neither. */
function read(bytes: Bytes): number[] {
  const found: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (bytes[at]! >= 0xe0 && bytes[at]! < 0xf0) found.push(bytes[at++]!);
    else {
      const size = (bytes[at + 2]! << 8) | bytes[at + 3]!;
      const [number] = bytes.subarray(at + 11);
      const whole = tag(number!, size);
      assert.deepEqual(bytes.subarray(at, at + whole.length), whole, `no tag at ${at}`);
      found.push(number!);
      at += whole.length;
    }
  }
  return found;
}

const groupsArbitrary = fc.array(
  fc.record({ sizes: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 }), init: fc.nat(2) }),
  { minLength: 1, maxLength: 5 },
);

test('a whole recording is the bytes of the source, with one file header', () => {
  fc.assert(
    fc.property(groupsArbitrary, fc.integer({ min: 1, max: 60 }), (groups, cut) => {
      const bytes = plain(pieces(groups, cut));
      assert.deepEqual(bytes.subarray(0, FILE_HEADER.length), FILE_HEADER);
      let number = 0;
      let before = -1;
      const expected = groups.flatMap(({ sizes, init }) => {
        const inits = init === before ? [] : [0xe0 + init];
        before = init;
        return [...inits, ...sizes.map(() => ++number)];
      });
      assert.deepEqual(read(bytes.subarray(FILE_HEADER.length)), expected);
    }),
  );
});

test('whatever is missing, only whole tags are left, in order; a group that is all there is kept', () => {
  fc.assert(
    fc.property(groupsArbitrary, fc.integer({ min: 1, max: 60 }), fc.array(fc.nat(60)), (groups, cut, lost) => {
      // What comes last is all there, so that nothing hangs over the end.
      const all = pieces([...groups, { sizes: [3], init: 1 }], 60 + cut);
      const last = all.at(-1)!.sequence!; // it is a chunk
      const gone = new Set(lost.map(n => 1_000 + n));
      const kept = all.filter(({ sequence }) => sequence === undefined || sequence === last || !gone.has(sequence));
      const numbers = read(plain(kept).subarray(FILE_HEADER.length)).filter(number => number < 0xe0);
      assert.deepEqual(
        numbers,
        [...new Set(numbers)].sort((a, b) => a - b),
      );
      assert.equal(numbers.at(-1), groups.flatMap(({ sizes }) => sizes).length + 1);
    }),
  );
});

test('a loss costs the tags that lie in what is lost, and no others', () => {
  // Ten tags of 25 bytes each, 60 bytes a chunk: 1 2 3|3 4 5|5 6 7 8|8 9 10|10
  const all = pieces([{ sizes: new Array<number>(10).fill(10), init: 0 }], 60);
  const without = (sequence: number) => read(plain(all.filter(piece => piece.sequence !== sequence)).subarray(13));
  assert.deepEqual(without(1_001), [0xe0, 1, 2, 6, 7, 8, 9, 10]);
  assert.deepEqual(without(1_003), [0xe0, 1, 2, 3, 4, 5, 6, 7], 'of the tenth only the rest is there');
  assert.deepEqual(without(1_004), [0xe0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test('a tag that never ends is not held for ever', () => {
  const stream = new PlainStream();
  const [init, first] = pieces([{ sizes: [3], init: 0 }], 60);
  stream.take(init!.type, init!.body);
  stream.take(first!.type, first!.body);
  let out = 0;
  for (let sequence = 1_001; sequence < 2_200; sequence++) {
    const header = {
      ...{ track: 0, sequence, group: 1_000, epoch: 1_000, discontinuity: false, end: false, timestamp: 0 },
      ...{ duration: 0, entry: 16_000, initId: new Uint8Array(8), capturedAt: 0 },
    };
    const chunk = assembleChunk(header, encodeHeader(header, 16_000), new Uint8Array(64), new Uint8Array(16_000));
    for (const part of stream.take(4, chunk.bytes)) out += part.length;
  }
  assert.ok(out > 16_000_000, `${out} bytes`);
});

test("the file's time begins at 0, and goes on where the source's own began anew", () => {
  const stream = new PlainStream();
  const out: Bytes[] = [];
  let sequence = 1_000;
  /** An epoch of one tag: what the source calls `time` (ms) is `at` (ms) on the channel. */
  const epoch = (time: number, at: number) => {
    const bytes = concat([FILE_HEADER, Uint8Array.of(0xe0)]);
    const document = encodeInit({ container: 'flv', timestampOffset: (at - time) * 90, bytes });
    const payload = tag(5, 2);
    new DataView(payload.buffer).setUint32(4, time << 8);
    const header = {
      ...{ track: 0, sequence, group: sequence, epoch: sequence, discontinuity: false, end: false, entry: 0 },
      ...{ timestamp: at * 90, duration: 0, initId: initId(document), capturedAt: 0 },
    };
    sequence += 10;
    const chunk = assembleChunk(header, encodeHeader(header, payload.length), new Uint8Array(64), payload);
    out.push(...stream.take(3, concat([Uint8Array.of(0), document])), ...stream.take(4, chunk.bytes));
  };
  epoch(50_000, 1_000_000);
  epoch(0, 1_015_000);
  epoch(7_000, 1_015_040);
  const bytes = concat([...out, ...stream.finish()]).subarray(FILE_HEADER.length);
  const times = [0, 1, 2].map(i => new DataView(bytes.buffer, bytes.byteOffset + 18 * i).getUint32(5) >>> 8);
  assert.deepEqual(times, [0, 15_000, 15_040]);
});
