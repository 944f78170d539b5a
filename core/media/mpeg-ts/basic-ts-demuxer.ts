// MPEG transport stream (ISO/IEC 13818-1) -> access units of the programme that is played, of the codecs it is given.

import type { Bytes } from '../../bytes.ts';
import type { Ticks } from '../../time.ts';
import type { DemuxEvent, Demuxer } from '../track.ts';
import { AnnexBStream } from './annex-b-stream.ts';
import { type ElementaryKind, elementaryKind, opusChannelCode } from './elementary-kind.ts';
import { ElementaryReader, type TimeReference } from './elementary-reader.ts';
import type { ElementaryStream } from './elementary-stream.ts';
import { FrameStream } from './frame-stream.ts';
import { Id3Stream } from './id3-stream.ts';
import { type PacketSink, TsPacketReader } from './packet-reader.ts';
import { ProgramReader } from './program-reader.ts';
import type { ElementaryInfo } from './psi.ts';
import type { TsCodecs } from './ts-codec.ts';
import { hasTransportError, NULL_PID, PACKET_SIZE, pidOf } from './ts-packet.ts';

interface Slot {
  /** Slots with the same key read a PID in the same way. */
  readonly key: string;
  readonly reader: ElementaryReader;
}

/** Tracks have the PID of their stream as id. A PES packet is read when all its bytes are there; one of unknown length when the next one starts. */
export class BasicTsDemuxer implements Demuxer, PacketSink {
  readonly #packets = new TsPacketReader(this);
  readonly #codecs: TsCodecs;
  #psi = new ProgramReader();
  #slots = new Map<number, Slot>();
  #told = new Set<string>();
  #reference: TimeReference = { near: undefined };
  #events: DemuxEvent[] = [];

  /** May learn further codecs before the next programme map. */
  constructor(codecs: TsCodecs) {
    this.#codecs = codecs;
  }

  push(bytes: Bytes): DemuxEvent[] {
    this.#packets.push(bytes);
    return this.#take();
  }

  gap(): DemuxEvent[] {
    this.#packets.gap();
    this.#psi.gap();
    for (const { reader } of this.#slots.values()) reader.gap(this.#events);
    return this.#take();
  }

  flush(): DemuxEvent[] {
    this.#packets.flush();
    for (const { reader } of this.#slots.values()) reader.flush(this.#events);
    return this.#take();
  }

  reset(reference?: Ticks): void {
    this.#packets.reset();
    this.#psi = new ProgramReader();
    this.#slots = new Map();
    this.#told = new Set();
    this.#reference = { near: reference };
    this.#events = [];
  }

  /** For the packet reader. */
  packet(bytes: Bytes, at: number): void {
    if (hasTransportError(bytes, at)) {
      this.damage('a packet with transmission errors', PACKET_SIZE);
      return;
    }
    const pid = pidOf(bytes, at);
    const slot = this.#slots.get(pid);
    if (slot) slot.reader.push(bytes, at, this.#events);
    else if (pid !== NULL_PID && this.#psi.handles(pid)) {
      if (this.#psi.push(bytes, at, pid)) this.#takeProgram();
      if (this.#psi.damaged > 0) this.damage('a table section with a wrong CRC', PACKET_SIZE);
      this.#psi.damaged = 0;
    }
  }

  /** For the packet reader. */
  damage(reason: string, bytes: number): void {
    this.#events.push({ type: 'damage', reason, bytes });
  }

  #take(): DemuxEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  #takeProgram(): void {
    const before = this.#slots;
    this.#slots = new Map();
    for (const info of this.#psi.program?.map.streams ?? []) {
      const kind = elementaryKind(info);
      const key = slotKey(kind, info);
      const kept = before.get(info.pid);
      if (kept?.key === key) {
        this.#slots.set(info.pid, kept);
        before.delete(info.pid);
        continue;
      }
      if (kind.type === 'unsupported') this.#tell(info.pid, 'unsupported-codec', kind);
      const stream = this.#open(kind, info);
      if (stream) this.#slots.set(info.pid, { key, reader: new ElementaryReader(info.pid, stream, this.#reference) });
    }
    for (const { reader } of before.values()) reader.flush(this.#events);
  }

  #open(kind: ElementaryKind, info: ElementaryInfo): ElementaryStream | undefined {
    const { pid } = info;
    if (kind.type === 'id3') return new Id3Stream();
    if (kind.type === 'video') {
      const codec = this.#codecs.video[kind.format];
      if (codec) return new AnnexBStream(pid, codec);
    } else if (kind.type === 'audio') {
      const format = this.#codecs.audio[kind.format]?.(info);
      if (format) return new FrameStream(pid, format);
    } else return undefined;
    this.#tell(pid, 'unknown-codec', { kind: kind.type, codec: kind.format });
    return undefined;
  }

  #tell(
    pid: number,
    type: 'unsupported-codec' | 'unknown-codec',
    { kind, codec }: { readonly kind: 'video' | 'audio'; readonly codec: string },
  ): void {
    const name = `${pid} ${codec}`;
    if (this.#told.has(name)) return;
    this.#told.add(name);
    this.#events.push({ type, kind, codec });
  }
}

function slotKey(kind: ElementaryKind, { descriptors }: ElementaryInfo): string {
  if (kind.type === 'audio' && kind.format === 'opus') return `opus ${opusChannelCode(descriptors)}`;
  return kind.type === 'video' || kind.type === 'audio' ? kind.format : kind.type;
}
