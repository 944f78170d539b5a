// Opus in MPEG-2 transport streams (ETSI TS 103 491 draft, as libopus' makers and ffmpeg write it): packets behind control headers.

import type { Bytes } from '../../bytes.ts';
import { OPUS_SAMPLE_RATE, type OpusConfig, opusPacketSamples, opusTrack } from '../codecs/opus.ts';
import type { AudioFrame, FrameFormat } from './frame-format.ts';

const START_TRIM = 0x10;
const END_TRIM = 0x08;
const EXTENSION = 0x04;

interface ControlHeader {
  readonly size: number;
  readonly packet: number;
  /** Samples at 48 kHz to leave out at the packet's end. */
  readonly endTrim: number;
}

// 'short' when the bytes end within the header.
function parseControlHeader(bytes: Bytes, at: number): ControlHeader | 'short' | undefined {
  if (bytes[at] !== 0x7f || (at + 1 < bytes.length && (bytes[at + 1]! & 0xe0) !== 0xe0)) return undefined;
  const flags = bytes[at + 1];
  if (flags === undefined) return 'short';
  let end = at + 2;
  let packet = 0;
  let byte: number | undefined;
  do {
    byte = bytes[end++];
    if (byte === undefined) return 'short';
    packet += byte;
  } while (byte === 0xff);
  let endTrim = 0;
  if (flags & START_TRIM) end += 2;
  if (flags & END_TRIM) {
    if (end + 2 > bytes.length) return 'short';
    endTrim = ((bytes[end]! & 0x1f) << 8) | bytes[end + 1]!;
    end += 2;
  }
  if (flags & EXTENSION) {
    if (end >= bytes.length) return 'short';
    end += 1 + bytes[end]!;
  }
  return end > bytes.length ? 'short' : { size: end - at, packet, endTrim };
}

// Channel configuration codes: 0 is two channels without relation, 1 to 8 follow Vorbis, 0x82 to 0x88 are as many mono streams.
function configOf(code: number): OpusConfig | undefined {
  if (code === 0) return { channels: 2, mappingFamily: 255, mapping: new Uint8Array([2, 0, 0, 1]) };
  if (code <= 8) return { channels: code };
  const channels = code - 0x80;
  if (channels < 2 || channels > 8) return undefined;
  const order = Array.from({ length: channels }, (_, index) => index);
  return { channels, mappingFamily: 1, mapping: new Uint8Array([channels, 0, ...order]) };
}

/** Packets of a stream whose descriptor says this channel configuration code. Start trims are played: a viewer joins in the middle anyway. */
export function opusFormat(channelCode: number): FrameFormat {
  const config = configOf(channelCode);
  return {
    name: 'Opus',

    sizeAt(bytes: Bytes, at: number): number {
      const header = parseControlHeader(bytes, at);
      if (header === 'short') return -1;
      return header && header.packet > 0 ? header.size + header.packet : 0;
    },

    read(bytes: Bytes, at: number, size: number): AudioFrame | undefined {
      const header = parseControlHeader(bytes, at);
      if (!header || header === 'short') return undefined;
      const data = bytes.slice(at + header.size, at + size);
      const samples = opusPacketSamples(data) - header.endTrim;
      if (samples <= 0) return undefined;
      return {
        size,
        units: [{ data, samples }],
        sampleRate: OPUS_SAMPLE_RATE,
        configuration: String(channelCode),
        track: () => config && opusTrack(0, config),
      };
    },
  };
}
