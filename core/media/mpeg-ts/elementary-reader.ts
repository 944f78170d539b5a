// One PID of the programme: continuity, PES packets, unwrapped times, and the stream that reads them.

import type { Bytes } from '../../bytes.ts';
import { type Ticks, unwrapNear } from '../../time.ts';
import type { DemuxEvent } from '../track.ts';
import { ContinuityCheck } from './continuity-check.ts';
import type { ElementaryStream } from './elementary-stream.ts';
import { PesAssembler, TIMESTAMP_PERIOD } from './pes.ts';
import { isScrambled, isStuffed, PACKET_SIZE, payloadStart, startsUnit } from './ts-packet.ts';

/** The time that all streams of a programme are unwrapped near. */
export interface TimeReference {
  near: Ticks | undefined;
}

/** Nothing that is damaged is handed on: what a lost packet may have belonged to is dropped. */
export class ElementaryReader {
  readonly #pid: number;
  readonly #stream: ElementaryStream;
  readonly #reference: TimeReference;
  readonly #pes = new PesAssembler();
  readonly #continuity = new ContinuityCheck();
  #stuffed = false;
  #scrambled = false;
  #last: Ticks | undefined;

  constructor(pid: number, stream: ElementaryStream, reference: TimeReference) {
    this.#pid = pid;
    this.#stream = stream;
    this.#reference = reference;
  }

  /** Takes the PID's next packet. */
  push(bytes: Bytes, at: number, events: DemuxEvent[]): void {
    const control = bytes[at + 3]!;
    if (control >= 0x40 && isScrambled(bytes, at)) {
      if (!this.#scrambled) this.#lose(events, 'scrambled packets');
      this.#scrambled = true;
      this.#continuity.reset();
      return;
    }
    this.#scrambled = false;
    const continuity = this.#continuity.check(bytes, at);
    if (continuity === 'empty' || continuity === 'repeated') return;
    const starts = startsUnit(bytes, at);
    if (continuity === 'spliced') this.#splice(starts, events);
    else if (continuity === 'lost') this.#lose(events, 'lost packets');
    const from = payloadStart(bytes, at);
    const pes = this.#pes;
    if (starts) {
      if (pes.pending > 0) {
        if (pes.unbounded) this.#complete(events, false);
        else this.#lose(events, 'a PES packet cut short');
      }
      pes.start(bytes, from, at + PACKET_SIZE);
    } else if (!pes.append(bytes, from, at + PACKET_SIZE)) {
      this.#lose(events, 'a PES packet too large');
    }
    this.#stuffed = (control & 0x20) !== 0 && isStuffed(bytes, at);
    if (pes.complete) this.#complete(events, false);
  }

  /** Bytes are missing before the next packet. */
  gap(events: DemuxEvent[]): void {
    this.#lose(events, undefined);
    this.#continuity.reset();
  }

  /** The stream ends: a PES packet of unknown length counts as whole when its last transport packet was stuffed, as the last one is. */
  flush(events: DemuxEvent[]): void {
    if (this.#pes.pending > 0) {
      const whole = this.#pes.unbounded && this.#stuffed;
      if (whole) this.#complete(events, false);
      else this.#lose(events, 'a PES packet cut short');
    }
    this.#stream.flush(events);
    this.#continuity.reset();
  }

  // The source says that the counter jumps here: what came before a start was whole.
  #splice(starts: boolean, events: DemuxEvent[]): void {
    if (starts && this.#pes.unbounded) this.#complete(events, false);
    else this.#lose(events, undefined);
  }

  #lose(events: DemuxEvent[], reason: string | undefined): void {
    const { pending } = this.#pes;
    const whole = this.#pes.unbounded && this.#stuffed;
    if (pending > 0) this.#complete(events, !whole);
    if (reason !== undefined) {
      events.push({ type: 'damage', reason: `${reason} on PID ${this.#pid}`, bytes: whole ? 0 : pending });
    }
    this.#stream.lose(events);
  }

  #complete(events: DemuxEvent[], cut: boolean): void {
    const { pending } = this.#pes;
    const pes = this.#pes.take();
    if (!pes) {
      if (!cut) events.push({ type: 'damage', reason: `a malformed PES header on PID ${this.#pid}`, bytes: pending });
      this.#stream.lose(events);
      return;
    }
    const { pts, dts, streamId, aligned, payload } = pes;
    if (pts === undefined || dts === undefined) {
      this.#stream.take({ streamId, aligned, payload, pts: undefined, dts: undefined }, events, cut);
      return;
    }
    const near = this.#last ?? this.#reference.near ?? dts;
    const decode = unwrapNear(dts, near, TIMESTAMP_PERIOD);
    this.#last = decode;
    this.#reference.near = decode;
    const presentation = unwrapNear(pts, decode, TIMESTAMP_PERIOD);
    this.#stream.take({ streamId, aligned, payload, dts: decode, pts: presentation }, events, cut);
  }
}
