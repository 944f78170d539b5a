// Programme specific information: sections over packets, the programme association table and programme map tables (ISO/IEC 13818-1 §2.4.4).

import type { Bytes } from '../../bytes.ts';

/** Sections of these tables have at most this many bytes. */
const MAX_SECTION = 1_024;
const PAT_TABLE = 0;
const PMT_TABLE = 2;

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index << 24;
  for (let bit = 0; bit < 8; bit++) value = value & 0x8000_0000 ? (value << 1) ^ 0x04c1_1db7 : value << 1;
  return value;
});

/** CRC-32 of annex A; 0 over a section that ends with its own. */
export function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (let i = 0; i < bytes.length; i++) crc = (crc << 8) ^ CRC_TABLE[(crc >>> 24) ^ bytes[i]!]!;
  return crc >>> 0;
}

/** Puts one PID's sections together. Continuity does not matter: a section that is not whole fails its CRC. */
export class SectionAssembler {
  readonly #section = new Uint8Array(MAX_SECTION);
  /** Bytes of the section that are there; −1 while waiting for a start. */
  #size = -1;

  /** Takes a packet's payload and gives back the sections that it completes, as copies, and how many failed their CRC. */
  push(payload: Bytes, startsUnit: boolean): { sections: Bytes[]; damaged: number } {
    const done = { sections: [] as Bytes[], damaged: 0 };
    if (!startsUnit) {
      this.#append(payload, done);
      return done;
    }
    const pointer = payload[0] ?? 0;
    if (this.#size > 0) this.#append(payload.subarray(1, 1 + pointer), done);
    let rest = payload.subarray(1 + pointer);
    while (rest.length > 0 && rest[0] !== 0xff) {
      this.#size = 0;
      const used = this.#append(rest, done);
      rest = rest.subarray(used);
    }
    return done;
  }

  /** Forgets what is incomplete. */
  reset(): void {
    this.#size = -1;
  }

  // Gives back how many bytes belonged to the section.
  #append(bytes: Bytes, done: { sections: Bytes[]; damaged: number }): number {
    if (this.#size < 0) return bytes.length;
    const before = this.#size;
    const taken = bytes.subarray(0, MAX_SECTION - before);
    this.#section.set(taken, before);
    this.#size = before + taken.length;
    if (this.#size < 3) return bytes.length;
    const total = 3 + (((this.#section[1]! & 0x0f) << 8) | this.#section[2]!);
    if (total > MAX_SECTION) {
      this.#size = -1;
      done.damaged++;
      return bytes.length;
    }
    if (this.#size < total) return bytes.length;
    this.#size = -1;
    const section = this.#section.slice(0, total);
    if (crc32(section) === 0) done.sections.push(section);
    else done.damaged++;
    return total - before;
  }
}

/** A PAT's or PMT's section: its table, number in the table, and content without header and CRC. */
interface TableSection {
  readonly extension: number;
  readonly version: number;
  readonly number: number;
  readonly last: number;
  readonly body: Bytes;
}

function parseTable(section: Bytes, table: number): TableSection | undefined {
  if (section.length < 12 || section[0] !== table) return undefined;
  if ((section[1]! & 0x80) === 0 || (section[5]! & 1) === 0) return undefined; // not in this syntax, or not current yet
  return {
    extension: (section[3]! << 8) | section[4]!,
    version: (section[5]! >> 1) & 31,
    number: section[6]!,
    last: section[7]!,
    body: section.subarray(8, section.length - 4),
  };
}

/** One section of a programme association table (§2.4.4.3). */
export interface PatSection {
  readonly transportStream: number;
  readonly version: number;
  readonly number: number;
  readonly last: number;
  /** Programmes and the PIDs of their maps; the network's entry (number 0) is left out. */
  readonly programs: readonly { readonly number: number; readonly pid: number }[];
}

/** Undefined for another table, or one that is not current. */
export function parsePat(section: Bytes): PatSection | undefined {
  const table = parseTable(section, PAT_TABLE);
  if (!table) return undefined;
  const programs: { number: number; pid: number }[] = [];
  const { body } = table;
  for (let at = 0; at + 4 <= body.length; at += 4) {
    const number = (body[at]! << 8) | body[at + 1]!;
    if (number !== 0) programs.push({ number, pid: ((body[at + 2]! & 0x1f) << 8) | body[at + 3]! });
  }
  const { extension, version, number, last } = table;
  return { transportStream: extension, version, number, last, programs };
}

/** A descriptor (§2.6) without its tag and length. */
export interface Descriptor {
  readonly tag: number;
  readonly data: Bytes;
}

/** An elementary stream as a programme map lists it. */
export interface ElementaryInfo {
  readonly pid: number;
  /** Table 2-34. */
  readonly streamType: number;
  readonly descriptors: readonly Descriptor[];
}

/** A programme map (§2.4.4.8). */
export interface ProgramMap {
  readonly program: number;
  readonly version: number;
  readonly pcrPid: number;
  readonly descriptors: readonly Descriptor[];
  readonly streams: readonly ElementaryInfo[];
  /** The section it was read from. */
  readonly section: Bytes;
}

function parseDescriptors(bytes: Bytes): Descriptor[] {
  const descriptors: Descriptor[] = [];
  for (let at = 0; at + 2 <= bytes.length; at += 2 + bytes[at + 1]!) {
    descriptors.push({ tag: bytes[at]!, data: bytes.subarray(at + 2, at + 2 + bytes[at + 1]!) });
  }
  return descriptors;
}

/** Undefined for another table, or one that is not current or malformed. */
export function parsePmt(section: Bytes): ProgramMap | undefined {
  const table = parseTable(section, PMT_TABLE);
  if (!table || table.body.length < 4) return undefined;
  const { body, extension, version } = table;
  const streams: ElementaryInfo[] = [];
  let at = 4 + (((body[2]! & 0x0f) << 8) | body[3]!);
  const descriptors = parseDescriptors(body.subarray(4, at));
  while (at + 5 <= body.length) {
    const size = ((body[at + 3]! & 0x0f) << 8) | body[at + 4]!;
    streams.push({
      streamType: body[at]!,
      pid: ((body[at + 1]! & 0x1f) << 8) | body[at + 2]!,
      descriptors: parseDescriptors(body.subarray(at + 5, at + 5 + size)),
    });
    at += 5 + size;
  }
  const pcrPid = ((body[0]! & 0x1f) << 8) | body[1]!;
  return { program: extension, version, pcrPid, descriptors, streams, section };
}
