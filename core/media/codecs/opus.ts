// Opus: identification header (RFC 7845 §5.1), the dOps box (Opus in ISOBMFF §4.3.2), and packet durations (RFC 6716 §3.1).

import { ByteReader, type Bytes, ByteWriter } from '../../bytes.ts';
import type { AudioTrack } from '../track.ts';

/** Opus always decodes at this rate, in Hz. */
export const OPUS_SAMPLE_RATE = 48_000;

/** What a decoder must know; the mapping follows from the channels unless given. */
export interface OpusConfig {
  /** 1 to 8. */
  readonly channels: number;
  /** Samples at 48 kHz to leave out at the start. */
  readonly preSkip?: number;
  /** In 1/256 dB. */
  readonly outputGain?: number;
  readonly mappingFamily?: number;
  /** Stream count, coupled count, and a byte per channel: present unless the family is 0. */
  readonly mapping?: Bytes;
}

// RFC 7845 §5.1.1.2 in the order of Vorbis: streams, coupled streams, mapping.
const VORBIS_MAPPINGS: readonly (readonly number[])[] = [
  [1, 0, 0],
  [1, 1, 0, 1],
  [2, 1, 0, 2, 1],
  [2, 2, 0, 1, 2, 3],
  [3, 2, 0, 4, 1, 2, 3],
  [4, 2, 0, 4, 1, 2, 3, 5],
  [4, 3, 0, 4, 1, 2, 3, 5, 6],
  [5, 3, 0, 6, 1, 2, 3, 4, 5, 7],
];

const MAGIC = [0x4f, 0x70, 0x75, 0x73, 0x48, 0x65, 0x61, 0x64]; // OpusHead

function parseOpusHead(head: Bytes): OpusConfig | undefined {
  if (head.length < 19 || MAGIC.some((byte, i) => head[i] !== byte) || head[8]! > 15) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const channels = head[9]!;
  const mappingFamily = head[18]!;
  const config = {
    channels,
    preSkip: view.getUint16(10, true),
    outputGain: view.getInt16(16, true),
    mappingFamily,
  };
  if (mappingFamily === 0) return channels === 1 || channels === 2 ? config : undefined;
  if (head.length < 21 + channels) return undefined;
  return { ...config, mapping: head.subarray(19, 21 + channels) };
}

/** The track that an `OpusHead` header or a configuration describes; undefined when it is malformed. */
export function opusTrack(id: number, source: OpusConfig | Bytes): AudioTrack | undefined {
  const config = source instanceof Uint8Array ? parseOpusHead(source) : source;
  if (!config) return undefined;
  const { channels } = config;
  const family = config.mappingFamily ?? (channels > 2 ? 1 : 0);
  const known = VORBIS_MAPPINGS[channels - 1];
  const mapping = config.mapping ?? (known && new Uint8Array(known));
  if (channels < 1 || (family !== 0 && mapping?.length !== 2 + channels)) return undefined;
  const box = new ByteWriter(32).u8(0).u8(channels);
  // Not the rate of the original, which nothing depends on: Chromium refuses tracks whose sample entry names another.
  box.u16(config.preSkip ?? 0).u32(OPUS_SAMPLE_RATE);
  box.u16((config.outputGain ?? 0) & 0xffff).u8(family);
  if (family !== 0 && mapping) box.put(mapping);
  const description = box.finish();
  const sampleRate = OPUS_SAMPLE_RATE;
  return { kind: 'audio', id, codec: 'opus', codecString: 'opus', description, sampleRate, channels };
}

// Samples at 48 kHz of one frame, by the configuration number in the TOC byte (RFC 6716 table 2).
function frameSamples(config: number): number {
  if (config < 12) return [480, 960, 1920, 2880][config & 3]!;
  if (config < 16) return config & 1 ? 960 : 480;
  return 120 << (config & 3);
}

/** Samples at 48 kHz in a packet (not self-delimited); 0 when it is malformed: empty, without its frame count, or longer than 120 ms. */
export function opusPacketSamples(packet: Bytes): number {
  const toc = packet[0];
  if (toc === undefined) return 0;
  const code = toc & 3;
  const frames = code === 0 ? 1 : code < 3 ? 2 : (packet[1] ?? 0) & 63;
  const samples = frames * frameSamples(toc >> 3);
  return samples > 5760 ? 0 : samples;
}

/** The pre-skip that a dOps payload announces, in samples at 48 kHz. */
export function opusPreSkip(dOps: Bytes): number {
  return new ByteReader(dOps, 2).u16();
}
