// What few FLVs carry (Veovera E-RTMP v2): loaded when one of them does.

import { type Bytes, equalBytes } from '../../bytes.ts';
import { ac3Track, parseAc3Header } from '../codecs/ac3.ts';
import { av1Track, forEachObu, Obu, parseSequenceHeader } from '../codecs/av1.ts';
import { flacFrameSamples, flacTrack } from '../codecs/flac.ts';
import { HevcNal, hevcConfig, hevcLengthSize, hevcNalType, hevcParameterSets, hevcTrack } from '../codecs/hevc.ts';
import { opusPacketSamples, opusTrack } from '../codecs/opus.ts';
import { type PictureSize, parseVp9KeyFrame, vp9Track } from '../codecs/vp9.ts';
import type { VideoTrack } from '../track.ts';
import type { FlvAudioCodec, FlvCodecs, FlvVideoCodec } from './flv-codec.ts';
import { currentSets, type NalKind, toSample } from './length-prefixed-sample.ts';

const NALS: NalKind = {
  type: hevcNalType,
  aud: HevcNal.aud,
  parameterSets: [HevcNal.vps, HevcNal.sps, HevcNal.pps],
  slices: [0, 32],
};
/** The header of an OBU that does not belong in a sample (AV1 in ISOBMFF §2.4). */
const TEMPORAL_DELIMITER = 0x12;

const HEVC: FlvVideoCodec = {
  name: 'hevc',
  track: hevcTrack,
  // RASL pictures lean on what is before the CRA or BLA that decoding starts with (ISO/IEC 23008-2 §8.1.3).
  picture({ data }, { id, description }, config) {
    const sample = toSample(data, NALS, hevcLengthSize(config));
    if (!sample) return;
    const { sliceType: type, parameterSets } = sample;
    const learnt = learn(description, parameterSets);
    const isOpen = type === HevcNal.cra || (type >= HevcNal.blaWLp && type < HevcNal.idrWRadl);
    const leans = type === HevcNal.raslN || type === HevcNal.raslR;
    return { data: sample.data, track: learnt && hevcTrack(id, learnt), isOpen, leans };
  },
};

// In-band parameter sets that the sequence header lacks make a new configuration; known ones are left out silently.
function learn(hvcC: Bytes, sets: readonly Bytes[]): Bytes | undefined {
  const before = sets.length > 0 ? hevcParameterSets(hvcC) : undefined;
  if (!before) return;
  const all = [...before.vps, ...before.sps, ...before.pps];
  if (sets.every(nal => all.some(known => equalBytes(known, nal)))) return;
  const of = (type: number) => sets.filter(nal => hevcNalType(nal[0]!) === type);
  const sps = currentSets(of(HevcNal.sps), before.sps);
  return hevcConfig(currentSets(of(HevcNal.vps), before.vps), sps, currentSets(of(HevcNal.pps), before.pps));
}

const AV1: FlvVideoCodec = {
  name: 'av1',
  track: av1Track,
  picture({ data, key }, track) {
    const unit = data[0] === TEMPORAL_DELIMITER && data[1] === 0 ? data.subarray(2) : data;
    return { data: unit, track: key ? resized(track, av1Size(unit)) : undefined };
  },
};

function av1Size(unit: Bytes): PictureSize | undefined {
  let size: PictureSize | undefined;
  forEachObu(unit, (type, start, end) => {
    if (type === Obu.sequenceHeader) size ??= parseSequenceHeader(unit.subarray(start, end));
  });
  return size;
}

const VP9: FlvVideoCodec = {
  name: 'vp9',
  track: vp9Track,
  picture: ({ data, key }, track) => ({ data, track: key ? resized(track, parseVp9KeyFrame(data)) : undefined }),
};

function resized(track: VideoTrack, size: PictureSize | undefined): VideoTrack | undefined {
  return size && (size.width !== track.width || size.height !== track.height) ? { ...track, ...size } : undefined;
}

const OPUS: FlvAudioCodec = {
  name: 'Opus',
  track: opusTrack,
  frameAt: (data, _, config) => ({
    end: data.length,
    samples: opusPacketSamples(data),
    // RFC 6716 §3.1: without a sequence header the packet itself tells mono from stereo.
    track: config ? undefined : id => opusTrack(id, { channels: data[0]! & 4 ? 2 : 1 }),
  }),
};

const FLAC: FlvAudioCodec = {
  name: 'fLaC',
  track: flacTrack,
  frameAt: data => ({ end: data.length, samples: flacFrameSamples(data) }),
};

const AC3: FlvAudioCodec = {
  name: 'AC-3',
  // A unit is an independent frame with the dependent ones and further substreams that follow it.
  frameAt(data, at) {
    const header = parseAc3Header(data, at);
    if (!header) return;
    let end = at + header.frameSize;
    for (let next = parseAc3Header(data, end); next; next = parseAc3Header(data, end)) {
      if ((next.independent && next.substream === 0) || end + next.frameSize > data.length) break;
      end += next.frameSize;
    }
    return { end, samples: header.samples, track: id => ac3Track(id, header) };
  },
};

/** Those beside the basic ones. */
export const FURTHER_CODECS: Omit<FlvCodecs, 'isWhole'> = {
  video: { hvc1: HEVC, av01: AV1, vp09: VP9 },
  audio: { Opus: OPUS, fLaC: FLAC, 'ac-3': AC3, 'ec-3': AC3 },
};
