// Reads MP4 for tests: boxes by path, and the samples of plain (not fragmented) files.

import type { Bytes } from '../../core/bytes.ts';

/** A box: its type and payload. */
export interface Box {
  readonly type: string;
  readonly payload: Bytes;
}

/** The boxes that follow each other in these bytes; throws when a size doesn't fit. */
export function boxesOf(bytes: Bytes): Box[] {
  const boxes: Box[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at < bytes.length) {
    let size = view.getUint32(at);
    let header = 8;
    if (size === 1) {
      size = Number(view.getBigUint64(at + 8));
      header = 16;
    }
    const type = new TextDecoder('latin1').decode(bytes.subarray(at + 4, at + 8));
    if (size < header || at + size > bytes.length) throw new Error(`box ${type} of ${size} bytes at ${at}`);
    boxes.push({ type, payload: bytes.subarray(at + header, at + size) });
    at += size;
  }
  return boxes;
}

// Bytes of fields before the child boxes.
const FIELDS: Record<string, number> = {
  stsd: 8,
  dref: 8,
  avc1: 78,
  hvc1: 78,
  hev1: 78,
  av01: 78,
  vp09: 78,
  mp4a: 28,
  Opus: 28,
  'ac-3': 28,
  'ec-3': 28,
  fLaC: 28,
};

/** Payloads of all boxes at a path such as `moov/trak/mdia`; `*` stands for any type. */
export function findBoxes(bytes: Bytes, path: string): Bytes[] {
  let level = [bytes];
  let fields = 0;
  for (const name of path.split('/')) {
    const found = level.flatMap(parent =>
      boxesOf(parent.subarray(fields)).filter(({ type }) => name === '*' || type === name),
    );
    fields = FIELDS[found[0]?.type ?? ''] ?? 0;
    level = found.map(({ payload }) => payload);
  }
  return level;
}

/** A sample of a plain file; times in the track's timescale. */
export interface FileSample {
  readonly data: Bytes;
  readonly dts: number;
  readonly pts: number;
  readonly key: boolean;
}

/** A track of a plain file. */
export interface FileTrack {
  readonly handler: string;
  readonly timescale: number;
  /** Type of the sample entry, e.g. `avc1`. */
  readonly entry: string;
  /** The sample entry's child boxes. */
  readonly config: readonly Box[];
  readonly samples: readonly FileSample[];
}

/** The tracks of a plain file with their samples. */
export function readTracks(file: Bytes): FileTrack[] {
  return findBoxes(file, 'moov/trak').map(trak => readTrack(file, trak));
}

function numbers(box: Bytes, from: number): number[] {
  const view = new DataView(box.buffer, box.byteOffset, box.byteLength);
  const out: number[] = [];
  for (let at = from; at + 4 <= box.length; at += 4) out.push(view.getUint32(at));
  return out;
}

function readTrack(file: Bytes, trak: Bytes): FileTrack {
  const table = (name: string): Bytes | undefined => findBoxes(trak, `mdia/minf/stbl/${name}`)[0];
  const entry = boxesOf(table('stsd')!.subarray(8))[0]!;
  const config = boxesOf(entry.payload.subarray(FIELDS[entry.type]!));
  const timescale = numbers(findBoxes(trak, 'mdia/mdhd')[0]!, 12)[0]!;
  const handler = new TextDecoder().decode(findBoxes(trak, 'mdia/hdlr')[0]!.subarray(8, 12));
  const [constantSize, , ...listed] = numbers(table('stsz')!, 4);
  const count = numbers(table('stsz')!, 8)[0]!;
  const sizes = constantSize ? Array<number>(count).fill(constantSize) : listed;
  const runs = (name: string): number[] => {
    const pairs = table(name) ? numbers(table(name)!, 8) : [];
    const out: number[] = [];
    for (let i = 0; i + 1 < pairs.length; i += 2) for (let n = 0; n < pairs[i]!; n++) out.push(pairs[i + 1]! | 0);
    return out;
  };
  const durations = runs('stts');
  const offsets = runs('ctts');
  const keys = table('stss') ? new Set(numbers(table('stss')!, 8)) : undefined;
  const chunks = numbers(table('stco')!, 8);
  const perChunk = numbers(table('stsc')!, 8);
  const samples: FileSample[] = [];
  let dts = 0;
  let index = 0;
  for (let chunk = 0; chunk < chunks.length; chunk++) {
    let inChunk = 0;
    for (let i = 0; i + 2 < perChunk.length; i += 3) if (perChunk[i]! <= chunk + 1) inChunk = perChunk[i + 1]!;
    let at = chunks[chunk]!;
    for (let n = 0; n < inChunk && index < sizes.length; n++, index++) {
      const data = file.subarray(at, at + sizes[index]!);
      at += data.length;
      samples.push({ data, dts, pts: dts + (offsets[index] ?? 0), key: keys?.has(index + 1) ?? true });
      dts += durations[index] ?? 0;
    }
  }
  return { handler, timescale, entry: entry.type, config, samples };
}
