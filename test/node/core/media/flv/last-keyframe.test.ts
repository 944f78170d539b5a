// Joining a growing file: the last key frame of any tail, and the init from the head.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { concat, equalBytes } from '../../../../../core/bytes.ts';
import { NotThisMedia } from '../../../../../core/errors.ts';
import { FlvChunker } from '../../../../../core/media/flv/flv-chunker.ts';
import { writeTag } from '../../../../../core/media/flv/flv-tag.ts';
import { findLastFlvKeyframe, readFlvInit } from '../../../../../core/media/flv/last-keyframe.ts';
import { AVC_C, ascii, avcBody, makeFlv, noise } from './flv-fixtures.ts';

const flv = makeFlv({ frames: 30, keyInterval: 7, frameSize: 400 });

describe('findLastFlvKeyframe', () => {
  it('finds it in any tail of a file that is cut anywhere', () => {
    fc.assert(
      fc.property(fc.nat(flv.bytes.length), fc.nat(flv.bytes.length), (a, b) => {
        const [from, to] = a < b ? [a, b] : [b, a];
        const found = findLastFlvKeyframe(flv.bytes.subarray(0, to), from);
        // A tag counts when its header and the beginning of its body are there, and the chain to it was proven by a whole tag.
        const whole = flv.tags.filter(tag => tag.offset >= from && tag.offset + tag.bytes.length <= to);
        const proven = whole[0]?.offset ?? Number.POSITIVE_INFINITY;
        const keys = flv.tags.filter(tag => tag.key && tag.offset >= proven && tag.offset + 11 + 32 <= to);
        assert.equal(
          found,
          keys.at(-1)?.offset ?? (whole.some(tag => tag.kind === 'video' && !tag.config) ? undefined : found),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('takes the last audio tag where there is no video', () => {
    const audio = makeFlv({ frames: 30, video: false });
    assert.equal(findLastFlvKeyframe(audio.bytes, 40), audio.tags.at(-1)!.offset);
    assert.equal(findLastFlvKeyframe(noise(5000, 1)), undefined);
  });
});

describe('readFlvInit', () => {
  it('is the same as the chunker makes', () => {
    const [init] = new FlvChunker().push(flv.bytes, 0);
    assert.ok(init?.type === 'init');
    assert.ok(equalBytes(readFlvInit(flv.bytes.subarray(0, 2000)), init.bytes));
  });

  it('takes newer sequence headers from the tail', () => {
    const other = Uint8Array.from(AVC_C);
    other[3] = 12;
    const changed = writeTag('video', 0, avcBody(true, 0, 0, other));
    const tail = concat([flv.bytes.subarray(1000), changed, makeFlv({ frames: 2 }).bytes.subarray(13 + 60)]);
    const init = readFlvInit(flv.bytes.subarray(0, 800), tail.subarray(0, tail.length - 500));
    assert.ok(init.length > changed.length);
    assert.throws(() => readFlvInit(ascii('<html><body></body></html>')), NotThisMedia);
  });

  it('lets a chunker join at the last key frame', () => {
    const offset = findLastFlvKeyframe(flv.bytes, 3000)!;
    const chunker = new FlvChunker();
    const events = [
      ...chunker.push(readFlvInit(flv.bytes.subarray(0, 1000)), 0),
      ...chunker.push(flv.bytes.subarray(offset), 0),
      ...chunker.flush(0),
    ];
    assert.deepEqual(
      events.slice(0, 2).map(event => event.type),
      ['init', 'cut'],
    );
    const cuts = events.flatMap(event => (event.type === 'cut' ? [event.cut.payload] : []));
    assert.ok(equalBytes(concat(cuts), flv.bytes.subarray(offset)));
  });
});
