// Sample entries: what `stsd` says of each codec (ISO/IEC 14496-12 §12, 14496-14 §5.6, 14496-15 and the codecs' own bindings).

import { type Bytes, concat } from '../../bytes.ts';
import { avcParameterSets, parseSps } from '../codecs/avc.ts';
import type { AudioCodec, AudioTrack, MediaTrack, VideoCodec, VideoTrack } from '../track.ts';
import { box, fullBox, u8, u16, u32, zeros } from './box.ts';

const VIDEO: Record<VideoCodec, { entry: string; config: string }> = {
  avc: { entry: 'avc1', config: 'avcC' },
  hevc: { entry: 'hvc1', config: 'hvcC' },
  av1: { entry: 'av01', config: 'av1C' },
  vp9: { entry: 'vp09', config: 'vpcC' },
};

const AUDIO: Record<AudioCodec, { entry: string; config: string }> = {
  aac: { entry: 'mp4a', config: 'esds' },
  mp3: { entry: 'mp4a', config: 'esds' },
  opus: { entry: 'Opus', config: 'dOps' },
  ac3: { entry: 'ac-3', config: 'dac3' },
  eac3: { entry: 'ec-3', config: 'dec3' },
  flac: { entry: 'fLaC', config: 'dfLa' },
};

/** The one sample entry of a track. */
export function sampleEntry(track: MediaTrack): Bytes {
  return track.kind === 'video' ? visualEntry(track) : audioEntry(track);
}

// SampleEntry: six reserved bytes and data reference 1.
const HEAD = u8(0, 0, 0, 0, 0, 0, 0, 1);

function visualEntry(track: VideoTrack): Bytes {
  const { entry, config } = VIDEO[track.codec];
  const aspect = pixelAspect(track);
  return box(
    entry,
    HEAD,
    zeros(16),
    u16(track.width, track.height),
    u32(0x48_0000, 0x48_0000, 0), // 72 dpi
    u16(1), // frames per sample
    zeros(32), // compressor name
    u16(0x18, 0xffff), // depth
    box(config, track.description),
    ...(aspect ? [box('pasp', u32(...aspect))] : []),
  );
}

// Players take the shape of the pixels from the container; only AVC's parameter sets are read that far.
function pixelAspect(track: VideoTrack): readonly [number, number] | undefined {
  if (track.codec !== 'avc') return undefined;
  const first = avcParameterSets(track.description)?.sps[0];
  const aspect = first && parseSps(first)?.pixelAspect;
  return aspect && aspect[0] !== aspect[1] ? aspect : undefined;
}

function audioEntry(track: AudioTrack): Bytes {
  const { entry, config } = AUDIO[track.codec];
  return box(
    entry,
    HEAD,
    zeros(8),
    u16(track.channels, sampleSize(track), 0, 0),
    // 16.16 fixed point: faster rates don't fit, and the codec's own configuration tells them.
    u32(track.sampleRate < 0x1_0000 ? track.sampleRate * 0x1_0000 : 0),
    config === 'esds' ? esds(track) : box(config, track.description),
  );
}

// FLAC's must be that of its STREAMINFO (FLAC in ISOBMFF §3.3.1; RFC 9639 §8.2: 5 bits at bit 103); others have none and say 16.
function sampleSize(track: AudioTrack): number {
  const at = 4 + 4 + 12;
  if (track.codec !== 'flac' || track.description.length < at + 2) return 16;
  return (((track.description[at]! & 1) << 4) | (track.description[at + 1]! >> 4)) + 1;
}

// 14496-1 §8.3.3: a descriptor's size in four groups of 7 bits.
function descriptor(tag: number, ...parts: readonly Bytes[]): Bytes {
  const payload = concat(parts);
  const size = payload.length;
  return concat([
    u8(tag, 0x80 | (size >> 21), 0x80 | ((size >> 14) & 127), 0x80 | ((size >> 7) & 127), size & 127),
    payload,
  ]);
}

const ES = 3;
const DECODER_CONFIG = 4;
const DECODER_SPECIFIC = 5;
const SYNC_LAYER = 6;
const AUDIO_STREAM = 0x15;

function esds(track: AudioTrack): Bytes {
  // Object type indication: what stands behind `mp4a.` (40: 14496-3, 6B: MPEG-1 audio, 69: MPEG-2 audio).
  const objectType = Number.parseInt(track.codecString.slice(5, 7), 16);
  const specific = track.description.length > 0 ? [descriptor(DECODER_SPECIFIC, track.description)] : [];
  return fullBox(
    'esds',
    0,
    0,
    descriptor(
      ES,
      u8(0, 0, 0),
      descriptor(DECODER_CONFIG, u8(objectType, AUDIO_STREAM, 0, 0, 0), u32(0, 0), ...specific),
      descriptor(SYNC_LAYER, u8(2)),
    ),
  );
}
