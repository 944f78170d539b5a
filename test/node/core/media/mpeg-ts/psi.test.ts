import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Bytes, ByteWriter, concat } from '../../../../../core/bytes.ts';
import { ProgramReader } from '../../../../../core/media/mpeg-ts/program-reader.ts';
import { buildPat, packetizeProgram, packetizeSection } from '../../../../../core/media/mpeg-ts/program-writer.ts';
import { crc32, parsePat, parsePmt, SectionAssembler } from '../../../../../core/media/mpeg-ts/psi.ts';
import { PACKET, packetsOf, pidOf } from '../../../../support/ts-muxer.ts';

function section(table: number, extension: number, version: number, body: Bytes): Bytes {
  const head = new ByteWriter()
    .u8(table)
    .u16(0xb000 | (body.length + 9))
    .u16(extension);
  const bytes = head
    .u8(0xc1 | (version << 1))
    .u8(0)
    .u8(0)
    .put(body)
    .finish();
  return new ByteWriter().put(bytes).u32(crc32(bytes)).finish();
}

function pmt(
  program: number,
  version: number,
  streams: readonly (readonly [type: number, pid: number, info?: Bytes])[],
): Bytes {
  const body = new ByteWriter().u16(0xe000 | 0x100).u16(0xf000);
  for (const [type, pid, info] of streams) {
    body
      .u8(type)
      .u16(0xe000 | pid)
      .u16(0xf000 | (info?.length ?? 0));
    if (info) body.put(info);
  }
  return section(2, program, version, body.finish());
}

function pat(version: number, programs: readonly (readonly [number: number, pid: number])[]): Bytes {
  const body = new ByteWriter();
  for (const [number, pid] of programs) body.u16(number).u16(0xe000 | pid);
  return section(0, 1, version, body.finish());
}

function feed(reader: ProgramReader, pid: number, table: Bytes): boolean {
  let changed = false;
  const packets = packetizeSection(pid, table);
  for (let at = 0; at < packets.length; at += PACKET) {
    if (reader.handles(pid)) changed = reader.push(packets, at, pid) || changed;
  }
  return changed;
}

test('a PAT that is built is read again', () => {
  const bytes = buildPat(9, 3, { number: 257, pid: 0x1abc });
  assert.equal(crc32(bytes), 0);
  assert.deepEqual(parsePat(bytes), {
    transportStream: 9,
    version: 3,
    number: 0,
    last: 0,
    programs: [{ number: 257, pid: 0x1abc }],
  });
});

test('sections come out of packets whatever their size, several in one payload, and with a pointer', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 6 }), sizes => {
      const tables = sizes.map((size, index) => {
        const info = new Uint8Array(size * 4).fill(index);
        return pmt(index, 0, [[0x1b, 0x100, info]]);
      });
      const whole = concat(tables);
      const assembler = new SectionAssembler();
      const found: Bytes[] = [];
      let start = 0;
      const starts = tables.map(table => (start += table.length) - table.length);
      for (let at = 0; at < whole.length; ) {
        const pointer = starts.find(offset => offset >= at);
        const begins = pointer !== undefined && pointer - at < 183;
        const part = whole.subarray(at, at + (begins ? 183 : Math.min(184, (pointer ?? Infinity) - at)));
        const payload = begins ? concat([new Uint8Array([pointer - at]), part]) : part;
        found.push(...assembler.push(payload, begins).sections);
        at += part.length;
      }
      assert.deepEqual(
        found.map(bytes => [...bytes]),
        tables.map(bytes => [...bytes]),
      );
    }),
  );
});

test('a section with one wrong bit is not taken', () => {
  const table = pmt(1, 0, [[0x1b, 0x100]]);
  fc.assert(
    fc.property(fc.nat(table.length * 8 - 1), bit => {
      const copy = table.slice();
      copy[bit >> 3]! ^= 1 << (bit & 7);
      const packet = packetizeSection(0x1000, copy);
      assert.deepEqual(new SectionAssembler().push(packet.subarray(4), true).sections, []);
    }),
  );
});

test('a programme map of several packets', () => {
  const info = new Uint8Array(250).fill(0x99);
  info.set([0x99, 248]);
  const table = pmt(1, 0, [
    [0x1b, 0x100, info],
    [0x0f, 0x101, info],
  ]);
  const reader = new ProgramReader();
  feed(reader, 0, pat(0, [[1, 0x1000]]));
  assert.ok(feed(reader, 0x1000, table));
  assert.deepEqual(
    reader.program?.map.streams.map(({ pid, streamType }) => [pid, streamType]),
    [
      [0x100, 0x1b],
      [0x101, 0x0f],
    ],
  );
  const init = packetizeProgram(reader.program!);
  assert.deepEqual(packetsOf(init).map(pidOf), [0, 0x1000, 0x1000, 0x1000]);
  const again = new ProgramReader();
  for (const packet of packetsOf(init)) again.push(packet, 0, pidOf(packet));
  assert.deepEqual(again.program, reader.program);
});

test('the network entry is no programme; of several the lowest with video is played, else the lowest', () => {
  const listed = pat(0, [
    [0, 0x10],
    [8, 0x108],
    [3, 0x103],
    [5, 0x105],
  ]);
  for (const [order, expected] of [[[3, 5, 8], 5] as const, [[8, 5, 3], 5] as const]) {
    const reader = new ProgramReader();
    feed(reader, 0, listed);
    assert.equal(reader.handles(0x10), false);
    for (const number of order) {
      feed(reader, 0x100 + number, pmt(number, 0, [[number === 3 ? 0x0f : 0x1b, 0x200 + number]]));
    }
    assert.equal(reader.program?.map.program, expected);
  }
  const radio = new ProgramReader();
  feed(radio, 0, listed);
  for (const number of [8, 5, 3]) feed(radio, 0x100 + number, pmt(number, 0, [[0x0f, 0x200 + number]]));
  assert.equal(radio.program?.map.program, 3);
});

test('a programme whose map never comes is not waited for', () => {
  const reader = new ProgramReader();
  const listed = pat(0, [
    [1, 0x101],
    [2, 0x102],
  ]);
  feed(reader, 0, listed);
  feed(reader, 0x102, pmt(2, 0, [[0x1b, 0x200]]));
  const early = reader.program;
  assert.equal(early, undefined);
  feed(reader, 0, listed);
  assert.ok(feed(reader, 0, listed));
  assert.equal(reader.program?.map.program, 2);
});

test('a map of another version is a change, the same one repeated is not', () => {
  const reader = new ProgramReader();
  feed(reader, 0, pat(0, [[1, 0x1000]]));
  assert.ok(feed(reader, 0x1000, pmt(1, 0, [[0x1b, 0x100]])));
  assert.equal(feed(reader, 0x1000, pmt(1, 0, [[0x1b, 0x100]])), false);
  assert.ok(
    feed(
      reader,
      0x1000,
      pmt(1, 1, [
        [0x1b, 0x100],
        [0x0f, 0x101],
      ]),
    ),
  );
  assert.equal(reader.program?.map.streams.length, 2);
  // The programme moves to another PID.
  feed(reader, 0, pat(1, [[1, 0x1001]]));
  assert.ok(feed(reader, 0x1001, pmt(1, 2, [[0x1b, 0x100]])));
});

test('tables that are malformed or of the future are passed over', () => {
  assert.equal(parsePmt(pat(0, [[1, 0x100]])), undefined);
  const future = pmt(1, 0, [[0x1b, 0x100]]).slice();
  future[5]! &= ~1;
  assert.equal(parsePmt(future), undefined);
});
