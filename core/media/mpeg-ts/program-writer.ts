// Programme specific information as packets (ISO/IEC 13818-1 §2.4.4).

import { type Bytes, concat } from '../../bytes.ts';
import type { Program } from './program-reader.ts';
import { crc32 } from './psi.ts';
import { PACKET_SIZE, PAT_PID, SYNC_BYTE } from './ts-packet.ts';

const PAT_TABLE = 0;

/** A PAT section that lists one programme. */
export function buildPat(transportStream: number, version: number, program: { number: number; pid: number }): Bytes {
  const { number, pid } = program;
  const head = [PAT_TABLE, 0xb0, 13, transportStream >> 8, transportStream & 255, 0xc1 | (version << 1), 0, 0];
  const section = new Uint8Array([...head, number >> 8, number & 255, 0xe0 | (pid >> 8), pid & 255, 0, 0, 0, 0]);
  new DataView(section.buffer).setUint32(12, crc32(section.subarray(0, 12)));
  return section;
}

/** The transport packets of a section, with continuity counters from 0. */
export function packetizeSection(pid: number, section: Bytes): Bytes {
  const count = Math.ceil((section.length + 1) / (PACKET_SIZE - 4));
  const packets = new Uint8Array(count * PACKET_SIZE).fill(0xff);
  let rest = section;
  for (let i = 0; i < count; i++) {
    const at = i * PACKET_SIZE;
    const first = i === 0;
    packets.set([SYNC_BYTE, (first ? 0x40 : 0) | (pid >> 8), pid & 255, 0x10 | (i & 15)], at);
    if (first) packets[at + 4] = 0;
    const from = at + (first ? 5 : 4);
    const part = rest.subarray(0, at + PACKET_SIZE - from);
    packets.set(part, from);
    rest = rest.subarray(part.length);
  }
  return packets;
}

/** PAT and PMT packets that announce one programme alone: what a decoder needs before it. */
export function packetizeProgram({ transportStream, pmtPid, map }: Program): Bytes {
  const pat = buildPat(transportStream, 0, { number: map.program, pid: pmtPid });
  return concat([packetizeSection(PAT_PID, pat), packetizeSection(pmtPid, map.section)]);
}
