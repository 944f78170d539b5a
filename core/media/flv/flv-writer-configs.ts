// The configuration records of VP9, AV1 and Opus, which browsers' encoders don't hand out.

import { type Bytes, concat, utf8 } from '../../bytes.ts';
import { forEachObu, Obu } from '../codecs/av1.ts';

/** BT.709, limited range: what cameras are encoded as. */
const BT_709 = 1;
const CHROMA_420 = 1;

/** vpcC with version and flags (VP Codec ISO Media File Format Binding §2) from e.g. `vp09.00.31.08`. Throws `TypeError` on another codec. */
export function vp9Config(codecString: string): Bytes {
  const [name, profile, level, depth] = codecString.split('.');
  if (name !== 'vp09') throw new TypeError(`not a VP9 codec: ${codecString}`);
  const format = (Number(depth ?? 8) << 4) | (CHROMA_420 << 1);
  return Uint8Array.of(1, 0, 0, 0, Number(profile), Number(level), format, BT_709, BT_709, BT_709, 0, 0);
}

/** av1C (AV1 in ISOBMFF §2.3) from e.g. `av01.0.04M.08` and a key frame; undefined when that has no sequence header. Throws `TypeError` on another codec. */
export function av1Config(codecString: string, keyFrame: Bytes): Bytes | undefined {
  const [, profile, level, tier, depth] = /^av01\.(\d)\.(\d\d)([MH])\.(\d\d)/.exec(codecString) ?? [];
  if (!profile || !level) throw new TypeError(`not an AV1 codec: ${codecString}`);
  let sequence: Bytes | undefined;
  forEachObu(keyFrame, (type, start, end) => {
    if (type === Obu.sequenceHeader) sequence ??= keyFrame.subarray(start, end);
  });
  if (!sequence || sequence.length > 127) return undefined;
  const flags = (tier === 'H' ? 0x80 : 0) | (depth === '08' ? 0 : 0x40) | (depth === '12' ? 0x20 : 0) | 0x0c;
  const head = Uint8Array.of(0x81, (Number(profile) << 5) | Number(level), flags, 0);
  // An OBU with a size field of one byte.
  return concat([head, Uint8Array.of((Obu.sequenceHeader << 3) | 2, sequence.length), sequence]);
}

/** OpusHead (RFC 7845 §5.1) for one or two channels; `preSkip` in samples at 48 kHz. */
export function opusHead(channels: 1 | 2, preSkip: number, sampleRate: number): Bytes {
  const head = new Uint8Array(19);
  head.set(utf8('OpusHead'));
  head[8] = 1;
  head[9] = channels;
  const view = new DataView(head.buffer);
  view.setUint16(10, preSkip, true);
  view.setUint32(12, sampleRate, true);
  return head;
}
