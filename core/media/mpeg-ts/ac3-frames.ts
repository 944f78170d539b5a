// AC-3 and E-AC-3 frames in a transport stream (ETSI TS 102 366): dependent substreams stay with the frame before them.

import type { Bytes } from '../../bytes.ts';
import { ac3Track, parseAc3Header } from '../codecs/ac3.ts';
import type { AudioFrame, FrameFormat } from './frame-format.ts';

/** Synchronisation frames of substream 0, each with the dependent ones that follow it in the same PES packet. */
export const AC3: FrameFormat = {
  name: 'AC-3',

  sizeAt(bytes: Bytes, at: number): number {
    if (bytes[at] !== 0x0b || (at + 1 < bytes.length && bytes[at + 1] !== 0x77)) return 0;
    if (at + 8 > bytes.length) return -1;
    let size = parseAc3Header(bytes, at)?.frameSize ?? 0;
    if (size === 0) return 0;
    for (;;) {
      const next = parseAc3Header(bytes, at + size);
      if (!next || next.independent) return size;
      size += next.frameSize;
    }
  },

  read(bytes: Bytes, at: number, size: number): AudioFrame | undefined {
    const header = parseAc3Header(bytes, at);
    if (!header) return undefined;
    const { codec, sampleRate, channels, samples, fscod, bsid, bsmod, acmod, lfe, substream } = header;
    // A second programme's substream, or a dependent one that lost what it depends on, plays no part.
    const plays = header.independent && substream === 0;
    return {
      size,
      units: plays ? [{ data: bytes.slice(at, at + size), samples }] : [],
      sampleRate,
      configuration: plays ? [codec, sampleRate, channels, fscod, bsid, bsmod, acmod, lfe].join() : '',
      track: () => ac3Track(0, header),
    };
  },
};
