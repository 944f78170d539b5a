// What reading AVC and HEVC from a transport stream have in common: how NAL units are told apart, and parameter sets kept.

import { type Bytes, equalBytes } from '../../bytes.ts';
import { AvcNal, avcConfig, avcNalType, avcTrack, parseSps } from '../codecs/avc.ts';
import { BitReader } from '../codecs/bit-reader.ts';
import { HevcNal, hevcConfig, hevcNalType, hevcTrack } from '../codecs/hevc.ts';
import { removeEmulationPrevention } from '../codecs/nal.ts';
import type { VideoTrack } from '../track.ts';
import type { VideoFormat } from './elementary-kind.ts';

/** What a NAL unit is to a demuxer. */
export type NalRole =
  /** Part of a picture. */
  | 'slice'
  /** Part of a picture at which decoding can start. */
  | 'key'
  /** Part of a picture that needs pictures before the random access point it follows (RASL). */
  | 'skipped'
  /** Kept, belongs to the picture that follows. */
  | 'prefix'
  | 'parameters'
  /** Access unit delimiter. */
  | 'delimiter'
  /** Kept, belongs to the picture before. */
  | 'suffix'
  /** Filler, and ends of sequence: left out. */
  | 'dropped';

/** One video coding, as Annex B byte streams carry it. */
export interface AnnexBCodec {
  /** What the NAL unit that begins with this byte is. */
  roleOf(firstByte: number): NalRole;
  /** Whether this slice is its picture's first (within the view, as far as known). */
  startsPicture(nal: Bytes): boolean;
  /** Whether this SEI unit says that decoding can start here without an IDR picture. */
  isRecoveryPoint(nal: Bytes): boolean;
  /** Kind and id of a parameter set; undefined when malformed. `order` sorts VPS, SPS, PPS. */
  parameterSet(nal: Bytes): { readonly order: number; readonly id: number } | undefined;
  track(id: number, sets: readonly (readonly Bytes[])[]): VideoTrack | undefined;
  /** Whether these sets allow pictures that are fields: two of them share a timestamp. */
  hasFields(sets: readonly (readonly Bytes[])[]): boolean;
}

const AVC_ROLES: ReadonlyMap<number, NalRole> = new Map<number, NalRole>([
  [AvcNal.idr, 'key'],
  [AvcNal.sei, 'prefix'],
  [AvcNal.sps, 'parameters'],
  [AvcNal.pps, 'parameters'],
  [AvcNal.aud, 'delimiter'],
  [AvcNal.endOfSequence, 'dropped'],
  [AvcNal.endOfStream, 'dropped'],
  [AvcNal.filler, 'dropped'],
  [AvcNal.spsExtension, 'dropped'],
  [14, 'suffix'],
  [15, 'dropped'],
]);

const SEI_RECOVERY_POINT = 6;

const AVC: AnnexBCodec = {
  roleOf(firstByte) {
    const type = avcNalType(firstByte);
    if (type >= 1 && type <= 4) return 'slice';
    return AVC_ROLES.get(type) ?? 'suffix';
  },
  // first_mb_in_slice is 0: a single 1 bit.
  startsPicture: nal => (nal[1]! & 0x80) !== 0,
  isRecoveryPoint(nal) {
    let at = 1;
    while (at + 2 < nal.length && nal[at] !== 0x80) {
      let type = 0;
      while (nal[at] === 0xff) type += nal[at++]!;
      type += nal[at++]!;
      let size = 0;
      while (nal[at] === 0xff) size += nal[at++]!;
      size += nal[at++]!;
      // recovery_frame_cnt is 0: a single 1 bit.
      if (type === SEI_RECOVERY_POINT) return (nal[at]! & 0x80) !== 0;
      at += size;
    }
    return false;
  },
  parameterSet(nal) {
    if (avcNalType(nal[0]!) === AvcNal.pps) return { order: 1, id: new BitReader(nal, 1).ue() };
    const sps = parseSps(nal);
    return sps && { order: 0, id: sps.id };
  },
  track(id, sets) {
    return avcTrack(id, avcConfig(sets[0] ?? [], sets[1] ?? []));
  },
  hasFields: sets => sets[0]?.some(nal => parseSps(nal)?.framesOnly === false) ?? false,
};

const HEVC_ROLES: ReadonlyMap<number, NalRole> = new Map<number, NalRole>([
  [HevcNal.raslN, 'skipped'],
  [HevcNal.raslR, 'skipped'],
  [HevcNal.vps, 'parameters'],
  [HevcNal.sps, 'parameters'],
  [HevcNal.pps, 'parameters'],
  [HevcNal.aud, 'delimiter'],
  [HevcNal.endOfSequence, 'dropped'],
  [HevcNal.endOfBitstream, 'dropped'],
  [HevcNal.filler, 'dropped'],
  [HevcNal.prefixSei, 'prefix'],
]);

const HEVC: AnnexBCodec = {
  roleOf(firstByte) {
    const type = hevcNalType(firstByte);
    if (type >= HevcNal.blaWLp && type <= HevcNal.cra) return 'key';
    return HEVC_ROLES.get(type) ?? (type < HevcNal.vps ? 'slice' : 'suffix');
  },
  // first_slice_segment_in_pic_flag.
  startsPicture: nal => (nal[2]! & 0x80) !== 0,
  isRecoveryPoint: () => false,
  parameterSet(nal) {
    const type = hevcNalType(nal[0]!);
    if (type === HevcNal.vps) return nal.length > 2 ? { order: 0, id: nal[2]! >> 4 } : undefined;
    if (type === HevcNal.pps) return { order: 2, id: new BitReader(nal, 2).ue() };
    return { order: 1, id: hevcSpsId(nal) };
  },
  track(id, sets) {
    return hevcTrack(id, hevcConfig(sets[0] ?? [], sets[1] ?? [], sets[2] ?? []));
  },
  hasFields: () => false,
};

// sps_seq_parameter_set_id comes after profile_tier_level (23008-2 §7.3.2.2).
function hevcSpsId(nal: Bytes): number {
  const reader = new BitReader(removeEmulationPrevention(nal.subarray(0, 128)), 2);
  reader.skip(4);
  const subLayers = reader.bits(3);
  reader.skip(1 + 96);
  let size = 0;
  for (let i = 0; i < subLayers; i++) size += (reader.flag() ? 88 : 0) + (reader.flag() ? 8 : 0);
  if (subLayers > 0) reader.skip(2 * (8 - subLayers));
  reader.skip(size);
  return reader.ue();
}

/** The coding of a format. */
export function annexBCodec(format: VideoFormat): AnnexBCodec {
  return format === 'avc' ? AVC : HEVC;
}

/** Keeps the parameter sets of a stream by kind and id. */
export class ParameterSets {
  readonly #codec: AnnexBCodec;
  #sets: Map<number, Bytes>[] = [new Map(), new Map(), new Map()];
  #changed = false;
  /** Pictures may be fields, of which two make an access unit. */
  hasFields = false;

  constructor(codec: AnnexBCodec) {
    this.#codec = codec;
  }

  /** Takes those of one access unit. With a key picture, a complete collection replaces what was known. */
  take(nals: readonly Bytes[], key: boolean): void {
    const found: Map<number, Bytes>[] = [new Map(), new Map(), new Map()];
    for (const nal of nals) {
      const set = this.#codec.parameterSet(nal);
      if (set) found[set.order]?.set(set.id, nal);
    }
    const replaces = key && this.#sets.every((known, order) => known.size === 0 || found[order]!.size > 0);
    const next = replaces ? found : this.#sets.map((known, order) => new Map([...known, ...found[order]!]));
    if (next.every((sets, order) => sameSets(sets, this.#sets[order]!))) return;
    // The views lie in a buffer that is used again.
    this.#sets = next.map(sets => new Map([...sets].map(([id, nal]) => [id, nal.slice()])));
    this.#changed = true;
    this.hasFields = this.#codec.hasFields(this.#lists());
  }

  /** The track, when the sets have changed since the last call and describe one. */
  changedTrack(id: number): VideoTrack | undefined {
    if (!this.#changed) return undefined;
    this.#changed = false;
    return this.#codec.track(id, this.#lists());
  }

  #lists(): Bytes[][] {
    return this.#sets.map(sets => [...sets.values()]);
  }
}

function sameSets(a: ReadonlyMap<number, Bytes>, b: ReadonlyMap<number, Bytes>): boolean {
  if (a.size !== b.size) return false;
  for (const [id, nal] of a) {
    const other = b.get(id);
    if (!other || !equalBytes(nal, other)) return false;
  }
  return true;
}
