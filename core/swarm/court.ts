// Hears complaints about peers: who is to be treated as gone, who is banned and for how long.

import type { PeerId } from '../peer-id.ts';
import type { Millis } from '../time.ts';
import { forgetOldest } from './pair-memory.ts';

/** What a complaint leads to beyond its complainer getting another parent. `gone`: as good as; `useless`: that, and suspect; `corrupt`: banned for good. */
export type Verdict = 'none' | 'gone' | 'useless' | 'corrupt';

/** A witness: complainers of one network count once where there are several. */
export interface Witness {
  readonly peer: PeerId;
  /** Different for independent witnesses. */
  readonly source: string;
}

interface Accusation {
  readonly witness: Witness;
  readonly at: Millis;
}

interface Record {
  silent: Accusation[];
  mute: Accusation[];
  corrupt: Accusation[];
  /** When it was found as good as gone although it is here. */
  gone: Millis[];
  /** Times that it was banned for a while. */
  bans: number;
  bannedUntil: Millis;
}

/** Two complaints of silence belong together within this time. */
const TOGETHER_MS = 5_000;
/** Complaints of muteness are rarer: only who is asked to push for the first time can make them. */
const MUTE_MEMORY_MS = 60_000;
/** Falling silent can happen to anybody; so often within the time it is no accident. */
const GONE_TOO_OFTEN = 4;
const GONE_MEMORY_MS = 120_000;
/** Complaints of corruption are remembered for this long. */
const CORRUPT_MEMORY_MS = 600_000;
const MEMORY_MS = {
  silent: TOGETHER_MS,
  mute: MUTE_MEMORY_MS,
  corrupt: CORRUPT_MEMORY_MS,
} as const;
const FIRST_BAN_MS = 60_000;
const MAX_BAN_DOUBLINGS = 16;
const WITNESSES_NEEDED = 2;
/** A witness that accuses more peers than this of corruption within the time isn't believed. */
const CREDIBLE_ACCUSATIONS = 8;
const CREDIT_MS = 60_000;
const MAX_ACCUSATIONS = 16;
const MAX_RECORDS = 8_192;

/** Records of the accused and of their accusers, both bounded. */
export class Court {
  readonly #records = new Map<PeerId, Record>();
  /** Whom a witness accused of corruption, and when. */
  readonly #charges = new Map<PeerId, Map<PeerId, Millis>>();

  /** Hears one complaint. Those of independent witnesses add up. */
  hear(about: PeerId, grievance: 'silent' | 'mute' | 'corrupt', witness: Witness, now: Millis): Verdict {
    if (grievance === 'corrupt' && !this.#believes(witness.peer, about, now)) return 'none';
    const record = this.#record(about);
    const memory = MEMORY_MS[grievance];
    const fresh = record[grievance].filter(({ at, witness: { peer } }) => now - at <= memory && peer !== witness.peer);
    record[grievance] = [...fresh.slice(-MAX_ACCUSATIONS), { witness, at: now }];
    if (grievance === 'corrupt') {
      if (independent(record.corrupt) < WITNESSES_NEEDED) return 'none';
      record.bannedUntil = Number.POSITIVE_INFINITY;
      return 'corrupt';
    }
    const isMute = independent(record.mute.filter(({ at }) => now - at <= MUTE_MEMORY_MS)) >= WITNESSES_NEEDED;
    const recent = [...record.silent, ...record.mute].filter(({ at }) => now - at <= TOGETHER_MS);
    if (!isMute && independent(recent) < WITNESSES_NEEDED) return 'none';
    record.silent = [];
    record.gone = [...record.gone.filter(at => now - at <= GONE_MEMORY_MS), now];
    return isMute || record.gone.length >= GONE_TOO_OFTEN ? 'useless' : 'gone';
  }

  /** Bans a useless peer for a while: twice as long each time. */
  banForUselessness(peer: PeerId, now: Millis): void {
    const record = this.#record(peer);
    record.bannedUntil = Math.max(record.bannedUntil, now + FIRST_BAN_MS * 2 ** record.bans);
    record.bans = Math.min(MAX_BAN_DOUBLINGS, record.bans + 1);
    record.mute = [];
    record.gone = [];
  }

  isBanned(peer: PeerId, now: Millis): boolean {
    const record = this.#records.get(peer);
    return record !== undefined && now < record.bannedUntil;
  }

  #believes(witness: PeerId, about: PeerId, now: Millis): boolean {
    let charges = this.#charges.get(witness);
    if (!charges) {
      charges = new Map();
      this.#charges.set(witness, charges);
      if (this.#charges.size > MAX_RECORDS) forgetOldest(this.#charges);
    }
    for (const [peer, at] of charges) if (now - at > CREDIT_MS) charges.delete(peer);
    charges.set(about, now);
    if (charges.size > 2 * CREDIBLE_ACCUSATIONS) forgetOldest(charges);
    if (charges.size <= CREDIBLE_ACCUSATIONS) return true;
    // What it said before is worth no more than what it says now.
    for (const peer of charges.keys()) {
      const record = this.#records.get(peer);
      if (record) record.corrupt = record.corrupt.filter(accusation => accusation.witness.peer !== witness);
    }
    return false;
  }

  #record(peer: PeerId): Record {
    const known = this.#records.get(peer);
    if (known) return known;
    if (this.#records.size >= MAX_RECORDS) this.#forget();
    const record: Record = { silent: [], mute: [], corrupt: [], gone: [], bans: 0, bannedUntil: 0 };
    this.#records.set(peer, record);
    return record;
  }

  /** Makes room: the oldest record without a ban goes, else the oldest. */
  #forget(): void {
    let looked = 0;
    for (const [peer, record] of this.#records) {
      if (record.bannedUntil === 0) {
        this.#records.delete(peer);
        return;
      }
      if (++looked > 256) break;
    }
    forgetOldest(this.#records);
  }
}

function independent(accusations: readonly Accusation[]): number {
  return new Set(accusations.map(({ witness }) => witness.source)).size;
}
