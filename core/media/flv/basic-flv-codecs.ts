// What nearly every FLV carries: H.264 with AAC or MP3.

import { type Bytes, equalBytes } from '../../bytes.ts';
import { aacSamples, aacTrack } from '../codecs/aac.ts';
import { AvcNal, avcConfig, avcLengthSize, avcNalType, avcParameterSets, avcTrack } from '../codecs/avc.ts';
import { mpegAudioTrack, parseMpegAudioHeader } from '../codecs/mpeg-audio.ts';
import type { FlvAudioCodec, FlvCodecs, FlvVideoCodec } from './flv-codec.ts';
import { currentSets, type NalKind, toSample } from './length-prefixed-sample.ts';

const NALS: NalKind = {
  type: avcNalType,
  aud: AvcNal.aud,
  parameterSets: [AvcNal.sps, AvcNal.pps],
  slices: [1, 6],
};

const AVC: FlvVideoCodec = {
  name: 'avc',
  track: avcTrack,
  picture({ data }, { id, description }, config) {
    const sample = toSample(data, NALS, avcLengthSize(config));
    const learnt = sample && learn(description, sample.parameterSets);
    return sample && { data: sample.data, track: learnt && avcTrack(id, learnt) };
  },
};

// In-band parameter sets that the sequence header lacks make a new configuration; known ones are left out silently.
function learn(avcC: Bytes, sets: readonly Bytes[]): Bytes | undefined {
  const before = sets.length > 0 ? avcParameterSets(avcC) : undefined;
  if (!before || sets.every(nal => [...before.sps, ...before.pps].some(known => equalBytes(known, nal)))) return;
  const of = (type: number) => sets.filter(nal => avcNalType(nal[0]!) === type);
  return avcConfig(currentSets(of(AvcNal.sps), before.sps), currentSets(of(AvcNal.pps), before.pps));
}

const AAC: FlvAudioCodec = {
  name: 'mp4a',
  track: aacTrack,
  frameAt: ({ length }, _, config) => ({ end: length, samples: config ? aacSamples(config) : 0 }),
};

const MP3: FlvAudioCodec = {
  name: 'MP3',
  frameAt(data, at) {
    const header = parseMpegAudioHeader(data, at);
    if (!header) return;
    const { layer, frameSize, samples } = header;
    const unsupported = layer === 3 ? undefined : `MPEG audio layer ${layer}`;
    return { end: at + frameSize, samples, track: id => mpegAudioTrack(id, header), unsupported };
  },
};

/** What a viewer loads with what reads FLV. */
export const BASIC_FLV_CODECS: FlvCodecs = {
  video: { avc1: AVC },
  audio: { mp4a: AAC, '.mp3': MP3 },
  isWhole: false,
};
