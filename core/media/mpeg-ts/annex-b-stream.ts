// H.264 and HEVC in Annex B byte streams: PES packets -> length-prefixed access units, with or without access unit delimiters.

import { type Bytes, concat } from '../../bytes.ts';
import type { Ticks } from '../../time.ts';
import { forEachNal } from '../codecs/nal.ts';
import type { DemuxEvent } from '../track.ts';
import type { AnnexBCodec } from './annex-b-codec.ts';
import type { ElementaryStream, TimedPes } from './elementary-stream.ts';
import { ParameterSets } from './parameter-sets.ts';

/** Duration of a picture while nothing tells. */
const DEFAULT_DURATION: Ticks = 3_000;
/** So many packets are held back at first, each until the next one has shown that it does not go on in there. */
const PROBED_PACKETS = 3;
const MAX_SPAN = 8 * 1_048_576;

interface Packet {
  readonly bytes: Bytes;
  readonly dts: Ticks;
  readonly pts: Ticks;
}

/** The picture whose NAL units are being collected: where those that are kept begin and end. */
interface Picture {
  readonly starts: number[];
  readonly ends: number[];
  readonly parameters: Bytes[];
  size: number;
  hasSlice: boolean;
  key: boolean;
  recovery: boolean;
  skipped: boolean;
}

function emptyPicture(): Picture {
  return {
    starts: [],
    ends: [],
    parameters: [],
    size: 0,
    hasSlice: false,
    key: false,
    recovery: false,
    skipped: false,
  };
}

/** One packet holds one access unit as a rule; several in one, and one over several, are told apart by their NAL units. */
export class AnnexBStream implements ElementaryStream {
  readonly #id: number;
  readonly #codec: AnnexBCodec;
  readonly #sets: ParameterSets;
  #needsKey = true;
  /** A picture of the kind that always allows to start was seen: mere recovery points don't count from then on. */
  #keySeen = false;
  #dropsLeading = false;
  #configured = false;
  #held: Packet | undefined;
  /** Packets still to be probed; infinite once a picture was seen to span packets. */
  #probes = PROBED_PACKETS;
  #last: { readonly dts: Ticks; readonly pictures: number } | undefined;
  #duration: Ticks = DEFAULT_DURATION;

  constructor(id: number, codec: AnnexBCodec) {
    this.#id = id;
    this.#codec = codec;
    this.#sets = new ParameterSets(codec);
  }

  take(pes: TimedPes, events: DemuxEvent[], cut: boolean): void {
    if (cut) {
      this.lose(events);
      return;
    }
    const bytes = pes.payload;
    if (this.#continues(bytes)) {
      this.#span(bytes, events);
      return;
    }
    this.#release(events);
    const last = this.#last;
    const dts = pes.dts ?? (last && last.dts + last.pictures * this.#duration);
    if (dts === undefined) {
      events.push({ type: 'damage', reason: 'video before the first timestamp', bytes: bytes.length });
      return;
    }
    const packet = { bytes, dts, pts: Math.max(dts, pes.pts ?? dts) };
    if (this.#probes === 0) this.#read(packet, events);
    else {
      this.#probes--;
      this.#held = { ...packet, bytes: bytes.slice() };
    }
  }

  lose(events: DemuxEvent[]): void {
    if (this.#probes === Number.POSITIVE_INFINITY) this.#held = undefined;
    this.#release(events);
    this.#needsKey = true;
    this.#last = undefined;
  }

  flush(events: DemuxEvent[]): void {
    this.#release(events);
    this.#needsKey = true;
    this.#last = undefined;
  }

  #release(events: DemuxEvent[]): void {
    const held = this.#held;
    this.#held = undefined;
    if (held) this.#read(held, events);
  }

  // Whether a packet goes on with the picture before: no start code at its start, or a slice that is not a picture's first.
  #continues(bytes: Bytes): boolean {
    let at = 0;
    while (at < 8 && bytes[at] === 0) at++;
    if (at < 2 || bytes[at] !== 1) return true;
    const first = bytes[at + 1];
    if (first === undefined) return true;
    const role = this.#codec.roleOf(first);
    return (role === 'slice' || role === 'key') && !this.#codec.startsPicture(bytes.subarray(at + 1, at + 5));
  }

  #span(bytes: Bytes, events: DemuxEvent[]): void {
    const held = this.#held;
    this.#probes = Number.POSITIVE_INFINITY;
    if (held && held.bytes.length + bytes.length <= MAX_SPAN) {
      this.#held = { ...held, bytes: concat([held.bytes, bytes]) };
      return;
    }
    this.#held = undefined;
    if (!this.#needsKey)
      events.push({ type: 'damage', reason: 'video that begins within a picture', bytes: bytes.length });
    this.#needsKey = true;
  }

  #read(packet: Packet, events: DemuxEvent[]): void {
    const { bytes } = packet;
    const codec = this.#codec;
    let picture = emptyPicture();
    let pictures = 0;
    const end = () => {
      const { dts, pts } = packet;
      const later = pictures * this.#duration;
      if (picture.hasSlice) {
        this.#emit(bytes, picture, { dts: dts + later, pts: pts + later }, events);
        pictures++;
      }
      picture = emptyPicture();
    };
    if (this.#last && this.#last.pictures > 0 && packet.dts > this.#last.dts) {
      this.#duration = Math.round((packet.dts - this.#last.dts) / this.#last.pictures);
    }
    forEachNal(bytes, (start, stop) => {
      const role = codec.roleOf(bytes[start]!);
      const isSlice = role === 'slice' || role === 'key' || role === 'skipped';
      if (picture.hasSlice && role !== 'dropped' && role !== 'suffix') {
        const next = !isSlice || codec.startsPicture(bytes.subarray(start, start + 4));
        if (next && !this.#allowsFields(picture)) end();
      }
      if (role === 'delimiter' || role === 'dropped') return;
      if (role === 'parameters') {
        picture.parameters.push(bytes.subarray(start, stop));
        return;
      }
      if (isSlice) {
        if (!picture.hasSlice) picture.skipped = role === 'skipped';
        picture.hasSlice = true;
        if (role === 'key') picture.key = true;
      } else if (role === 'prefix' && !this.#keySeen && codec.isRecoveryPoint(bytes.subarray(start, stop))) {
        picture.recovery = true;
      }
      picture.starts.push(start);
      picture.ends.push(stop);
      picture.size += 4 + stop - start;
    });
    if (!picture.hasSlice) this.#keepSets(picture);
    end();
    if (pictures > 0) this.#last = { dts: packet.dts, pictures };
  }

  #keepSets(picture: Picture): void {
    const sets = picture.parameters.splice(0);
    if (sets.length > 0) this.#sets.take(sets, picture.key || (picture.recovery && !this.#keySeen));
  }

  // Two fields of a picture stay one unit: they share the packet's time.
  #allowsFields(picture: Picture): boolean {
    this.#keepSets(picture);
    return this.#sets.hasFields;
  }

  #emit(bytes: Bytes, picture: Picture, times: { dts: Ticks; pts: Ticks }, events: DemuxEvent[]): void {
    const key = picture.key || (picture.recovery && !this.#keySeen);
    this.#keepSets(picture);
    if (picture.key) this.#keySeen = true;
    if (this.#needsKey && !key) return;
    const track = this.#sets.changedTrack(this.#id);
    if (track) {
      events.push({ type: 'track', track });
      this.#configured = true;
    }
    if (!this.#configured) return;
    if (key) this.#dropsLeading = this.#needsKey;
    this.#needsKey = false;
    if (picture.skipped && this.#dropsLeading) return;
    events.push({ type: 'unit', unit: { track: this.#id, ...times, key, data: prefixed(bytes, picture), samples: 0 } });
  }
}

function prefixed(bytes: Bytes, { starts, ends, size }: Picture): Bytes {
  const data = new Uint8Array(size);
  let at = 0;
  for (let i = 0; i < starts.length; i++) {
    const start = starts[i]!;
    const end = ends[i]!;
    const length = end - start;
    data[at] = length >>> 24;
    data[at + 1] = length >>> 16;
    data[at + 2] = length >>> 8;
    data[at + 3] = length;
    data.set(bytes.subarray(start, end), at + 4);
    at += 4 + length;
  }
  return data;
}
