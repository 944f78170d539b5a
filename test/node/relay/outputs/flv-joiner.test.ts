// What is joined is one FLV without damage, whatever is left out, and its time goes on across epochs.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Bytes, concat } from '../../../../core/bytes.ts';
import { type FlvReadEvent, FlvTagReader } from '../../../../core/media/flv/flv-tag-reader.ts';
import { FlvJoiner } from '../../../../relay/outputs/flv-joiner.ts';
import { flvHeader, flvTag } from '../../../support/flv-muxer.ts';

const AUDIO = 8;
const VIDEO = 9;
const OFFSET = 1_795_000_000_000 * 90;
/** With a sequence header, as an init has it. */
const INIT = concat([flvHeader(), flvTag(VIDEO, 0, new Uint8Array([0x17, 0, 0, 0, 0]))]);
const document = (timestampOffset: number) => ({ container: 'flv' as const, timestampOffset, bytes: INIT });

/** A tag whose body begins as one may. */
const tag = (type: number, time: number, size: number) => {
  const body = new Uint8Array(size).fill(0xff);
  body.set(type === VIDEO ? [0x27, 1, 0, 0, 0] : [0xaf, 1]);
  return flvTag(type, time, body);
};

function read(bytes: Bytes): { times: number[]; faults: string[] } {
  const reader = new FlvTagReader();
  const times: number[] = [];
  const faults: string[] = [];
  const take = (events: readonly FlvReadEvent[]) => {
    for (const event of events) {
      if (event.type === 'tag') times.push(event.tag.timestamp);
      if (event.type === 'damage' || event.type === 'lost') faults.push(event.type);
    }
  };
  take(reader.push(bytes));
  take(reader.flush());
  return { times, faults };
}

/** Pieces of at most these sizes, in turn. */
function split(bytes: Bytes, sizes: readonly number[]): Bytes[] {
  const pieces: Bytes[] = [];
  for (let at = 0, i = 0; at < bytes.length; i++) pieces.push(bytes.subarray(at, (at += sizes[i % sizes.length]!)));
  return pieces;
}

const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 8 });

test('in one epoch all bytes are passed on, in whatever pieces they come', () => {
  fc.assert(
    fc.property(sizes, fc.array(fc.integer({ min: 5, max: 90 }), { minLength: 1, maxLength: 20 }), (cuts, bodies) => {
      const tags = concat(bodies.map((size, i) => tag(i % 2 ? AUDIO : VIDEO, i * 20, size)));
      const joiner = new FlvJoiner();
      const joined = [joiner.begin(document(OFFSET), OFFSET), ...split(tags, cuts).map(piece => joiner.push(piece))];
      assert.deepEqual(concat(joined), concat([INIT, tags]));
    }),
  );
});

test('a further epoch goes on in the time of the first, without a second file header', () => {
  fc.assert(
    fc.property(sizes, fc.integer({ min: -3_600_000, max: 3_600_000 }), (cuts, later) => {
      const joiner = new FlvJoiner();
      const first = [0, 20, 40].map(time => tag(AUDIO, 5_000_000 + time, 30));
      // The source's own clock starts anew at 7 s, and the channel's goes on 60 ms after the first tag.
      const offset = OFFSET + (5_000_060 - 7_000 + later) * 90;
      const second = [0, 20, 40].map(time => tag(AUDIO, 7_000 + time, 30));
      const joined = [
        joiner.begin(document(OFFSET), OFFSET + 5_000_000 * 90),
        ...split(concat(first), cuts).map(piece => joiner.push(piece)),
        joiner.begin(document(offset), offset + 7_000 * 90),
        ...split(concat(second), cuts).map(piece => joiner.push(piece)),
      ];
      const { times, faults } = read(concat(joined));
      assert.deepEqual(faults, []);
      const begins = 5_000_060 + later;
      assert.deepEqual(times, [0, 5_000_000, 5_000_020, 5_000_040, begins, begins, begins + 20, begins + 40]);
    }),
  );
});

test('whatever is missing, the tag under way is filled up and the next one found', () => {
  const body = fc.integer({ min: 5, max: 90 });
  fc.assert(
    fc.property(sizes, body, fc.nat(200), (cuts, size, kept) => {
      const joiner = new FlvJoiner();
      const whole = tag(VIDEO, 40, size);
      const left = whole.subarray(0, Math.min(kept, whole.length));
      const joined = [
        joiner.begin(document(OFFSET), OFFSET),
        ...split(left, cuts).map(piece => joiner.push(piece)),
        joiner.gap(),
        joiner.push(tag(VIDEO, 80, 20)),
      ];
      const { times, faults } = read(concat(joined));
      assert.deepEqual(faults, []);
      assert.equal(times.at(-1), 80);
      assert.deepEqual(times.slice(1, -1), left.length >= 11 ? [40] : []);
    }),
  );
});
