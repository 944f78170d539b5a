// The video of an FLV: sequence headers -> tracks, coded frames -> access units.

import { type Bytes, equalBytes } from '../../bytes.ts';
import { TICKS_PER_MILLI, type Ticks } from '../../time.ts';
import { av1Track, forEachObu, Obu, parseSequenceHeader } from '../codecs/av1.ts';
import { AvcNal, avcConfig, avcLengthSize, avcNalType, avcParameterSets, avcTrack } from '../codecs/avc.ts';
import { HevcNal, hevcConfig, hevcLengthSize, hevcNalType, hevcParameterSets, hevcTrack } from '../codecs/hevc.ts';
import { type PictureSize, parseVp9KeyFrame, vp9Track } from '../codecs/vp9.ts';
import type { DemuxEvent, VideoTrack } from '../track.ts';
import type { MediaPacket } from './ex-header.ts';
import { type Sample, toSample } from './length-prefixed-sample.ts';

const CODECS: Readonly<Record<string, VideoTrack['codec']>> = { avc1: 'avc', hvc1: 'hevc', av01: 'av1', vp09: 'vp9' };
/** The header of an OBU that does not belong in a sample (AV1 in ISOBMFF §2.4). */
const TEMPORAL_DELIMITER = 0x12;
const COMMON_NAMES: Readonly<Record<string, string>> = { vp08: 'VP8', vvc1: 'VVC' };

/**
 * The one video track. Times are clamped so that pts >= dts: where a composition time is negative, the decode time moves down to the presentation
 * time as far as the unit before allows, and only the rest moves the presentation time up.
 */
export class FlvVideoStream {
  readonly #id: number;
  #config: Bytes | undefined;
  #codec: VideoTrack['codec'] | undefined;
  #lengthSize = 4;
  #track: VideoTrack | undefined;
  #awaitsKey = true;
  /** After a random access to an open group: pictures that lean on what went before can't be decoded. */
  #skipsLeading = false;
  #lastDts: Ticks = Number.NEGATIVE_INFINITY;
  #warned = false;
  readonly #unsupported = new Set<string>();

  constructor(id: number) {
    this.#id = id;
  }

  /** Something is missing: the next unit must be one that a decoder can start with. */
  awaitKey(): void {
    this.#awaitsKey = true;
    this.#lastDts = Number.NEGATIVE_INFINITY;
  }

  /** Takes the next packet of the default track; `time` is its tag's. */
  take(packet: MediaPacket, time: Ticks, events: DemuxEvent[]): void {
    if (packet.role !== 'config' && packet.role !== 'ts-config' && packet.role !== 'frame') return;
    const codec = CODECS[packet.codec];
    if (!codec) this.#refuse(COMMON_NAMES[packet.codec] ?? packet.codec, events);
    else if (packet.role === 'ts-config')
      this.#refuse(`${codec.toUpperCase()} with an MPEG-2 TS sequence header`, events);
    else if (packet.role === 'config') this.#configure(codec, packet.data, events);
    else this.#frame(codec, packet, time, events);
  }

  #refuse(codec: string, events: DemuxEvent[]): void {
    if (this.#unsupported.has(codec)) return;
    this.#unsupported.add(codec);
    events.push({ type: 'unsupported-codec', kind: 'video', codec });
  }

  #configure(codec: VideoTrack['codec'], config: Bytes, events: DemuxEvent[]): void {
    if (codec === this.#codec && this.#config && equalBytes(config, this.#config)) return;
    const track = describe(codec, this.#id, config);
    if (!track) {
      events.push({ type: 'damage', reason: `malformed ${codec} sequence header`, bytes: config.length });
      return;
    }
    this.#codec = codec;
    this.#config = config.slice();
    this.#lengthSize = codec === 'avc' ? avcLengthSize(config) : codec === 'hevc' ? hevcLengthSize(config) : 4;
    this.#awaitsKey = true;
    this.#announce(track, events);
  }

  // A track without a size waits for the key frame that tells it.
  #announce(track: VideoTrack, events: DemuxEvent[]): void {
    this.#track = track;
    if (track.width > 0) events.push({ type: 'track', track });
  }

  #frame(codec: VideoTrack['codec'], packet: MediaPacket, time: Ticks, events: DemuxEvent[]): void {
    const track = this.#track;
    if (!track || codec !== this.#codec) {
      if (!this.#warned)
        events.push({ type: 'damage', reason: 'video without a sequence header', bytes: packet.data.length });
      this.#warned = true;
      return;
    }
    if (packet.data.length === 0 || (this.#awaitsKey && !packet.key)) return;
    let data = packet.data;
    if (codec === 'avc' || codec === 'hevc') {
      const sample = toSample(data, codec, this.#lengthSize);
      if (!sample) {
        events.push({ type: 'damage', reason: 'a NAL unit runs past the end of its tag', bytes: data.length });
        this.awaitKey();
        return;
      }
      if (sample.parameterSets.length > 0) this.#learn(codec, track, sample.parameterSets, events);
      data = sample.data;
      if (data.length === 0 || (codec === 'hevc' && this.#leansOnMissing(sample, packet.key))) return;
    } else if (codec === 'av1' && data[0] === TEMPORAL_DELIMITER && data[1] === 0) {
      data = data.subarray(2);
    }
    if (packet.key && (codec === 'vp9' || codec === 'av1')) {
      const size = codec === 'vp9' ? parseVp9KeyFrame(data) : av1Size(data);
      if (size && (size.width !== track.width || size.height !== track.height)) {
        this.#announce({ ...track, ...size }, events);
      }
    }
    if (this.#track!.width === 0) return; // set above or before; no key frame told the size yet
    this.#awaitsKey = false;
    const pts = time + packet.composition * TICKS_PER_MILLI;
    const dts = pts < time ? Math.max(pts, Math.min(time, this.#lastDts)) : time;
    this.#lastDts = dts;
    events.push({
      type: 'unit',
      unit: { track: this.#id, dts, pts: Math.max(pts, dts), key: packet.key, data, samples: 0 },
    });
  }

  // RASL pictures behind the CRA or BLA that decoding starts with (ISO/IEC 23008-2 §8.1.3).
  #leansOnMissing(sample: Sample, key: boolean): boolean {
    const { sliceType } = sample;
    if (key) {
      const open = sliceType === HevcNal.cra || (sliceType >= HevcNal.blaWLp && sliceType < HevcNal.idrWRadl);
      this.#skipsLeading = open && this.#awaitsKey;
    }
    return this.#skipsLeading && (sliceType === HevcNal.raslN || sliceType === HevcNal.raslR);
  }

  // In-band parameter sets that the sequence header lacks make a new configuration; known ones are left out silently.
  #learn(codec: 'avc' | 'hevc', track: VideoTrack, sets: readonly Bytes[], events: DemuxEvent[]): void {
    const config = codec === 'avc' ? learnAvc(track.description, sets) : learnHevc(track.description, sets);
    if (!config) return;
    const changed = describe(codec, this.#id, config);
    if (changed) this.#announce(changed, events);
  }
}

function describe(codec: VideoTrack['codec'], id: number, config: Bytes): VideoTrack | undefined {
  if (codec === 'avc') return avcTrack(id, config);
  if (codec === 'hevc') return hevcTrack(id, config);
  return codec === 'av1' ? av1Track(id, config) : vp9Track(id, config);
}

function av1Size(unit: Bytes): PictureSize | undefined {
  let size: PictureSize | undefined;
  forEachObu(unit, (type, start, end) => {
    if (type === Obu.sequenceHeader) size ??= parseSequenceHeader(unit.subarray(start, end));
  });
  return size;
}

function isKnown(known: readonly Bytes[], nal: Bytes): boolean {
  return known.some(other => equalBytes(other, nal));
}

// The sets of one kind that hold from here on: those in the band, else those before.
function current(inBand: Bytes[], before: Bytes[]): Bytes[] {
  return inBand.length > 0 ? inBand : before;
}

function learnAvc(avcC: Bytes, sets: readonly Bytes[]): Bytes | undefined {
  const before = avcParameterSets(avcC);
  if (!before || sets.every(nal => isKnown(before.sps, nal) || isKnown(before.pps, nal))) return undefined;
  const of = (type: number) => sets.filter(nal => avcNalType(nal[0]!) === type);
  return avcConfig(current(of(AvcNal.sps), before.sps), current(of(AvcNal.pps), before.pps));
}

function learnHevc(hvcC: Bytes, sets: readonly Bytes[]): Bytes | undefined {
  const before = hevcParameterSets(hvcC);
  const all = before ? [...before.vps, ...before.sps, ...before.pps] : [];
  if (!before || sets.every(nal => isKnown(all, nal))) return undefined;
  const of = (type: number) => sets.filter(nal => hevcNalType(nal[0]!) === type);
  const sps = current(of(HevcNal.sps), before.sps);
  return hevcConfig(current(of(HevcNal.vps), before.vps), sps, current(of(HevcNal.pps), before.pps));
}
