// H.264 as transport streams carry it.

import { AvcNal, avcConfig, avcNalType, avcTrack, parseSps } from '../codecs/avc.ts';
import { BitReader } from '../codecs/bit-reader.ts';
import type { AnnexBCodec, NalRole } from './annex-b-codec.ts';

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

/** Its NAL units (ISO/IEC 14496-10 §7.4.1). */
export const AVC: AnnexBCodec = {
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
