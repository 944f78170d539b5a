// Hears complaints about peers: who is to be treated as gone, who is banned and for how long.

import type { PeerId } from '../peer-id.ts';
import type { Millis } from '../time.ts';
import { forgetOldest } from './pair-memory.ts';

/** What a complaint leads to beyond its complainer getting another parent. `silent`: as good as gone, and suspect; `corrupt`: banned for good. */
export type Verdict = 'none' | 'gone' | 'silent' | 'corrupt';

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
  lost: Accusation[];
  corrupt: Accusation[];
  /** Times that it was banned for a while. */
  bans: number;
  bannedUntil: Millis;
}

/** Two complaints of silence or loss belong together within this time. */
const TOGETHER_MS = 5_000;
/** Complaints of corruption are remembered for this long. */
const CORRUPT_MEMORY_MS = 600_000;
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

  /** Hears one complaint. `silent` and `lost` of independent witnesses add up. */
  hear(about: PeerId, grievance: 'silent' | 'lost' | 'corrupt', witness: Witness, now: Millis): Verdict {
    if (grievance === 'corrupt' && !this.#believes(witness.peer, about, now)) return 'none';
    const record = this.#record(about);
    const memory = grievance === 'corrupt' ? CORRUPT_MEMORY_MS : TOGETHER_MS;
    const fresh = record[grievance].filter(({ at, witness: { peer } }) => now - at <= memory && peer !== witness.peer);
    record[grievance] = [...fresh.slice(-MAX_ACCUSATIONS), { witness, at: now }];
    if (grievance === 'corrupt') {
      if (independent(record.corrupt) < WITNESSES_NEEDED) return 'none';
      record.bannedUntil = Number.POSITIVE_INFINITY;
      return 'corrupt';
    }
    const recent = [...record.silent, ...record.lost].filter(({ at }) => now - at <= TOGETHER_MS);
    if (independent(recent) < WITNESSES_NEEDED) return 'none';
    const silent = independent(record.silent.filter(({ at }) => now - at <= TOGETHER_MS)) >= WITNESSES_NEEDED;
    record.silent = [];
    record.lost = [];
    return silent ? 'silent' : 'gone';
  }

  /** Bans a silent peer for a while: twice as long each time. */
  banForSilence(peer: PeerId, now: Millis): void {
    const record = this.#record(peer);
    record.bannedUntil = Math.max(record.bannedUntil, now + FIRST_BAN_MS * 2 ** record.bans);
    record.bans = Math.min(MAX_BAN_DOUBLINGS, record.bans + 1);
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
    const record: Record = { silent: [], lost: [], corrupt: [], bans: 0, bannedUntil: 0 };
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
