// HEVC as transport streams carry it.

import type { Bytes } from '../../bytes.ts';
import { BitReader } from '../codecs/bit-reader.ts';
import { HevcNal, hevcConfig, hevcNalType, hevcTrack } from '../codecs/hevc.ts';
import { removeEmulationPrevention } from '../codecs/nal.ts';
import type { AnnexBCodec, NalRole } from './annex-b-codec.ts';

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

/** Its NAL units (ISO/IEC 23008-2 §7.4.2). */
export const HEVC: AnnexBCodec = {
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
