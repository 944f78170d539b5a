// MPEG transport stream -> cuts: plain packets of one programme, groups at key pictures, PAT and PMT at the head of each group.

import { type Bytes, equalBytes } from '../../bytes.ts';
import { type Millis, TICKS_PER_SECOND, type Ticks, unwrapNear } from '../../time.ts';
import { ChunkCutter } from '../chunk-cutter.ts';
import { type Chunker, type ChunkerEvent, type Cut, type CutLimits, DEFAULT_LIMITS } from '../chunker.ts';
import { ContinuityCheck } from './continuity-check.ts';
import { elementaryKind, type VideoFormat } from './elementary-kind.ts';
import { TsPacketReader } from './packet-reader.ts';
import { parsePesHeader, TIMESTAMP_PERIOD } from './pes.ts';
import { type Program, ProgramReader } from './program-reader.ts';
import { packetizeProgram } from './program-writer.ts';
import {
  hasTransportError,
  isRandomAccess,
  isScrambled,
  NULL_PID,
  PACKET_SIZE,
  payloadStart,
  pidOf,
  startsUnit,
} from './ts-packet.ts';
import { VideoStart } from './video-start.ts';

/** Time going back by more than this is a jump. */
const MAX_BACK: Ticks = TICKS_PER_SECOND / 2;
/** And ahead by more than this. */
const MAX_AHEAD: Ticks = 3 * TICKS_PER_SECOND;
/** A stream that is further than this from the one that leads belongs to another timeline. */
const MAX_APART: Ticks = 10 * TICKS_PER_SECOND;
/** Without video a group starts about this often. */
const AUDIO_GROUP: Ticks = TICKS_PER_SECOND;
/** Duration of a unit while nothing tells. */
const DEFAULT_DURATION: Ticks = 3_000;
/** Packets that may wait for a video PES packet to show what it begins with. */
const MAX_WAITING = 256;

/** A stream that is passed on. */
interface Lane {
  readonly pid: number;
  readonly continuity: ContinuityCheck;
  scrambled: boolean;
  readonly key: string;
  readonly video: VideoFormat | undefined;
  /** Its times are the cuts'. */
  readonly leads: boolean;
  readonly timed: boolean;
  /** Decode time of its last unit. */
  last: Ticks | undefined;
  /** Packets are passed on: false while its time is not the leader's. */
  passes: boolean;
}

function lane(fixed: Pick<Lane, 'pid' | 'key' | 'video' | 'leads' | 'timed'>): Lane {
  const passes = fixed.leads || !fixed.timed;
  return { ...fixed, continuity: new ContinuityCheck(), scrambled: false, last: undefined, passes };
}

/** What is known of a packet when it goes to the cutter. */
interface Note {
  readonly dts?: Ticks;
  readonly duration?: Ticks;
}

/** Streams that can't be played, other programmes, other tables and empty packets are left out. */
export class TsChunker implements Chunker {
  readonly container = 'ts' as const;
  readonly #cutter: ChunkCutter;
  readonly #packets: TsPacketReader;
  readonly #psi = new ProgramReader();
  #program: Program | undefined;
  #init: Bytes | undefined;
  #lanes = new Map<number, Lane>();
  #leader: Lane | undefined;
  /** Nothing is passed on until a group starts. */
  #waiting = true;
  /** A key picture of the kind that always allows to start was seen: a mere random access indicator doesn't count from then on. */
  #keySeen = false;
  #start: VideoStart | undefined;
  /** Packets behind the start of a video PES packet that has not shown yet what it begins with. */
  #queue: { bytes: Bytes; at: number; pid: number }[] = [];
  #groupDts: Ticks | undefined;
  #duration: Ticks = DEFAULT_DURATION;
  #now: Millis = 0;
  #events: ChunkerEvent[] = [];

  constructor(limits: CutLimits = DEFAULT_LIMITS) {
    this.#cutter = new ChunkCutter(false, limits);
    this.#packets = new TsPacketReader({
      packet: (bytes, at) => this.#takePacket(bytes, at),
      damage: (reason, bytes) => this.#events.push({ type: 'damage', reason, bytes }),
    });
  }

  push(bytes: Bytes, now: Millis): ChunkerEvent[] {
    this.#now = now;
    this.#packets.push(bytes);
    return this.#take();
  }

  poll(now: Millis): ChunkerEvent[] {
    this.#give(this.#cutter.poll(now));
    return this.#take();
  }

  wakeAt(): Millis | undefined {
    return this.#cutter.wakeAt();
  }

  flush(now: Millis): ChunkerEvent[] {
    this.#now = now;
    this.#packets.flush();
    this.#decide('other');
    this.#give(this.#cutter.flush());
    this.#wait();
    for (const { continuity } of this.#lanes.values()) continuity.reset();
    return this.#take();
  }

  /** The source says that what follows does not go on from what came before (EXT-X-DISCONTINUITY), or lost something. */
  discontinuity(now: Millis): ChunkerEvent[] {
    const events = this.flush(now);
    this.#give(this.#cutter.discontinuity());
    return events.concat(this.#take());
  }

  #take(): ChunkerEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  #give(cuts: readonly Cut[]): void {
    for (const cut of cuts) this.#events.push({ type: 'cut', cut });
  }

  // From here on everything is left out up to the next start of a group.
  #wait(): void {
    this.#waiting = true;
    this.#start = undefined;
    this.#queue = [];
    for (const lane of this.#lanes.values()) {
      lane.passes = lane.leads || !lane.timed;
      if (!lane.leads) lane.last = undefined;
    }
  }

  #takePacket(bytes: Bytes, at: number): void {
    const pid = pidOf(bytes, at);
    if (pid === NULL_PID) return;
    if (hasTransportError(bytes, at)) {
      this.#events.push({ type: 'damage', reason: 'a packet with transmission errors', bytes: PACKET_SIZE });
      return;
    }
    const lane = this.#lanes.get(pid);
    if (!lane) {
      if (this.#psi.handles(pid) && this.#psi.push(bytes, at, pid)) this.#takeProgram();
      return;
    }
    if (!this.#isUsable(bytes, at, lane)) return;
    const unit = startsUnit(bytes, at);
    if (lane.leads && lane.video) {
      if (unit) {
        this.#decide('other');
        this.#start = new VideoStart(lane.video);
        this.#probe(bytes, at, pid);
        return;
      }
      if (this.#start) {
        this.#probe(bytes, at, pid);
        return;
      }
    }
    if (this.#start) {
      this.#queue.push({ bytes, at, pid });
      if (this.#queue.length >= MAX_WAITING) this.#decide('other');
    } else this.#pass(bytes, at, lane, unit);
  }

  // Leaves out what is repeated or can't be read, and tells what is lost: the demuxers leave out what that touches.
  #isUsable(bytes: Bytes, at: number, lane: Lane): boolean {
    const scrambled = isScrambled(bytes, at);
    const continuity = lane.continuity.check(bytes, at);
    if (continuity === 'repeated') return false;
    const reason = continuity === 'lost' ? 'lost packets' : scrambled && !lane.scrambled ? 'scrambled packets' : '';
    if (reason !== '') this.#events.push({ type: 'damage', reason: `${reason} on PID ${lane.pid}`, bytes: 0 });
    lane.scrambled = scrambled;
    return !scrambled;
  }

  // Holds a video packet, and what comes between, until the first slice is in sight.
  #probe(bytes: Bytes, at: number, pid: number): void {
    this.#queue.push({ bytes, at, pid });
    const kind = this.#start!.add(bytes, at); // set by the caller
    if (kind !== 'unknown') this.#decide(kind);
  }

  #decide(kind: 'key' | 'recovery' | 'other'): void {
    const start = this.#start;
    if (!start) return;
    const queue = this.#queue;
    this.#start = undefined;
    this.#queue = [];
    const [first, ...others] = queue;
    const lane = first && this.#lanes.get(first.pid);
    if (!first || !lane) return;
    if (kind === 'key') this.#keySeen = true;
    const marked = isRandomAccess(first.bytes, first.at) || kind === 'recovery';
    this.#lead(first.bytes, first.at, lane, start.dts, kind === 'key' || (marked && !this.#keySeen));
    for (const { bytes, at, pid } of others) {
      const other = this.#lanes.get(pid);
      if (other) this.#pass(bytes, at, other, startsUnit(bytes, at));
    }
  }

  #pass(bytes: Bytes, at: number, lane: Lane, unit: boolean): void {
    if (unit && lane.timed) {
      const header = parsePesHeader(bytes.subarray(payloadStart(bytes, at), at + PACKET_SIZE));
      const raw = header && header !== 'short' ? header.dts : undefined;
      if (lane.leads) {
        this.#lead(bytes, at, lane, raw, this.#audioGroupIsDue(raw));
        return;
      }
      if (raw !== undefined) this.#follow(lane, raw);
    }
    if (lane.passes) this.#add(bytes, at, {});
  }

  // A unit of the stream that leads starts here.
  #lead(bytes: Bytes, at: number, lane: Lane, raw: number | undefined, mayStart: boolean): void {
    let dts = lane.last;
    if (raw !== undefined) {
      dts = unwrapNear(raw, lane.last ?? raw, TIMESTAMP_PERIOD);
      if (lane.last !== undefined) {
        const step = dts - lane.last;
        if (step < -MAX_BACK || step > MAX_AHEAD) this.#jump(lane.last, dts);
        else if (step > 0) this.#duration = step;
      }
      lane.last = dts;
    }
    if (mayStart && dts !== undefined) this.#startGroup(dts);
    this.#add(bytes, at, raw === undefined ? {} : { dts, duration: this.#duration });
  }

  #jump(from: Ticks, to: Ticks): void {
    this.#give(this.#cutter.flush());
    if (this.#groupDts !== undefined) this.#events.push({ type: 'jump', from, to });
    this.#duration = DEFAULT_DURATION;
    this.#wait();
  }

  // Whether the time of a unit fits its stream or the one that leads. Cuts are timed by the one that leads alone, so that they never go back.
  #follow(lane: Lane, raw: number): void {
    const leading = this.#leader?.last;
    const dts = unwrapNear(raw, leading ?? lane.last ?? raw, TIMESTAMP_PERIOD);
    const near = leading === undefined || Math.abs(dts - leading) < MAX_APART;
    const step = lane.last === undefined ? undefined : dts - lane.last;
    lane.passes = near || (step !== undefined && step > -MAX_BACK && step < MAX_AHEAD);
    if (lane.passes) lane.last = dts;
  }

  #audioGroupIsDue(raw: number | undefined): boolean {
    if (raw === undefined) return false;
    if (this.#waiting || this.#groupDts === undefined) return true;
    const since = unwrapNear(raw, this.#groupDts, TIMESTAMP_PERIOD) - this.#groupDts;
    return since >= AUDIO_GROUP || since < 0;
  }

  #startGroup(dts: Ticks): void {
    if (!this.#program) return;
    const init = packetizeProgram(this.#program);
    if (!this.#init || !equalBytes(init, this.#init)) {
      this.#give(this.#cutter.flush());
      this.#init = init;
      this.#events.push({ type: 'init', bytes: init });
    }
    this.#waiting = false;
    this.#groupDts = dts;
    this.#give(this.#cutter.add({ bytes: init, entry: true, startsGroup: true, dts }, this.#now));
  }

  #add(bytes: Bytes, at: number, note: Note): void {
    if (this.#waiting) return;
    const packet = bytes.subarray(at, at + PACKET_SIZE);
    this.#give(this.#cutter.add({ bytes: packet, entry: true, dts: note.dts, duration: note.duration }, this.#now));
  }

  #takeProgram(): void {
    const program = this.#psi.program;
    if (!program) return;
    this.#decide('other');
    this.#program = program;
    const before = this.#lanes;
    const kinds = program.map.streams.map(info => ({ pid: info.pid, kind: elementaryKind(info) }));
    const video = kinds.find(({ kind }) => kind.type === 'video');
    const leading = video ?? kinds.find(({ kind }) => kind.type === 'audio');
    this.#lanes = new Map();
    let retyped = false;
    for (const { pid, kind } of kinds) {
      if (kind.type === 'unsupported' || kind.type === 'other') continue;
      const leads = pid === leading?.pid;
      const key = `${'format' in kind ? kind.format : kind.type} ${leads}`;
      const kept = before.get(pid);
      const video = kind.type === 'video' ? kind.format : undefined;
      this.#lanes.set(pid, kept?.key === key ? kept : lane({ pid, key, video, leads, timed: kind.type !== 'id3' }));
      retyped ||= kept !== undefined && kept.key !== key;
    }
    const { pcrPid } = program.map;
    if (pcrPid !== NULL_PID && !kinds.some(({ pid }) => pid === pcrPid)) {
      this.#lanes.set(pcrPid, lane({ pid: pcrPid, key: 'pcr', video: undefined, leads: false, timed: false }));
    }
    const leader = leading && this.#lanes.get(leading.pid);
    if (leader !== this.#leader || retyped) {
      if (leader && this.#leader) leader.last ??= this.#leader.last;
      this.#leader = leader;
      this.#keySeen = false;
      this.#give(this.#cutter.flush());
      this.#wait();
    }
  }
}
