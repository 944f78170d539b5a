// The clock and the times of a further epoch are moved to where the first one's go on; nothing else is touched.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Bytes, concat } from '../../../../core/bytes.ts';
import { parsePesHeader, TIMESTAMP_PERIOD } from '../../../../core/media/mpeg-ts/pes.ts';
import { payloadStart } from '../../../../core/media/mpeg-ts/ts-packet.ts';
import { TsJoiner } from '../../../../relay/outputs/ts-joiner.ts';

const document = (timestampOffset: number) => ({
  container: 'ts' as const,
  timestampOffset,
  bytes: new Uint8Array(188).fill(0x47, 0, 1),
});

function timestamp(mark: number, time: number): number[] {
  const high = Math.floor(time / 2 ** 30);
  const low = time % 2 ** 30;
  return [(mark << 4) | (high << 1) | 1, low >> 22, ((low >> 14) & 0xfe) | 1, low >> 7, ((low << 1) & 0xfe) | 1];
}

/** A packet with a clock reference and the start of a PES packet. */
function packet(pts: number, dts: number, clock: number): Bytes {
  const bytes = new Uint8Array(188).fill(0xaa);
  const low = clock % 2 ** 25;
  bytes.set([0x47, 0x41, 0, 0x30, 7, 0x10, Math.floor(clock / 2 ** 25), low >> 17, low >> 9, low >> 1]);
  bytes.set([((low & 1) << 7) | 0x7e, 0x55], 10);
  bytes.set([0, 0, 1, 0xe0, 0, 0, 0x80, 0xc0, 10, ...timestamp(3, pts), ...timestamp(1, dts)], 12);
  return bytes;
}

function timesOf(bytes: Bytes) {
  const clock = bytes[6]! * 2 ** 25 + ((bytes[7]! << 17) | (bytes[8]! << 9) | (bytes[9]! << 1) | (bytes[10]! >> 7));
  const header = parsePesHeader(bytes.subarray(payloadStart(bytes, 0)));
  assert.ok(header && header !== 'short');
  return { clock, pts: header.pts, dts: header.dts };
}

const time = fc.integer({ min: 0, max: TIMESTAMP_PERIOD - 1 });

test('times and clock are moved by what lies between the epochs, and wrap', () => {
  fc.assert(
    fc.property(time, time, time, fc.integer({ min: -(2 ** 40), max: 2 ** 40 }), (pts, dts, clock, shift) => {
      const joiner = new TsJoiner();
      const before = packet(pts, dts, clock);
      joiner.begin(document(2 ** 45));
      assert.equal(joiner.push(before), before);
      joiner.begin(document(2 ** 45 + shift));
      const after = joiner.push(concat([before, before])).subarray(2 * 188);
      const moved = (value: number) => (((value + shift) % TIMESTAMP_PERIOD) + TIMESTAMP_PERIOD) % TIMESTAMP_PERIOD;
      assert.deepEqual(timesOf(after), { clock: moved(clock), pts: moved(pts), dts: moved(dts) });
      assert.deepEqual(timesOf(before), { clock, pts, dts });
      const blank = (bytes: Bytes) => [
        ...bytes.subarray(0, 6),
        bytes[10]! & 0x7f,
        ...bytes.subarray(11, 21),
        ...bytes.subarray(31),
      ];
      assert.deepEqual(blank(after), blank(before));
    }),
  );
});

test('after a gap each stream goes on where something starts in it, and its counter is said to be another', () => {
  const packetOf = (pid: number, starts: boolean, counter: number) => {
    const bytes = new Uint8Array(188).fill(0x22);
    bytes.set([0x47, (starts ? 0x40 : 0) | (pid >> 8), pid & 0xff, 0x10 | counter]);
    return bytes;
  };
  const [rest, video, more, sound] = [
    packetOf(257, false, 3),
    packetOf(256, true, 0),
    packetOf(256, false, 1),
    packetOf(257, true, 9),
  ];
  const joiner = new TsJoiner();
  joiner.begin(document(0));
  joiner.gap();
  const joined = concat([joiner.push(concat([rest, video, more])), joiner.push(concat([rest, sound, rest]))]);
  const packets = Array.from({ length: joined.length / 188 }, (_, i) => joined.subarray(i * 188, (i + 1) * 188));
  assert.deepEqual(
    packets.map(([, high, low, control, length, flags]) => [((high! & 0x1f) << 8) | low!, control, length, flags]),
    [
      [256, 0x2f, 183, 0x80],
      [256, 0x10, 0x22, 0x22],
      [256, 0x11, 0x22, 0x22],
      [257, 0x28, 183, 0x80],
      [257, 0x19, 0x22, 0x22],
      [257, 0x13, 0x22, 0x22],
    ],
  );
});

test('packets without times stay as they are', () => {
  const joiner = new TsJoiner();
  joiner.begin(document(0));
  joiner.begin(document(90_000));
  joiner.push(packet(0, 0, 0));
  const plain = new Uint8Array(188).fill(0x11);
  plain.set([0x47, 0x01, 0, 0x10]);
  assert.deepEqual(joiner.push(plain), plain);
});
