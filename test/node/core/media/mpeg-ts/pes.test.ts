import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Bytes, concat } from '../../../../../core/bytes.ts';
import { PesAssembler, parsePesHeader } from '../../../../../core/media/mpeg-ts/pes.ts';

function timestamp(prefix: number, ticks: number): number[] {
  const high = Math.floor(ticks / 2 ** 30);
  const low = ticks % 2 ** 30;
  return [
    (prefix << 4) | (high << 1) | 1,
    low >>> 22,
    ((low >>> 14) & 254) | 1,
    (low >>> 7) & 255,
    ((low << 1) & 254) | 1,
  ];
}

function pes(
  payload: Bytes,
  { pts, dts, bounded = true, stuffing = 0 }: { pts?: number; dts?: number; bounded?: boolean; stuffing?: number },
): Bytes {
  const times =
    pts === undefined ? [] : dts === undefined ? timestamp(2, pts) : [...timestamp(3, pts), ...timestamp(1, dts)];
  const flags = pts === undefined ? 0 : dts === undefined ? 0x80 : 0xc0;
  const length = bounded ? 3 + times.length + stuffing + payload.length : 0;
  const head = [0, 0, 1, 0xe0, length >> 8, length & 255, 0x80, flags, times.length + stuffing, ...times];
  return concat([new Uint8Array([...head, ...new Array<number>(stuffing).fill(0xff)]), payload]);
}

const ticks = fc.integer({ min: 0, max: 2 ** 33 - 1 });
const payloads = fc.uint8Array({ maxLength: 700 }).map(bytes => new Uint8Array(bytes));

test('times and payload come out, over any number of packets, whatever the size of the header', () => {
  const shape = fc.record({ pts: ticks, dts: ticks, stuffing: fc.integer({ min: 0, max: 240 }) });
  fc.assert(
    fc.property(payloads, shape, fc.integer({ min: 1, max: 184 }), fc.boolean(), (payload, options, size, bounded) => {
      const bytes = pes(payload, { ...options, bounded });
      const assembler = new PesAssembler();
      assembler.start(bytes, 0, Math.min(size, bytes.length));
      for (let at = size; at < bytes.length; at += size) {
        assert.equal(assembler.complete, false);
        assembler.append(bytes, at, Math.min(at + size, bytes.length));
      }
      assert.equal(assembler.complete, bounded);
      assert.equal(assembler.unbounded, !bounded);
      const whole = assembler.take();
      assert.deepEqual({ pts: whole?.pts, dts: whole?.dts }, { pts: options.pts, dts: options.dts });
      assert.deepEqual(whole?.payload.slice(), payload);
      assert.equal(assembler.pending, 0);
    }),
  );
});

test('the decode time is the presentation time where only that is told, and both may be missing', () => {
  const [one, none] = [pes(new Uint8Array(3), { pts: 77 }), pes(new Uint8Array(3), {})].map(parsePesHeader);
  assert.ok(one && one !== 'short' && one.pts === 77 && one.dts === 77);
  assert.ok(none && none !== 'short' && none.pts === undefined && none.dts === undefined);
});

test('a header that is cut is short, one with a wrong marker or start code is malformed', () => {
  const bytes = pes(new Uint8Array(0), { pts: 5, dts: 4 });
  for (let size = 0; size < bytes.length; size++) assert.equal(parsePesHeader(bytes.subarray(0, size)), 'short');
  for (const at of [0, 2, 6, 9, 11, 13, 14, 16, 18]) {
    const copy = bytes.slice();
    copy[at] = at === 6 ? 0 : copy[at]! ^ 1;
    assert.equal(parsePesHeader(copy), undefined, `byte ${at}`);
  }
});

test('a packet without end is given up', () => {
  const assembler = new PesAssembler();
  const part = new Uint8Array(1_048_576);
  assembler.start(pes(part, { pts: 0, bounded: false }), 0, 184);
  let kept = true;
  for (let i = 0; i < 9; i++) kept = assembler.append(part, 0, part.length) && kept;
  assert.equal(kept, false);
  assert.equal(assembler.pending, 0);
});
