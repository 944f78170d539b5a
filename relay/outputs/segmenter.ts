// Chunks of a channel, in order -> segments of fragmented MP4 that begin with a key picture each (RFC 8216 §3.3).

import { type Bytes, concat, equalBytes, NO_BYTES } from '../../core/bytes.ts';
import { type ChunkHeader, startsGroup } from '../../core/chunk.ts';
import type { InitDocument } from '../../core/init-document.ts';
import { FlvDemuxer } from '../../core/media/flv/flv-demuxer.ts';
import { initSegment } from '../../core/media/isobmff/init-segment.ts';
import { TsDemuxer } from '../../core/media/mpeg-ts/ts-demuxer.ts';
import { TRACK_ID, type TransmuxEvent, Transmuxer } from '../../core/media/transmuxer.ts';
import { TICKS_PER_SECOND, type Ticks } from '../../core/time.ts';
import { KeyCut } from './key-cut.ts';
import { type Segment, SegmentDraft } from './segment.ts';

/** Segments last at least so long, where groups are shorter. */
export const LEAST_DURATION: Ticks = 2 * TICKS_PER_SECOND;
/** Groups are rarely whole seconds: so much less will do. */
const TOLERANCE: Ticks = TICKS_PER_SECOND / 10;
/** A group that lasts longer is cut where it is. */
const MOST_DURATION: Ticks = 10 * TICKS_PER_SECOND;
/** The timeline's 0 is the beginning of a day of the channel's time, so that it stays when the relay starts anew. */
const DAY: Ticks = 86_400 * TICKS_PER_SECOND;
/** Sound may begin so long before the first picture. */
const SLACK: Ticks = 10 * TICKS_PER_SECOND;

/** Whether groups that last so long together make a segment. */
export const isLongEnough = (duration: Ticks): boolean => duration >= LEAST_DURATION - TOLERANCE;

export interface SegmenterOptions {
  /** Channel time that the segments' time is counted from, or somewhat before; left out: that of the first chunk. */
  readonly origin?: Ticks;
  /** Whether a group begins a segment; left out: as soon as those before it are long enough. */
  readonly begins?: (group: ChunkHeader) => boolean;
}

interface Machine {
  readonly transmuxer: Transmuxer;
  readonly cut: KeyCut;
}

export class Segmenter {
  readonly #begins: SegmenterOptions['begins'];
  #machine: Machine | undefined;
  /** Channel time at the segments' 0. */
  #origin: Ticks | undefined;
  /** Payloads of the group that are not transmuxed yet. */
  #waiting: Bytes[] = [];
  #last: ChunkHeader | undefined;
  /** The first chunk of what is being collected, and of what comes after it. */
  #from: ChunkHeader | undefined;
  #next: ChunkHeader | undefined;
  #draft = new SegmentDraft();
  #init: Bytes = NO_BYTES;
  #isNew = false;
  /** Bytes are missing before the next chunk in which a tag or packet starts. */
  #broken = false;
  #unreadable = false;
  #out: Segment[] = [];

  constructor({ origin, begins }: SegmenterOptions = {}) {
    this.#begins = begins;
    if (origin !== undefined) this.#origin = originOf(origin);
  }

  /** Takes the next chunk; gives back what is complete. */
  push(header: ChunkHeader, payload: Bytes, document: () => InitDocument): Segment[] {
    const last = this.#last;
    this.#last = header;
    try {
      const goesOn = last?.epoch === header.epoch && equalBytes(last.initId, header.initId);
      if (!goesOn) this.#begin(header, document());
      else if (header.discontinuity || header.sequence !== last.sequence + 1) this.#gap();
      if (goesOn && startsGroup(header)) this.#nextGroup(header);
      this.#add(header, payload);
    } catch {
      // The publisher's bytes are not what its init says: the next epoch may be.
      this.#unreadable = true;
      this.#waiting = [];
    }
    return this.#out.splice(0);
  }

  /** The stream ends, or is to begin anew: gives back the rest. */
  end(): Segment[] {
    try {
      this.#transmux();
      this.#use(this.#machine?.transmuxer.flush() ?? []);
    } catch {
      this.#waiting = []; // what can't be read is left out
    }
    this.#finish();
    this.#machine = this.#last = undefined;
    return this.#out.splice(0);
  }

  #begin(header: ChunkHeader, init: InitDocument): void {
    const before = this.end();
    this.#out.push(...before);
    this.#draft.tracks.clear();
    this.#last = header;
    this.#isNew = true;
    this.#broken = this.#unreadable = false;
    if (this.#origin === undefined || header.timestamp < this.#origin + SLACK) {
      this.#origin = originOf(header.timestamp);
    }
    const cut = new KeyCut(init.container === 'flv' ? new FlvDemuxer() : new TsDemuxer());
    const transmuxer = new Transmuxer(cut, { origin: this.#origin });
    this.#machine = { transmuxer, cut };
    this.#from = header;
    this.#use(transmuxer.start(init, header.timestamp));
    if (!startsGroup(header)) this.#gap();
  }

  #gap(): void {
    if (this.#unreadable || this.#broken) return;
    this.#transmux();
    this.#use(this.#machine?.transmuxer.gap() ?? []);
    this.#broken = true;
  }

  #nextGroup(header: ChunkHeader): void {
    this.#broken = false;
    this.#transmux();
    const begins = this.#begins?.(header) ?? isLongEnough(header.timestamp - (this.#from?.timestamp ?? 0));
    if (!this.#machine || !begins) return;
    this.#next = header;
    // The last picture of a TS group is known to be whole only when the next one begins.
    if (this.#machine.cut.hasVideo) this.#machine.cut.arm();
    else this.#turn();
  }

  #add(header: ChunkHeader, payload: Bytes): void {
    if (this.#unreadable || !this.#machine) return;
    if (this.#broken && header.entry >= payload.length) return;
    this.#waiting.push(this.#broken ? payload.subarray(header.entry) : payload);
    this.#broken = false;
    const { cut } = this.#machine;
    if (cut.armed) this.#transmux();
    if (cut.holds) {
      this.#turn();
      this.#use(this.#machine.transmuxer.push(NO_BYTES));
    } else if (header.timestamp - (this.#from?.timestamp ?? 0) > MOST_DURATION) {
      this.#transmux();
      this.#next = header;
      this.#turn();
    }
  }

  /** What comes from here on belongs to the next segment. */
  #turn(): void {
    this.#finish();
    this.#from = this.#next;
  }

  #transmux(): void {
    const payload = concat(this.#waiting);
    this.#waiting = [];
    if (payload.length > 0 && this.#machine) this.#use(this.#machine.transmuxer.push(payload));
  }

  #use(events: readonly TransmuxEvent[]): void {
    for (const event of events) {
      if (event.type === 'fragment') this.#draft.add(event);
      else if (event.type === 'init') {
        if (this.#draft.has(event.kind)) this.#finish();
        this.#draft.tracks.set(event.kind, event.track);
      }
    }
  }

  #finish(): void {
    const draft = this.#draft;
    if (draft.isEmpty || !this.#from) return;
    const tracks = [...draft.tracks].map(([kind, track]) => ({ trackId: TRACK_ID[kind], track }));
    const init = initSegment(tracks);
    const isSame = equalBytes(init, this.#init);
    if (!isSame) this.#init = init;
    const { timestamp, capturedAt } = this.#from;
    const discontinuity = this.#isNew || !isSame;
    this.#out.push({ ...draft.take(), init: this.#init, timestamp, capturedAt, discontinuity });
    this.#isNew = false;
  }
}

function originOf(timestamp: Ticks): Ticks {
  return Math.max(0, Math.floor((timestamp - SLACK) / DAY) * DAY);
}
