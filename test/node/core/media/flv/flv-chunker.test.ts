// The chunker: groups, init, jumps, streaming, audio only; and the way back: init and cuts -> demuxer.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Bytes, concat, equalBytes, toHex } from '../../../../../core/bytes.ts';
import { NotThisMedia } from '../../../../../core/errors.ts';
import type { ChunkerEvent, Cut } from '../../../../../core/media/chunker.ts';
import { FlvChunker } from '../../../../../core/media/flv/flv-chunker.ts';
import { FlvDemuxer } from '../../../../../core/media/flv/flv-demuxer.ts';
import { writeFileHeader, writeTag } from '../../../../../core/media/flv/flv-tag.ts';
import type { AccessUnit } from '../../../../../core/media/track.ts';
import { AUDIO_CONFIG, AVC_C, aacBody, ascii, avcBody, type MadeTag, makeFlv, noise, split } from './flv-fixtures.ts';

function chunk(parts: readonly Bytes[], chunker = new FlvChunker()): ChunkerEvent[] {
  const events = parts.flatMap((part, i) => chunker.push(part, i));
  return [...events, ...chunker.flush(parts.length)];
}

function cutsOf(events: readonly ChunkerEvent[]): Cut[] {
  return events.flatMap(event => (event.type === 'cut' ? [event.cut] : []));
}

function types(events: readonly ChunkerEvent[]): string[] {
  const names = events.map(event => (event.type === 'cut' && event.cut.startsGroup ? 'group' : event.type));
  return names.filter((name, i) => name !== 'cut' || names[i - 1] !== 'cut');
}

function payload(events: readonly ChunkerEvent[]): Bytes {
  return concat([new Uint8Array(0), ...cutsOf(events).map(cut => cut.payload)]);
}

function tagBytes(tags: readonly MadeTag[]): Bytes {
  return concat([new Uint8Array(0), ...tags.map(tag => tag.bytes)]);
}

function unitsOf(parts: readonly Bytes[]): AccessUnit[] {
  const demuxer = new FlvDemuxer();
  const events = parts.flatMap(part => demuxer.push(part));
  return [...events, ...demuxer.flush()].flatMap(event => (event.type === 'unit' ? [event.unit] : []));
}

const media = (tag: MadeTag) => !tag.config && tag.kind !== 'script';

// The same stream with another level in its avcC.
const OTHER_AVC_C = Uint8Array.from(AVC_C);
OTHER_AVC_C[3] = 12;
OTHER_AVC_C[11] = 12;

describe('FlvChunker', () => {
  it('gives the init, then groups at key frames with every byte of the source', () => {
    const flv = makeFlv({ frames: 15, keyInterval: 5, frameSize: 5000 });
    const events = chunk([flv.bytes]);
    assert.equal(events[0]?.type, 'init');
    const first = flv.tags.findIndex(tag => tag.key);
    assert.ok(equalBytes(payload(events), tagBytes(flv.tags.slice(first))));
    const cuts = cutsOf(events);
    assert.deepEqual(
      cuts.filter(cut => cut.startsGroup).map(cut => [cut.dts / 90, cut.entry, cut.discontinuity]),
      [
        [0, 0, false],
        [200, 0, false],
        [400, 0, false],
      ],
    );
    for (const cut of cuts) assert.ok(cut.payload.length <= 4000 && cut.payload.length > 0);
  });

  it('makes an init of the file header, onMetaData and sequence headers at time 0', () => {
    const flv = makeFlv({ start: 70_000 });
    const [init] = chunk([flv.bytes]);
    assert.ok(init?.type === 'init');
    assert.ok(equalBytes(init.bytes, concat([writeFileHeader(true, true), tagBytes(flv.tags.slice(0, 3))])));
  });

  it('gives the same bytes in the same groups for any split', () => {
    const flv = concat([
      makeFlv({ frames: 12 }).bytes,
      noise(20, 4),
      makeFlv({ frames: 12, start: 9000, avcC: OTHER_AVC_C }).bytes,
    ]);
    const shape = (events: readonly ChunkerEvent[]) => {
      const groups: unknown[] = [];
      for (const event of events) {
        if (event.type === 'cut' && event.cut.startsGroup) groups.push({ dts: event.cut.dts, bytes: '' });
        const last = groups.at(-1) as { bytes: string } | undefined;
        if (event.type === 'cut') last!.bytes += toHex(event.cut.payload);
        else groups.push(event);
      }
      return groups;
    };
    const expected = shape(chunk([flv]));
    fc.assert(
      fc.property(fc.array(fc.nat(flv.length), { maxLength: 30 }), places => {
        assert.deepEqual(shape(chunk(split(flv, places))), expected);
      }),
      { numRuns: 100 },
    );
  });

  it('tells entries at which a reader can resynchronise', () => {
    const flv = makeFlv({ frames: 30, frameSize: 3000 });
    const starts = new Set(flv.tags.map(tag => tag.offset));
    let offset = flv.tags.find(tag => tag.key)!.offset;
    for (const cut of cutsOf(chunk([flv.bytes], new FlvChunker({ maxMs: 100, maxBytes: 1000 })))) {
      const expected = [...Array(cut.payload.length).keys()].find(i => starts.has(offset + i)) ?? cut.payload.length;
      assert.equal(cut.entry, expected);
      offset += cut.payload.length;
    }
  });

  it('tells the duration of the video that starts in each cut', () => {
    const flv = makeFlv({ frames: 25 });
    const total = cutsOf(chunk([flv.bytes])).reduce((sum, cut) => sum + cut.duration, 0);
    assert.equal(total / 90, 24 * 40);
  });

  it('streams a tag out before it is complete', () => {
    const chunker = new FlvChunker();
    const flv = makeFlv({ frames: 1, audio: false, frameSize: 30_000 });
    const first = flv.tags.find(tag => tag.key)!;
    const events = chunker.push(flv.bytes.subarray(0, first.offset + 500), 1000);
    assert.deepEqual(types(events), ['init']);
    assert.equal(chunker.wakeAt(), 1100);
    const [event] = chunker.poll(1100);
    assert.ok(event?.type === 'cut' && event.cut.startsGroup && event.cut.payload.length === 500);
    assert.equal(event.cut.arrivedAt, 1000);
  });

  it('lets nothing out before the first key frame with a known configuration', () => {
    const flv = makeFlv({ frames: 12, keyInterval: 5 });
    const from = flv.tags.findIndex(tag => tag.key) + 2;
    const config = flv.tags.filter(tag => tag.config);
    const inMidGroup = concat([writeFileHeader(true, true), tagBytes([...config, ...flv.tags.slice(from)])]);
    const firstKey = flv.tags.findIndex((tag, i) => i >= from && tag.key);
    assert.ok(equalBytes(payload(chunk([inMidGroup])), tagBytes(flv.tags.slice(firstKey))));
    const unconfigured = concat([writeFileHeader(true, true), tagBytes(flv.tags.filter(media))]);
    assert.deepEqual(types(chunk([unconfigured])), []);
  });

  it('starts a new epoch when a sequence header changes, not when it is repeated', () => {
    const flv = makeFlv({ frames: 4, keyInterval: 2, audio: false });
    const [, config, ...frames] = flv.tags;
    const changed = writeTag('video', 0, avcBody(true, 0, 0, OTHER_AVC_C));
    const later = frames.map(tag => {
      const bytes = tag.bytes.slice();
      bytes[6] = bytes[6]! + 160;
      return bytes;
    });
    const source = [writeFileHeader(false, true), config!.bytes, tagBytes(frames), config!.bytes, changed, ...later];
    const events = chunk([concat(source)]);
    assert.deepEqual(types(events), ['init', 'group', 'group', 'init', 'group', 'group']);
    const inits = events.flatMap(event => (event.type === 'init' ? [event.bytes] : []));
    assert.ok(equalBytes(inits[1]!, concat([writeFileHeader(false, true), changed])));
    assert.ok(equalBytes(payload(events), concat(source.slice(2))), 'headers in the band still pass through');
  });

  it('tells a jump and waits for the next key frame', () => {
    for (const start of [100_000, 0]) {
      const before = makeFlv({ frames: 7, keyInterval: 5, start: 50_000 });
      const after = makeFlv({ frames: 12, keyInterval: 5, start });
      const rest = after.tags.filter(media).slice(2);
      const events = chunk([before.bytes, tagBytes(rest)]);
      assert.deepEqual(types(events), ['init', 'group', 'group', 'jump', 'group', 'group']);
      const jump = events.find(event => event.type === 'jump');
      assert.deepEqual(jump, { type: 'jump', from: 50_243 * 90, to: (start + 40) * 90 });
      const passed = [...before.tags.filter(media), ...rest.slice(rest.findIndex(tag => tag.key))];
      assert.ok(equalBytes(payload(events), tagBytes(passed)));
    }
  });

  it('goes on over the wrap of timestamps at 2^32 ms', () => {
    const flv = makeFlv({ frames: 12, keyInterval: 5, start: 2 ** 32 - 220 });
    const events = chunk([flv.bytes]);
    assert.deepEqual(types(events), ['init', 'group', 'group', 'group']);
    const groups = cutsOf(events).filter(cut => cut.startsGroup);
    assert.deepEqual(
      groups.map(cut => cut.dts / 90 - 2 ** 32),
      [-220, -20, 180],
    );
  });

  it('never throws on flipped bytes, and every group it gives can be demuxed', () => {
    const flv = makeFlv({ frames: 12, keyInterval: 4, frameSize: 60 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 13, max: flv.bytes.length - 1 }), fc.nat(255)), { maxLength: 8 }),
        flips => {
          const bytes = flv.bytes.slice();
          for (const [at, value] of flips) bytes[at] = value;
          const events = chunk(split(bytes, [500, 1500, 2500]));
          const demuxer = new FlvDemuxer();
          for (const event of events) {
            if (event.type === 'init') {
              demuxer.reset();
              demuxer.push(event.bytes);
            }
            if (event.type !== 'cut') continue;
            assert.ok(event.cut.entry <= event.cut.payload.length && event.cut.payload.length > 0);
            if (event.cut.discontinuity) demuxer.gap();
            demuxer.push(event.cut.payload);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('takes skew between audio and video for no jump', () => {
    const tags: Bytes[] = [
      writeTag('video', 0, avcBody(true, 0, 0, AVC_C)),
      writeTag('audio', 0, aacBody(0, AUDIO_CONFIG)),
    ];
    for (let i = 0; i < 20; i++) {
      tags.push(writeTag('video', 4000 + i * 40, avcBody(i === 0, 1, 0, noise(20, i))));
      tags.push(writeTag('audio', Math.max(0, i * 40), aacBody(1, noise(20, i))));
    }
    const events = chunk([concat([writeFileHeader(true, true), ...tags])]);
    assert.deepEqual(types(events), ['init', 'group']);
  });

  it('takes a second file header for a restart', () => {
    const flv = makeFlv({ frames: 6, keyInterval: 5 });
    const events = chunk([flv.bytes, flv.bytes]);
    assert.deepEqual(types(events), ['init', 'group', 'group', 'jump', 'group', 'group']);
    const body = tagBytes(flv.tags.filter(media));
    assert.ok(equalBytes(payload(events), concat([body, body])));
  });

  it('does not pass garbage on, and marks the place', () => {
    const flv = makeFlv({ frames: 12, keyInterval: 20 });
    const at = flv.tags[9]!.offset;
    const events = chunk([concat([flv.bytes.subarray(0, at), noise(500, 2), flv.bytes.subarray(at)])]);
    assert.ok(equalBytes(payload(events), tagBytes(flv.tags.filter(media))));
    assert.deepEqual(
      events.filter(event => event.type === 'damage'),
      [{ type: 'damage', reason: 'garbage between tags', bytes: 500 }],
    );
    const marked = cutsOf(events).filter(cut => cut.discontinuity);
    assert.deepEqual(
      marked.map(cut => cut.dts / 90),
      [flv.tags[9]!.timestamp],
    );
  });

  it('puts wrong PreviousTagSizes right', () => {
    const flv = makeFlv({ frames: 6 });
    const wrong = flv.tags.map(({ bytes }) => concat([bytes.subarray(0, -4), Uint8Array.of(0, 0, 0, 7)]));
    const events = chunk([concat([writeFileHeader(true, true), ...wrong])]);
    // The last one has no tag behind it that would vouch for it, so it comes out at the end.
    assert.ok(equalBytes(payload(events), tagBytes(flv.tags.filter(media))));
    assert.equal(cutsOf(events).filter(cut => cut.discontinuity).length, 0);
  });

  it('makes groups of about a second from audio alone', () => {
    const flv = makeFlv({ frames: 100, video: false });
    const cuts = cutsOf(chunk([flv.bytes]));
    assert.deepEqual(
      cuts.filter(cut => cut.startsGroup).map(cut => cut.dts / 90),
      [3, 1003, 2003, 3003],
    );
  });

  it('gives up on announced video after 3 s, and takes it up when it comes', () => {
    const audio = makeFlv({ frames: 150, video: false }).tags.filter(media);
    const late = makeFlv({ frames: 10, keyInterval: 5, start: 6000 });
    const config = [...makeFlv({ frames: 0 }).tags];
    const events = chunk([
      concat([writeFileHeader(true, true), tagBytes(config), tagBytes(audio), tagBytes(late.tags)]),
    ]);
    assert.deepEqual(
      cutsOf(events)
        .filter(cut => cut.startsGroup)
        .map(cut => cut.dts / 90),
      [3003, 4003, 5003, 6000, 6200],
    );
  });

  it('refuses what is not FLV', () => {
    assert.throws(() => chunk([ascii('<html><body>404 Not Found')]), NotThisMedia);
  });

  it('starts afresh at a group after a flush, with the lost part marked', () => {
    const flv = makeFlv({ frames: 12, keyInterval: 5, frameSize: 2000 });
    const chunker = new FlvChunker();
    const cutAt = flv.tags[8]!.offset + 100;
    const first = [...chunker.push(flv.bytes.subarray(0, cutAt), 0), ...chunker.flush(1)];
    assert.equal(chunker.wakeAt(), undefined);
    const second = [...chunker.push(flv.bytes, 2), ...chunker.flush(3)];
    assert.deepEqual(types(second).slice(0, 2), ['jump', 'group']);
    assert.equal(cutsOf(second)[0]?.discontinuity, true);
    assert.equal(payload(first).length, cutAt - flv.tags.find(tag => tag.key)!.offset);
  });

  it('gives a demuxer the units from any group on', () => {
    const flv = makeFlv({ frames: 23, keyInterval: 5, frameSize: 6000 });
    const events = chunk(split(flv.bytes, [100, 5000, 9000, 30_000]));
    const all = unitsOf([flv.bytes]);
    const [init] = events;
    assert.ok(init?.type === 'init');
    const cuts = cutsOf(events);
    const groups = cuts.flatMap((cut, i) => (cut.startsGroup ? [i] : []));
    assert.equal(groups.length, 5);
    for (const [g, index] of groups.entries()) {
      const units = unitsOf([init.bytes, ...cuts.slice(index).map(cut => cut.payload)]);
      assert.deepEqual(units, all.slice(all.findIndex(unit => unit.track === 1 && unit.dts === g * 5 * 3600)));
    }
  });
});
