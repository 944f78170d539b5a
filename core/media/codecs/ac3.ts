// AC-3 and Enhanced AC-3: synchronisation frames and the dac3 and dec3 boxes (ETSI TS 102 366 §4.3, §E.1.2, annex F).

import { type Bytes, ByteWriter } from '../../bytes.ts';
import type { AudioTrack } from '../track.ts';
import { BitReader } from './bit-reader.ts';

/** What a synchronisation frame's header says. */
export interface Ac3Header {
  readonly codec: 'ac3' | 'eac3';
  readonly sampleRate: number;
  /** Full channels and the LFE. */
  readonly channels: number;
  /** Samples in this frame. */
  readonly samples: number;
  /** Bytes from this header to the next. */
  readonly frameSize: number;
  /** False for a dependent substream of E-AC-3: it belongs to the frame before it. */
  readonly independent: boolean;
  readonly substream: number;
  /** Fields that the configuration boxes repeat. */
  readonly fscod: number;
  readonly bsid: number;
  readonly bsmod: number;
  readonly acmod: number;
  readonly lfe: boolean;
  readonly bitrateCode: number;
}

const RATES = [48_000, 44_100, 32_000];
const CHANNELS = [2, 1, 2, 3, 3, 4, 4, 5];
const BITRATES = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640];

/** Reads the frame header at `offset`; undefined when there is none. */
export function parseAc3Header(bytes: Bytes, offset: number): Ac3Header | undefined {
  if (offset + 8 > bytes.length || bytes[offset] !== 0x0b || bytes[offset + 1] !== 0x77) return undefined;
  const bsid = bytes[offset + 5]! >> 3;
  if (bsid > 16) return undefined;
  return bsid > 10 ? parseEnhanced(bytes, offset, bsid) : parsePlain(bytes, offset, bsid);
}

function parsePlain(bytes: Bytes, offset: number, bsid: number): Ac3Header | undefined {
  const reader = new BitReader(bytes, offset + 4);
  const fscod = reader.bits(2);
  const frmsizecod = reader.bits(6);
  reader.skip(5);
  const bsmod = reader.bits(3);
  const acmod = reader.bits(3);
  if ((acmod & 1) !== 0 && acmod !== 1) reader.skip(2);
  if ((acmod & 4) !== 0) reader.skip(2);
  if (acmod === 2) reader.skip(2);
  const lfe = reader.flag();
  const rate = RATES[fscod];
  const bitrateCode = frmsizecod >> 1;
  const bitrate = BITRATES[bitrateCode];
  if (rate === undefined || bitrate === undefined || bsid > 10) return undefined;
  // Table 4.13: 1536 samples' worth of 16-bit words; at 44.1 kHz the odd code has one more.
  const words = fscod === 1 ? Math.floor((bitrate * 96_000) / 44_100) + (frmsizecod & 1) : (bitrate * 96_000) / rate;
  return {
    codec: 'ac3',
    // bsid 9 and 10 halve and quarter the rate, a common extension.
    sampleRate: rate >> Math.max(0, bsid - 8),
    channels: CHANNELS[acmod]! + (lfe ? 1 : 0),
    samples: 1536,
    frameSize: words * 2,
    independent: true,
    substream: 0,
    fscod,
    bsid,
    bsmod,
    acmod,
    lfe,
    bitrateCode,
  };
}

function parseEnhanced(bytes: Bytes, offset: number, bsid: number): Ac3Header | undefined {
  const reader = new BitReader(bytes, offset + 2);
  const streamType = reader.bits(2);
  const substream = reader.bits(3);
  const frameSize = (reader.bits(11) + 1) * 2;
  const fscod = reader.bits(2);
  const fscod2 = reader.bits(2);
  const acmod = reader.bits(3);
  const lfe = reader.flag();
  const rate = fscod === 3 ? RATES[fscod2] : RATES[fscod];
  if (streamType === 3 || rate === undefined) return undefined;
  const blocks = fscod === 3 ? 6 : [1, 2, 3, 6][fscod2]!;
  return {
    codec: 'eac3',
    sampleRate: fscod === 3 ? rate / 2 : rate,
    channels: CHANNELS[acmod]! + (lfe ? 1 : 0),
    samples: 256 * blocks,
    frameSize,
    independent: streamType !== 1,
    substream,
    fscod,
    bsid,
    bsmod: 0,
    acmod,
    lfe,
    bitrateCode: 0,
  };
}

/** The track whose frames have such headers. */
export function ac3Track(id: number, header: Ac3Header): AudioTrack {
  const { codec, sampleRate, channels, fscod, bsid, bsmod, acmod } = header;
  const lfe = header.lfe ? 1 : 0;
  const box = new ByteWriter(8);
  if (codec === 'ac3') {
    box.u24((fscod << 22) | (bsid << 17) | (bsmod << 14) | (acmod << 11) | (lfe << 10) | (header.bitrateCode << 5));
  } else {
    const kbps = Math.round((header.frameSize * 8 * sampleRate) / header.samples / 1000);
    box.u16(Math.min(kbps, 0x1fff) << 3);
    box.u24((fscod << 22) | (bsid << 17) | (bsmod << 12) | (acmod << 9) | (lfe << 8));
  }
  const codecString = codec === 'ac3' ? 'ac-3' : 'ec-3';
  return { kind: 'audio', id, codec, codecString, description: box.finish(), sampleRate, channels };
}
