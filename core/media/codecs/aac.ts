// AAC: the AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2.1), with SBR and PS where it tells of them.

import type { Bytes } from '../../bytes.ts';
import type { AudioTrack } from '../track.ts';
import { BitReader } from './bit-reader.ts';

/** Sampling frequencies by index, in Hz (14496-3 table 1.18). */
export const AAC_SAMPLE_RATES: readonly number[] = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350,
];
const CHANNELS_OF: readonly number[] = [0, 1, 2, 3, 4, 5, 6, 8, 0, 0, 0, 7, 8, 24, 8];

const SBR = 5;
const ER_BSAC = 22;
const ER_AAC_LD = 23;
const PS = 29;
const ELD = 39;
// Object types whose configuration is a GASpecificConfig (table 1.17).
const GENERAL_AUDIO = new Set([1, 2, 3, 4, 6, 7, 17, 19, 20, 21, ER_BSAC, ER_AAC_LD]);

/** What an AudioSpecificConfig says. */
export interface AacConfig {
  /** Audio object type of the core: 2 for AAC-LC. */
  readonly objectType: number;
  /** Rate of the core coder, in Hz. */
  readonly coreSampleRate: number;
  /** Rate of what a decoder gives out: twice the core's with explicit SBR. */
  readonly sampleRate: number;
  readonly channels: number;
  readonly sbr: boolean;
  readonly ps: boolean;
  /** Samples in each frame at `sampleRate`. */
  readonly samples: number;
}

function readObjectType(reader: BitReader): number {
  const type = reader.bits(5);
  return type === 31 ? 32 + reader.bits(6) : type;
}

function readSampleRate(reader: BitReader): number {
  const index = reader.bits(4);
  return index === 15 ? reader.bits(24) : (AAC_SAMPLE_RATES[index] ?? 0);
}

// program_config_element (14496-3 §4.4.1.1): the channels of all its elements.
function readProgramChannels(reader: BitReader): number {
  reader.skip(4 + 2 + 4);
  const front = reader.bits(4);
  const side = reader.bits(4);
  const back = reader.bits(4);
  const lfe = reader.bits(2);
  reader.skip(3 + 4);
  for (const size of [4, 4, 3]) if (reader.flag()) reader.skip(size);
  let channels = lfe;
  for (let i = 0; i < front + side + back; i++) {
    channels += reader.flag() ? 2 : 1;
    reader.skip(4);
  }
  return channels;
}

/** Parses an AudioSpecificConfig; undefined when it is malformed. */
export function parseAudioSpecificConfig(bytes: Bytes): AacConfig | undefined {
  const reader = new BitReader(bytes);
  let objectType = readObjectType(reader);
  const coreSampleRate = readSampleRate(reader);
  const configuration = reader.bits(4);
  let extensionRate = 0;
  let sbr = false;
  let ps = false;
  if (objectType === SBR || objectType === PS) {
    sbr = true;
    ps = objectType === PS;
    extensionRate = readSampleRate(reader);
    objectType = readObjectType(reader);
    if (objectType === ER_BSAC) reader.skip(4);
  }
  let channels = CHANNELS_OF[configuration] ?? 0;
  let samples = 1024;
  if (GENERAL_AUDIO.has(objectType)) {
    const short = reader.flag();
    if (objectType === ER_AAC_LD) samples = short ? 480 : 512;
    else if (short) samples = 960;
    if (reader.flag()) reader.skip(14);
    const extension = reader.flag();
    if (configuration === 0) channels = readProgramChannels(reader);
    if (objectType === 6 || objectType === 20) reader.skip(3);
    if (extension && objectType >= 17) reader.skip(objectType === ER_BSAC ? 17 : 4);
  } else if (objectType === ELD) {
    samples = reader.flag() ? 480 : 512;
  }
  if (reader.overrun || objectType === 0 || coreSampleRate === 0 || channels === 0) return undefined;
  // Backward compatible signalling behind the core's configuration; trailing bits that are something else are left alone.
  if (!sbr && objectType === 2 && reader.left >= 16 && reader.bits(11) === 0x2b7 && readObjectType(reader) === SBR) {
    sbr = reader.flag();
    if (sbr) {
      extensionRate = readSampleRate(reader);
      if (reader.left >= 12 && reader.bits(11) === 0x548) ps = reader.flag();
    }
  }
  if (sbr && extensionRate === coreSampleRate * 2) samples *= 2;
  else extensionRate = coreSampleRate;
  if (ps && channels === 1) channels = 2;
  return { objectType, coreSampleRate, sampleRate: extensionRate, channels, sbr, ps, samples };
}

/**
 * Builds an AudioSpecificConfig without extensions: what an ADTS header says. `channels` is 1 to 8; an ADTS channel configuration of 7
 * (eight channels) may be handed over as it is.
 */
export function audioSpecificConfig(config: { objectType: number; sampleRate: number; channels: number }): Bytes {
  const { objectType, sampleRate, channels } = config;
  const index = AAC_SAMPLE_RATES.indexOf(sampleRate);
  const configuration = Math.min(channels, 7);
  if (index >= 0) {
    return new Uint8Array([(objectType << 3) | (index >> 1), ((index & 1) << 7) | (configuration << 3)]);
  }
  const rate = sampleRate & 0xff_ffff;
  return new Uint8Array([
    (objectType << 3) | 7,
    0x80 | (rate >> 17),
    (rate >> 9) & 255,
    (rate >> 1) & 255,
    ((rate & 1) << 7) | (configuration << 3),
  ]);
}

/** Samples in each frame at the track's rate: 1024 or 960, twice that with explicit SBR. 1024 when the configuration is malformed. */
export function aacSamples(asc: Bytes): number {
  return parseAudioSpecificConfig(asc)?.samples ?? 1024;
}

/** The track that an AudioSpecificConfig describes, at its output rate (implicit SBR can't be known here); undefined when malformed. */
export function aacTrack(id: number, asc: Bytes): AudioTrack | undefined {
  const config = parseAudioSpecificConfig(asc);
  if (!config) return undefined;
  const objectType = config.ps ? PS : config.sbr ? SBR : config.objectType;
  const { sampleRate, channels } = config;
  const codecString = `mp4a.40.${objectType}`;
  return { kind: 'audio', id, codec: 'aac', codecString, description: asc.slice(), sampleRate, channels };
}
