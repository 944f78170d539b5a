import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Bytes, concat } from '../../../../../core/bytes.ts';
import { NotThisMedia } from '../../../../../core/errors.ts';
import { TsPacketReader } from '../../../../../core/media/mpeg-ts/packet-reader.ts';
import { PACKET } from '../../../../support/ts-muxer.ts';
import { padded, split, splits } from './fixtures.ts';

/** Packets with their number in the first bytes; the rest is told by a seed and may hold sync bytes. */
function packets(count: number, seed = 1): Bytes {
  const bytes = new Uint8Array(count * PACKET);
  let state = seed;
  for (let i = 0; i < bytes.length; i++) bytes[i] = (state = (state * 1_103_515_245 + 12_345) & 0x7fff_ffff) >> 16;
  for (let i = 0; i < count; i++) bytes.set([0x47, 0, 0x20, 0x10, i >> 8, i & 255], i * PACKET);
  return bytes;
}

function read(parts: readonly Bytes[], flush = true): { numbers: number[]; whole: Bytes[]; damage: number } {
  const found = { numbers: [] as number[], whole: [] as Bytes[], damage: 0 };
  const reader = new TsPacketReader({
    packet(bytes, at) {
      found.numbers.push((bytes[at + 4]! << 8) | bytes[at + 5]!);
      found.whole.push(bytes.slice(at, at + PACKET));
    },
    damage(_, size) {
      found.damage += size;
    },
  });
  for (const part of parts) reader.push(part);
  if (flush) reader.flush();
  return found;
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

test('packets of 188, 192 and 204 bytes come out whole in any split', () => {
  const plain = packets(30);
  for (const [before, behind] of [[0, 0] as const, [4, 0] as const, [0, 16] as const]) {
    const bytes = padded(plain, before, behind);
    fc.assert(
      fc.property(splits, sizes => {
        const { whole, damage } = read(split(bytes, sizes));
        assert.deepEqual(concat(whole), plain);
        assert.equal(damage, 0);
      }),
      { numRuns: 60 },
    );
  }
});

test('whole packets come out at once, even one', () => {
  assert.deepEqual(read([packets(1)], false).numbers, [0]);
  assert.deepEqual(read([packets(3), packets(1)], false).numbers, [0, 1, 2, 0]);
});

test('a start in the middle of a packet, and garbage between packets, are passed over', () => {
  const stream = packets(40);
  const start = read([stream.subarray(100)]);
  assert.deepEqual(start.numbers, range(1, 40));
  assert.equal(start.damage, 88);
  const garbage = new Uint8Array(77).fill(0x12);
  const parts = [stream.subarray(0, 10 * PACKET), garbage, stream.subarray(10 * PACKET)];
  const { numbers, damage } = read([concat(parts)]);
  assert.deepEqual(numbers.slice(0, 9), range(0, 9));
  assert.deepEqual(numbers.slice(-29), range(11, 40));
  assert.ok(damage >= 77);
});

test('a packet that lost bytes is not handed on', () => {
  const stream = packets(20);
  const at = 5 * PACKET + 60;
  const { numbers } = read([concat([stream.subarray(0, at), stream.subarray(at + 10)])]);
  assert.ok(!numbers.includes(5));
  assert.deepEqual(numbers.slice(-14), range(6, 20));
});

test('the end of the input needs fewer sync bytes', () => {
  const lead = new Uint8Array(5);
  assert.deepEqual(read([concat([lead, packets(2)])]).numbers, [0, 1]);
  assert.deepEqual(read([concat([lead, packets(1)])]).numbers, [0]);
  const cut = read([packets(4).subarray(0, 4 * PACKET - 1)]);
  assert.deepEqual(cut.numbers, [0, 1, 2]);
  assert.equal(cut.damage, PACKET - 1);
});

test('what holds no packets is refused', () => {
  assert.throws(() => read([new Uint8Array(8_192)], false), NotThisMedia);
  assert.throws(() => read([new Uint8Array(8_192).fill(0x47, 0, 10)], false), NotThisMedia);
  const text = new TextEncoder().encode('<!doctype html>'.repeat(400));
  assert.throws(() => read(split(text, [100]), false), NotThisMedia);
});

test('random bytes neither crash nor hold memory', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3_000 }), splits, (noise, sizes) => {
      const bytes = concat([packets(5), new Uint8Array(noise), packets(40)]);
      const { numbers } = read(split(bytes, sizes));
      assert.deepEqual(numbers.slice(0, 4), range(0, 4));
      assert.deepEqual(numbers.slice(-30), range(10, 40));
    }),
    { numRuns: 100 },
  );
});
