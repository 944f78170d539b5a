// Reads the relay's clock off pings, so that capture times are in it: the sample with the shortest round trip counts most.

import type { Millis } from '../time.ts';

interface Sample {
  readonly at: Millis;
  readonly roundTrip: Millis;
  readonly offset: Millis;
}

/** Samples older than this are forgotten: clocks drift. */
const KEEP_MS = 60_000;
/** Corrections within a session are spread: at most this much a millisecond, so that time neither jumps nor goes back. */
const SLEW = 0.02;

/** Our steady time -> the relay's time. */
export class RelayClock {
  #samples: Sample[] = [];
  #offset: Millis = 0;
  #slewedAt: Millis = 0;
  #fresh = true;
  /** Somebody has asked for the time: from now on it neither jumps nor goes back. */
  #isUsed = false;

  /** A new session: its first sample is believed at once if it differs by more than a second (another relay, another clock). */
  restart(): void {
    this.#samples = [];
    this.#fresh = true;
  }

  /** Whether a sample has been taken in this session. */
  get synchronised(): boolean {
    return this.#samples.length > 0;
  }

  /** The pong to a ping sent at `sentAt` came at `receivedAt` (our steady time) and told `theirs`. */
  sample(sentAt: Millis, receivedAt: Millis, theirs: Millis): void {
    const roundTrip = receivedAt - sentAt;
    if (roundTrip < 0) return;
    const offset = theirs + roundTrip / 2 - receivedAt;
    const isBetter = this.#samples.every(one => one.roundTrip > roundTrip);
    if (this.#isUsed ? this.#fresh && Math.abs(offset - this.#offset) > 1_000 : isBetter) this.#offset = offset;
    else this.#slew(receivedAt);
    this.#fresh = false;
    this.#slewedAt = Math.max(this.#slewedAt, receivedAt);
    this.#samples = this.#samples.filter(sample => receivedAt - sample.at < KEEP_MS);
    this.#samples.push({ at: receivedAt, roundTrip, offset });
  }

  /** The relay's time when our steady clock shows `steady`. */
  at(steady: Millis): Millis {
    this.#isUsed = true;
    this.#slew(steady);
    return steady + this.#offset;
  }

  #slew(steady: Millis): void {
    let best: Sample | undefined;
    for (const sample of this.#samples) if (!best || sample.roundTrip < best.roundTrip) best = sample;
    if (best && steady > this.#slewedAt) {
      const most = (steady - this.#slewedAt) * SLEW;
      this.#offset += Math.max(-most, Math.min(most, best.offset - this.#offset));
      this.#slewedAt = steady;
    }
  }
}
