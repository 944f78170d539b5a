// Fetches what is missing, by deadline: first from a neighbour, then from the relay; the picture never waits for a peer.

import { stripeOf } from '../chunk.ts';
import { type PeerId, RELAY } from '../peer-id.ts';
import type { Millis } from '../time.ts';
import type { Inflow } from './inflow.ts';
import type { Neighbour } from './neighbour.ts';
import type { SequenceRing } from './sequence-ring.ts';

/** Whom to ask. */
export type Helper = Neighbour | 'relay';

/** What the repairer may know of its viewer at one moment. */
export interface RepairView {
  readonly now: Millis;
  /** The relay's clock. */
  readonly relayNow: Millis;
  /** The lowest sequence that is missing, and the highest that exists. */
  readonly cursor: number;
  readonly horizon: number;
  /** From capture to use. */
  readonly latencyMs: Millis;
  /** Undefined while the relay can't be reached. */
  readonly relayRoundTripMs: Millis | undefined;
  /** Since when it can be. */
  readonly relayUpAt: Millis;
  /** Of two chunks that follow each other. */
  readonly intervalMs: Millis;
  readonly inflows: readonly Inflow[];
  readonly neighbours: Iterable<Neighbour>;
}

/** What a look at the missing chunks led to. */
export interface Repairs {
  /** Whom to ask for which. */
  readonly wants: Map<Helper, number[]>;
  /** Bit s: chunks of stripe s are overdue. */
  overdue: number;
  /** Those that have become overdue since the last look: for the children. */
  readonly overdueSequences: number[];
}

/** A request under way. */
interface Asked {
  of: Helper;
  at: Millis;
  tries: number;
}

/** Not more than this is looked at in one go. */
const MAX_LOOK = 512;
const MAX_WANT = 64;
/** Decoding and appending take their time, too. */
const USE_MS: Millis = 150;
/** Relay and network may hesitate. */
const MARGIN_MS: Millis = 90;
/** Those nearer to the relay ask it earlier, as what they get flows on to those below them: by so much a hop. */
const RANK_MS: Millis = 80;
const RANKS = 5;
/** A chunk overdue by this is asked from a neighbour: by then a retransmission would have come. */
const NEIGHBOUR_PATIENCE_MS: Millis = 120;
/** After the relay was away everybody lacks the same: each hop leaves it to the one before for so long. */
const AFTER_OUTAGE_MS: Millis = 300;
/** What is later than this is of no use to anybody. */
const USELESS_MS: Millis = 1_500;
/** What the relay pushes is asked for only when it is so late: another lane may be faster than the one that lost it. */
const PUSHED_PATIENCE_MS: Millis = 0;
/** A neighbour that had nothing is left alone for this long. */
const EMPTY_HANDED_MS: Millis = 400;
/** One that left this many requests unanswered is not asked any more. */
const MAX_UNANSWERED = 4;

/** The asking half of a scheduler. */
export class Repairer {
  /** Chunks that were asked from the relay because their time was running out. */
  fallbacks = 0;
  readonly #ring: SequenceRing;
  readonly #asked = new Map<number, Asked>();
  /** Chunks that the relay doesn't have: they don't exist any more. */
  readonly #gone = new Set<number>();
  /** Chunks that the parent says it lacks itself. */
  readonly #lackedAbove = new Set<number>();
  /** Chunks that were overdue at the last looks. */
  readonly #overdue = new Set<number>();

  constructor(ring: SequenceRing) {
    this.#ring = ring;
  }

  get isWaiting(): boolean {
    return this.#asked.size > 0;
  }

  /** Whether a chunk was asked of a peer, or of the relay. */
  wasAskedOf(from: PeerId, sequence: number): boolean {
    const of = this.#askedOf(sequence);
    return of !== undefined && (of === 'relay' ? from === RELAY : of.id === from);
  }

  isGone(sequence: number): boolean {
    return this.#gone.size > 0 && this.#gone.has(sequence);
  }

  /** A chunk came. */
  came(sequence: number): void {
    if (this.#asked.size > 0) this.#asked.delete(sequence);
  }

  /** Whoever was asked does not have it. */
  lacks(of: Helper, sequence: number): void {
    if (of === 'relay') {
      this.#gone.add(sequence);
      if (this.#gone.size > MAX_LOOK) this.#gone.delete(this.#gone.values().next().value!); // there is one
    }
    const asked = this.#asked.get(sequence);
    if (!asked && of !== 'relay') {
      this.#lackedAbove.add(sequence);
      if (this.#lackedAbove.size > MAX_LOOK) this.#lackedAbove.delete(this.#lackedAbove.values().next().value!); // there is one
    }
    if (asked?.of === of) asked.at = Number.NEGATIVE_INFINITY;
  }

  /** A neighbour is gone: what it was asked for is asked of another. */
  forget(neighbour: Neighbour): void {
    for (const asked of this.#asked.values()) if (asked.of === neighbour) asked.at = Number.NEGATIVE_INFINITY;
  }

  /** Nothing below this matters any more. */
  trim(cursor: number): void {
    if (this.#asked.size > 0)
      for (const sequence of this.#asked.keys()) if (sequence < cursor) this.#asked.delete(sequence);
    for (const set of [this.#gone, this.#overdue, this.#lackedAbove]) {
      if (set.size > 0) for (const sequence of set) if (sequence < cursor) set.delete(sequence);
    }
  }

  /** Forgets everything. */
  clear(): void {
    this.#asked.clear();
    this.#gone.clear();
    this.#overdue.clear();
    this.#lackedAbove.clear();
  }

  /** Looks at what is missing, and says what to do about it. */
  look(view: RepairView): Repairs {
    const repairs: Repairs = { wants: new Map(), overdue: 0, overdueSequences: [] };
    const { inflows, relayNow, cursor } = view;
    const end = Math.min(view.horizon, cursor + MAX_LOOK);
    let captured = this.#ring.has(cursor - 1) ? this.#ring.capturedAt(cursor - 1) : Number.NaN;
    for (let sequence = cursor; sequence <= end; sequence++) {
      if (this.#ring.has(sequence)) {
        captured = this.#ring.capturedAt(sequence);
        continue;
      }
      // Between two chunks that are there; a first one without neighbours is taken for as old as can be.
      captured = Number.isNaN(captured) ? this.#nextCapture(sequence, end, relayNow) : captured + view.intervalMs;
      if (this.#gone.has(sequence)) continue;
      const inflow = inflows[stripeOf(sequence, inflows.length)]!;
      const age = relayNow - captured;
      const overdueBy = age - inflow.usualDelayMs;
      const timeLeft = view.latencyMs - USE_MS - age;
      if (overdueBy < 0 && timeLeft > lastMoment(view) && !this.#lackedAbove.has(sequence)) continue;
      repairs.overdue |= 1 << inflow.stripe;
      if (repairs.overdueSequences.length < MAX_WANT && !this.#overdue.has(sequence)) {
        this.#overdue.add(sequence);
        repairs.overdueSequences.push(sequence);
      }
      const whom = this.#whom(sequence, { view, inflow, overdueBy, timeLeft });
      if (whom === undefined) continue;
      const wants = repairs.wants.get(whom) ?? [];
      if (wants.length >= MAX_WANT) continue;
      wants.push(sequence);
      repairs.wants.set(whom, wants);
    }
    return repairs;
  }

  #whom(
    sequence: number,
    missing: { view: RepairView; inflow: Inflow; overdueBy: Millis; timeLeft: Millis },
  ): Helper | undefined {
    const { view, inflow, overdueBy, timeLeft } = missing;
    const { now, relayRoundTripMs } = view;
    const asked = this.#asked.get(sequence);
    if (asked) {
      const roundTrip = asked.of === 'relay' ? (relayRoundTripMs ?? 0) : asked.of.roundTripMs;
      if (now - asked.at < 1.5 * roundTrip + MARGIN_MS) return undefined;
      if (asked.of !== 'relay' && asked.at > 0) asked.of.unanswered++;
    }
    const isLacked = this.#lackedAbove.has(sequence);
    // Nobody asks ahead of its turn for what may just be on its way.
    const relayLead = lastMoment(view) + (overdueBy > 0 || isLacked ? rankLead(inflow) : 0);
    // What the relay pushes anyhow is on its way: asking for it brings it twice.
    const relayDue = inflow.relay && !inflow.parent ? -PUSHED_PATIENCE_MS : relayLead;
    const relayIsDue = mayAskRelay(view, inflow) && timeLeft < relayDue && timeLeft > -USELESS_MS;
    // With hardly time for one more round trip, no more experiments.
    const neighbour = relayIsDue ? undefined : this.#helper(sequence, view, inflow);
    let whom: Helper | undefined;
    if (relayIsDue) whom = 'relay';
    else if (neighbour) {
      const { roundTripMs } = neighbour;
      if (isLacked || overdueBy > NEIGHBOUR_PATIENCE_MS || timeLeft < 2 * roundTripMs + MARGIN_MS + relayLead)
        whom = neighbour;
    }
    if (whom === undefined) return undefined;
    if (whom === 'relay' && asked?.of !== 'relay') this.fallbacks++;
    if (!asked) inflow.missed();
    this.#asked.set(sequence, { of: whom, at: now, tries: (asked?.tries ?? 0) + 1 });
    return whom;
  }

  /** The nearest neighbour that says it holds the chunk; else one that may, as it gets the stripe from elsewhere. */
  #helper(sequence: number, view: RepairView, inflow: Inflow): Neighbour | undefined {
    const previous = this.#askedOf(sequence);
    let best: Neighbour | undefined;
    let bestCost = Number.POSITIVE_INFINITY;
    const bit = 1 << inflow.stripe;
    for (const neighbour of view.neighbours) {
      if (!neighbour.up || neighbour === previous || neighbour.unanswered >= MAX_UNANSWERED) continue;
      const holds = neighbour.has(sequence);
      // The parent would have sent it, and a child has it from us.
      if (!holds && ((neighbour.gives | neighbour.takes) & bit) !== 0) continue;
      if (!holds && view.now - neighbour.emptyHandedAt < EMPTY_HANDED_MS) continue;
      const cost = neighbour.roundTripMs + (holds ? 0 : 300) + neighbour.unanswered * 200;
      if (cost < bestCost) {
        best = neighbour;
        bestCost = cost;
      }
    }
    return best;
  }

  #askedOf(sequence: number): Helper | undefined {
    return this.#asked.size === 0 ? undefined : this.#asked.get(sequence)?.of;
  }

  #nextCapture(sequence: number, end: number, relayNow: Millis): Millis {
    for (let next = sequence + 1; next <= end; next++) if (this.#ring.has(next)) return this.#ring.capturedAt(next) - 1;
    return relayNow;
  }
}

/** How long before its time runs out a chunk is asked from the relay, at the latest. */
function lastMoment({ relayRoundTripMs = 0 }: RepairView): Millis {
  return 1.5 * relayRoundTripMs + MARGIN_MS;
}

/** How much earlier whoever has others below asks. */
function rankLead({ depth }: Inflow): Millis {
  return Math.max(0, RANKS - depth) * RANK_MS;
}

function mayAskRelay({ now, relayRoundTripMs, relayUpAt }: RepairView, { depth }: Inflow): boolean {
  return relayRoundTripMs !== undefined && now - relayUpAt > Math.min(RANKS, depth - 1) * AFTER_OUTAGE_MS;
}
