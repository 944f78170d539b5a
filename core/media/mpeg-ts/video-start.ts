// Looks into the first transport packets of a video PES packet: its time, and whether decoding can start there.

import { type Bytes, concat, NO_BYTES } from '../../bytes.ts';
import { forEachNal } from '../codecs/nal.ts';
import { AVC } from './annex-b-avc.ts';
import type { AnnexBCodec } from './annex-b-codec.ts';
import { HEVC } from './annex-b-hevc.ts';
import type { VideoFormat } from './elementary-kind.ts';
import { parsePesHeader } from './pes.ts';
import { PACKET_SIZE, payloadStart } from './ts-packet.ts';

/** Packets that are looked at before it is settled that no key picture is in sight: encoders write kilobytes of their settings before it. */
const MAX_PACKETS = 32;

/** What the first bytes of a PES packet tell: 'unknown' until its first slice is there. */
export type PictureKind = 'key' | 'recovery' | 'other' | 'unknown';

/** Collects the head of one PES packet. */
export class VideoStart {
  readonly #codec: AnnexBCodec;
  #head: Bytes = NO_BYTES;
  #packets = 0;
  #pts: number | undefined;
  #dts: number | undefined;

  constructor(format: VideoFormat) {
    this.#codec = format === 'avc' ? AVC : HEVC;
  }

  /** 33 bits, as they are written; undefined until the header is there or when it has none. */
  get dts(): number | undefined {
    return this.#dts ?? this.#pts;
  }

  /** Takes the PES packet's next transport packet. */
  add(bytes: Bytes, at: number): PictureKind {
    const payload = bytes.subarray(payloadStart(bytes, at), at + PACKET_SIZE);
    this.#head = this.#packets === 0 ? payload : concat([this.#head, payload]);
    this.#packets++;
    const header = parsePesHeader(this.#head);
    if (header === undefined) return 'other';
    if (header !== 'short') {
      this.#pts = header.pts;
      this.#dts = header.dts;
      const kind = this.#kindOf(this.#head.subarray(header.payloadAt));
      if (kind !== 'unknown') return kind;
    }
    return this.#packets < MAX_PACKETS ? 'unknown' : 'other';
  }

  #kindOf(annexB: Bytes): PictureKind {
    let kind: PictureKind = 'unknown';
    let recovery = false;
    forEachNal(annexB, (start, end) => {
      if (kind !== 'unknown') return;
      const role = this.#codec.roleOf(annexB[start]!);
      if (role === 'key') kind = 'key';
      else if (role === 'slice' || role === 'skipped') kind = recovery ? 'recovery' : 'other';
      else if (role === 'prefix' && this.#codec.isRecoveryPoint(annexB.subarray(start, end))) recovery = true;
    });
    return kind;
  }
}
