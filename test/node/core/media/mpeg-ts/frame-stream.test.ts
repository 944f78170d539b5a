import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Bytes, concat } from '../../../../../core/bytes.ts';
import { AC3 } from '../../../../../core/media/mpeg-ts/ac3-frames.ts';
import { ADTS } from '../../../../../core/media/mpeg-ts/adts.ts';
import type { TimedPes } from '../../../../../core/media/mpeg-ts/elementary-stream.ts';
import type { FrameFormat } from '../../../../../core/media/mpeg-ts/frame-format.ts';
import { FrameStream } from '../../../../../core/media/mpeg-ts/frame-stream.ts';
import { latmFormat } from '../../../../../core/media/mpeg-ts/latm.ts';
import { MPEG_AUDIO } from '../../../../../core/media/mpeg-ts/mpeg-audio-frames.ts';
import { opusFormat } from '../../../../../core/media/mpeg-ts/opus-frames.ts';
import type { DemuxEvent } from '../../../../../core/media/track.ts';
import { damageOf, tracksOf, unitsOf } from './fixtures.ts';

function body(number: number, size: number): Bytes {
  return new Uint8Array(size).fill(0x20 + number);
}

/** AAC-LC, 48 kHz, stereo. */
function adts(number: number, size = 20): Bytes {
  const total = size + 7;
  const head = [0xff, 0xf1, 0x4c, 0x80 | (total >> 11), (total >> 3) & 255, ((total & 7) << 5) | 0x1f, 0xfc];
  return concat([new Uint8Array(head), body(number, size)]);
}

/** MPEG-1 layer 3, 128 kbit/s, 48 kHz, stereo. */
function mp3(number: number): Bytes {
  return concat([new Uint8Array([0xff, 0xfb, 0x94, 0]), body(number, 380)]);
}

/** AC-3, 192 kbit/s, 48 kHz, 2/0. */
function ac3(number: number): Bytes {
  return concat([new Uint8Array([0x0b, 0x77, 0, 0, 0x14, 0x40, 0x40, 0]), body(number, 760)]);
}

/** One CELT frame of 20 ms. */
function opus(number: number, { trim = false, size = 30 } = {}): Bytes {
  const lengths = [...new Array<number>(Math.floor((size + 1) / 255)).fill(255), (size + 1) % 255];
  const head = [0x7f, trim ? 0xf8 : 0xe0, ...lengths, ...(trim ? [0x01, 0x38, 0x00, 0x64] : []), 0xfc];
  return concat([new Uint8Array(head), body(number, size)]);
}

function pes(payload: Bytes, pts?: number): TimedPes {
  return { streamId: 0xc0, aligned: false, payload, pts, dts: pts };
}

function run(format: FrameFormat, packets: readonly (TimedPes | 'lost' | { cut: TimedPes })[]): DemuxEvent[] {
  const stream = new FrameStream(7, format);
  const events: DemuxEvent[] = [];
  for (const packet of packets) {
    if (packet === 'lost') stream.lose();
    else if ('cut' in packet) stream.take(packet.cut, events, true);
    else {
      const buffer = packet.payload.slice();
      stream.take({ ...packet, payload: buffer }, events, false);
      buffer.fill(0xee);
    }
  }
  stream.flush();
  return events;
}

const times = (events: readonly DemuxEvent[]) => unitsOf(events).map(({ pts }) => pts);

const FORMATS: readonly (readonly [FrameFormat, (number: number) => Bytes, number])[] = [
  [ADTS, adts, 1_920],
  [MPEG_AUDIO, mp3, 2_160],
  [AC3, ac3, 2_880],
  [opusFormat(2), opus, 1_800],
];
for (const [format, frame, ticks] of FORMATS) {
  test(`${format.name}: frames come out wherever PES packets cut them, timed by the first that starts in each`, () => {
    const count = 12;
    const frames = Array.from({ length: count }, (_, index) => frame(index));
    const whole = concat(frames);
    const size = frames[0]!.length;
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: whole.length - 1 }), { maxLength: 8 });
    fc.assert(
      fc.property(cuts, places => {
        const edges = [0, ...places.sort((a, b) => a - b), whole.length];
        const packets = edges.slice(1).map((end, index) => {
          const first = Math.ceil(edges[index]! / size);
          const starts = first * size < end;
          return pes(whole.subarray(edges[index], end), starts ? 90_000 + first * ticks : undefined);
        });
        const events = run(format, packets);
        assert.deepEqual(damageOf(events), []);
        assert.equal(tracksOf(events).length, 1);
        assert.deepEqual(
          times(events),
          Array.from({ length: count }, (_, index) => 90_000 + index * ticks),
        );
        const source = frames.map(bytes => bytes.at(-1));
        assert.deepEqual(
          unitsOf(events).map(({ data }) => data.at(-1)),
          source,
        );
      }),
      { numRuns: 60 },
    );
  });
}

test('after a loss only what it touched is missing', () => {
  const frames = [0, 1, 2, 3, 4, 5].map(number => adts(number));
  const [a, b, c, d, e, f] = frames;
  const events = run(ADTS, [
    pes(concat([a!, b!]), 0),
    { cut: pes(concat([c!, d!.subarray(0, 12)]), 2 * 1_920) },
    pes(concat([e!, f!]), 4 * 1_920),
  ]);
  assert.deepEqual(
    times(events),
    [0, 1, 2, 4, 5].map(number => number * 1_920),
  );
});

test('a carried head is not joined to what comes after a loss', () => {
  const frames = [0, 1, 2].map(number => adts(number, 100));
  const events = run(ADTS, [
    pes(concat([frames[0]!, frames[1]!.subarray(0, 50)]), 0),
    'lost',
    pes(concat([frames[1]!.subarray(80), frames[2]!]), 3_840),
  ]);
  assert.deepEqual(
    unitsOf(events).map(({ data }) => data[0]),
    [0x20, 0x22],
  );
});

test('garbage between frames is passed over and told', () => {
  const events = run(ADTS, [pes(concat([adts(0), new Uint8Array(33), adts(1), adts(2)]), 0)]);
  assert.equal(unitsOf(events).length, 3);
  assert.deepEqual(
    events.flatMap(event => (event.type === 'damage' ? [event.bytes] : [])),
    [33],
  );
});

test('the configuration may change', () => {
  const mono = adts(3).slice();
  mono[3] = (mono[3]! & 0x3f) | 0x40;
  const events = run(ADTS, [pes(concat([adts(0), mono]), 0)]);
  assert.deepEqual(
    events.map(({ type }) => type),
    ['track', 'unit', 'track', 'unit'],
  );
});

test('Opus: long packets, and trims', () => {
  const events = run(opusFormat(2), [pes(concat([opus(0, { size: 300 }), opus(1, { trim: true })]), 0)]);
  assert.deepEqual(
    unitsOf(events).map(({ data, samples }) => [data.length, samples]),
    [
      [301, 960],
      [31, 860],
    ],
  );
});

test('Opus: configurations that can and cannot be carried', () => {
  for (const code of [0, 1, 2, 6, 8, 0x82]) assert.equal(tracksOf(run(opusFormat(code), [pes(opus(1), 0)])).length, 1);
  assert.equal(damageOf(run(opusFormat(0xff), [pes(opus(1), 0)])).length, 1);
});

test('MPEG audio of layer 2 is told as unsupported, once', () => {
  // Layer 2, 192 kbit/s, 48 kHz.
  const frame = concat([new Uint8Array([0xff, 0xfd, 0xa4, 0]), body(1, 572)]);
  assert.deepEqual(run(MPEG_AUDIO, [pes(frame, 0), 'lost', pes(frame, 2_160)]), [
    { type: 'unsupported-codec', kind: 'audio', codec: 'MPEG audio layer 2' },
  ]);
});

test('random bytes never throw, in any format', () => {
  const noise = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 6 });
  const heads = [adts(0), mp3(0), ac3(0), opus(0), new Uint8Array([0x56, 0xe0, 0x20, 0x20, 0, 0x11, 0x90])];
  for (const format of [ADTS, MPEG_AUDIO, AC3, opusFormat(2), latmFormat()]) {
    fc.assert(
      fc.property(noise, parts => {
        run(
          format,
          parts.flatMap(part => heads.map(head => pes(concat([head.subarray(0, 9), new Uint8Array(part)]), 0))),
        );
      }),
      { numRuns: 60 },
    );
  }
});
