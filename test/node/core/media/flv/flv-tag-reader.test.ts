// The tag reader: any split, any truncation, garbage, wrong PreviousTagSize, restarts.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Bytes, concat } from '../../../../../core/bytes.ts';
import { NotThisMedia } from '../../../../../core/errors.ts';
import { TAG_HEADER_SIZE, writeFileHeader, writeTag } from '../../../../../core/media/flv/flv-tag.ts';
import { type FlvReadEvent, FlvTagReader } from '../../../../../core/media/flv/flv-tag-reader.ts';
import { ascii, makeFlv, noise, split } from './flv-fixtures.ts';

/** Joins the parts of each tag, so that what is left does not depend on the split. */
function joined(events: readonly FlvReadEvent[]): unknown[] {
  const out: unknown[] = [];
  let tag: { type: 'tag'; offset: number; timestamp: number; kind: string; parts: Bytes[] } | undefined;
  for (const event of events) {
    if (event.type === 'tag') {
      const { offset, timestamp, kind } = event.tag;
      tag = { type: 'tag', offset, timestamp, kind, parts: [event.bytes] };
    } else if (event.type === 'data') tag!.parts.push(event.bytes);
    else if (event.type === 'end') {
      const { parts, ...rest } = tag!;
      out.push({ ...rest, bytes: concat([...parts, event.bytes]) });
    } else out.push(event);
  }
  return out;
}

function readAll(parts: readonly Bytes[]): unknown[] {
  const reader = new FlvTagReader();
  const events = parts.flatMap(part => reader.push(part));
  return joined([...events, ...reader.flush()]);
}

function tagsOf(events: readonly unknown[]): { offset: number; bytes: Bytes }[] {
  return (events as { type: string; offset: number; bytes: Bytes }[]).filter(event => event.type === 'tag');
}

function damageOf(events: readonly unknown[]): number {
  const damage = (events as { type: string; bytes: number }[]).filter(event => event.type === 'damage');
  return damage.reduce((sum, event) => sum + event.bytes, 0);
}

const small = makeFlv({ frames: 4, keyInterval: 2, frameSize: 40 });

describe('FlvTagReader', () => {
  it('gives every tag with its bytes, without copying what lies in one push', () => {
    const reader = new FlvTagReader();
    const events = reader.push(small.bytes);
    assert.deepEqual(events[0], { type: 'file', flags: 5 });
    assert.deepEqual(
      tagsOf(joined(events)).map(({ offset, bytes }) => ({ offset, bytes })),
      small.tags.map(({ offset, bytes }) => ({ offset, bytes })),
    );
    for (const event of events) {
      if (event.type === 'tag') {
        assert.equal(event.bytes.buffer, small.bytes.buffer);
        assert.equal(event.bytes.length, TAG_HEADER_SIZE + event.tag.size);
      }
    }
  });

  it('gives the same events for any split', () => {
    const garbled = concat([
      small.bytes,
      noise(70, 3),
      small.tags[5]!.bytes,
      small.tags[6]!.bytes.subarray(0, 60),
      makeFlv({ frames: 3, start: 5000 }).bytes,
    ]);
    const expected = readAll([garbled]);
    assert.ok(tagsOf(expected).length > small.tags.length + 3);
    fc.assert(
      fc.property(fc.array(fc.nat(garbled.length), { maxLength: 40 }), places => {
        assert.deepEqual(readAll(split(garbled, places)), expected);
      }),
      { numRuns: 200 },
    );
    assert.deepEqual(readAll(split(garbled, [...garbled.keys()])), expected);
  });

  it('reads what is whole of a file cut at any byte', () => {
    for (let size = 0; size < small.bytes.length; size++) {
      const events = readAll([small.bytes.subarray(0, size)]);
      // The PreviousTagSize may be missing: the tag before it is whole.
      const whole = small.tags.filter(tag => tag.offset + tag.bytes.length - 4 <= size);
      assert.equal(tagsOf(events).length, whole.length, `cut at ${size}`);
      const end = whole.at(-1);
      const left = end ? size - (end.offset + end.bytes.length) : size < 12 ? size : size < 13 ? size - 9 : size - 13;
      assert.equal(damageOf(events), Math.max(0, left), `cut at ${size}`);
    }
  });

  it('streams a tag before it is complete', () => {
    const reader = new FlvTagReader();
    const body = noise(100_000, 1);
    const tag = writeTag('video', 7, body);
    reader.push(writeFileHeader(true, true));
    const [first] = reader.push(tag.subarray(0, 43));
    assert.equal(first?.type, 'tag');
    assert.deepEqual(
      reader.push(tag.subarray(43, 1000)).map(event => event.type),
      ['data'],
    );
    assert.deepEqual(
      reader.push(tag.subarray(1000)).map(event => event.type),
      ['data', 'end'],
    );
  });

  it('finds the next tag behind garbage, and tells how much there was', () => {
    fc.assert(
      fc.property(fc.nat(small.tags.length - 1), fc.uint8Array({ minLength: 1, maxLength: 200 }), (index, bytes) => {
        const { offset } = small.tags[index]!;
        const garbage = Uint8Array.from(bytes);
        const events = readAll([concat([small.bytes.subarray(0, offset), garbage, small.bytes.subarray(offset)])]);
        const found = tagsOf(events).map(tag => tag.bytes);
        const expected = small.tags.map(tag => tag.bytes);
        // A first byte of 70 ("F") and such may open more questions, but nothing is ever lost.
        assert.deepEqual(found, expected);
        assert.equal(damageOf(events), garbage.length);
      }),
      { numRuns: 300 },
    );
  });

  it('goes on past wrong and missing PreviousTagSizes', () => {
    const wrong = concat([
      small.bytes.subarray(0, 13),
      ...small.tags.map(({ bytes }) => concat([bytes.subarray(0, -4), Uint8Array.of(0, 0, 0, 0)])),
    ]);
    const events = readAll([wrong]);
    assert.equal(tagsOf(events).length, small.tags.length);
    assert.equal(damageOf(events), 0);
    const missing = concat([small.bytes.subarray(0, 13), ...small.tags.map(({ bytes }) => bytes.subarray(0, -4))]);
    assert.equal(tagsOf(readAll([missing])).length, small.tags.length);
  });

  it('finds the tags that a false one swallowed', () => {
    const cut = small.tags[5]!.bytes.subarray(0, 40);
    const restart = makeFlv({ frames: 30, seed: 9 });
    const events = readAll([concat([small.bytes, cut, restart.bytes])]);
    assert.deepEqual(
      tagsOf(events).map(tag => tag.bytes),
      [...small.tags, ...restart.tags].map(tag => tag.bytes),
    );
    assert.equal(damageOf(events), 40);
    assert.equal(events.filter(event => (event as FlvReadEvent).type === 'file').length, 2);
  });

  it('does not hold a tag of 16 MiB for ever', () => {
    const reader = new FlvTagReader();
    const announced = Uint8Array.of(9, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0);
    const restart = makeFlv({ frames: 400, frameSize: 3000 }).bytes;
    reader.push(small.bytes);
    reader.push(announced);
    let pushed = 0;
    let found = 0;
    while (found <= 1 && pushed < 40 * 2 ** 20) {
      found += reader.push(restart).filter(event => event.type === 'tag').length;
      pushed += restart.length;
    }
    assert.ok(pushed < 18 * 2 ** 20, `resynchronised after ${pushed}`);
  });

  it('passes over tags of unknown types', () => {
    const foreign = writeTag('video', 5, noise(50, 2));
    foreign[0] = 15;
    const { offset } = small.tags[5]!;
    const events = readAll([concat([small.bytes.subarray(0, offset), foreign, small.bytes.subarray(offset)])]);
    assert.equal(damageOf(events), 0);
    const kinds = tagsOf(events).map(tag => (tag as unknown as { kind: string }).kind);
    assert.equal(kinds.filter(kind => kind === 'other').length, 1);
    assert.equal(kinds.length, small.tags.length + 1);
  });

  it('starts at a tag after a gap', () => {
    const reader = new FlvTagReader();
    const half = small.tags[5]!;
    reader.push(small.bytes.subarray(0, half.offset + 30));
    const events = [...reader.gap(), ...reader.push(small.tags[7]!.bytes)];
    assert.equal(damageOf(joined(events)), 30);
    assert.deepEqual(
      tagsOf(joined(events.filter(event => event.type !== 'lost'))).map(tag => tag.bytes),
      [small.tags[7]!.bytes],
    );
  });

  it('says what it was given instead of FLV', () => {
    for (const text of [
      '<!DOCTYPE html><html>',
      '#EXTM3U\n#EXT-X-VERSION:3',
      'G@\x00\x10\x00\x00\xb0\r\x00\x01\xc1\x00',
    ]) {
      assert.throws(
        () => readAll([ascii(text)]),
        (error: unknown) => {
          assert.ok(error instanceof NotThisMedia);
          assert.match(error.message, /not FLV: it starts with ".+", not "FLV"/);
          return true;
        },
      );
    }
  });

  it('never throws on noise, and holds little of it', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), parts => {
        const reader = new FlvTagReader();
        reader.push(small.bytes);
        for (const part of parts) reader.push(Uint8Array.from(part));
        reader.flush();
      }),
      { numRuns: 200 },
    );
  });
});
