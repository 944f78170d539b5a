// One source that the relay pulls: when it is wanted, and how it fares. No clock of its own: steady milliseconds come as arguments.

import type { Millis } from '../../core/time.ts';
import type { ChannelSource } from '../config/channel-entry.ts';

/**
 * `stopped`: by the operator, or played to its end. `waiting`: on demand, and nobody watches. `starting`: no chunk has come yet.
 * `failed`: it broke off, or can't be had; it is tried again.
 */
export type SourceState = 'stopped' | 'waiting' | 'starting' | 'live' | 'failed';

/** A source that is not to be had is asked again after waits that double from the first to the longest. */
const FIRST_WAIT: Millis = 2_000;
const LONGEST_WAIT: Millis = 60_000;
/** What the operator has started on demand goes on for so long at least. */
const LEAST_LINGER: Millis = 10_000;
/** After so long on air the waits begin anew. */
const WELL_MS: Millis = 30_000;

export class PulledSource {
  #source: ChannelSource;
  #viewers = 0;
  #stopped: boolean;
  #finished = false;
  /** Goes on until then although nobody watches. */
  #lingerUntil: Millis = Number.NEGATIVE_INFINITY;
  #retryAt: Millis = Number.NEGATIVE_INFINITY;
  #failures = 0;
  /** Since when chunks come. */
  #liveSince: Millis | undefined;
  #error: string | null = null;

  constructor(source: ChannelSource, { viewers, stopped }: { readonly viewers: number; readonly stopped: boolean }) {
    this.#source = source;
    this.#viewers = viewers;
    this.#stopped = stopped;
  }

  get source(): ChannelSource {
    return this.#source;
  }

  /** Other settings, if what is pulled stays the same: whether it does. */
  adjust(source: ChannelSource): boolean {
    const { url, loop } = this.#source;
    if (source.url !== url || source.loop !== loop) return false;
    this.#source = source;
    return true;
  }

  /** Whether the operator has stopped it. */
  get isStopped(): boolean {
    return this.#stopped;
  }

  /** Why it has failed. */
  get error(): string | null {
    return this.#error;
  }

  state(now: Millis): SourceState {
    if (this.#stopped || (this.#finished && this.#source.when === 'always')) return 'stopped';
    if (!this.#isNeeded(now)) return 'waiting';
    if (this.#error !== null) return 'failed';
    return this.#liveSince === undefined ? 'starting' : 'live';
  }

  /** Whether it is to be pulled at this moment. */
  isWanted(now: Millis): boolean {
    return this.#isNeeded(now) && now >= this.#retryAt;
  }

  /** So many watch now. */
  watched(viewers: number, now: Millis): void {
    if (this.#viewers > 0 && viewers === 0) {
      this.#lingerUntil = now + this.#source.linger * 1_000;
    } else if (this.#viewers === 0 && viewers > 0 && this.#source.when === 'on-demand') {
      if (!this.#isLingering(now)) this.#afresh();
      this.#finished = false;
    }
    this.#viewers = viewers;
  }

  /** The operator wants it: at once, also when it had ended or failed. On demand it goes on for 10 s, or as long as after its last viewer. */
  start(now: Millis): void {
    this.#stopped = this.#finished = false;
    this.#lingerUntil = now + Math.max(LEAST_LINGER, this.#source.linger * 1_000);
    if (this.#liveSince === undefined) this.#afresh();
  }

  /** The operator doesn't. */
  stop(): void {
    this.#stopped = true;
    this.#afresh();
  }

  /** A chunk of it was taken; whether that is news. */
  flows(now: Millis): boolean {
    if (this.#liveSince !== undefined) return false;
    this.#liveSince = now;
    this.#error = null;
    return true;
  }

  /** It broke off, and is being opened again. */
  broke(reason: string, now: Millis): void {
    this.#pause(now);
    this.#error = reason;
  }

  /** It has been played to its end. */
  ended(): void {
    this.#finished = true;
    this.#afresh();
  }

  /** It is not to be had; tried again after this many milliseconds. */
  failed(reason: string, now: Millis): Millis {
    this.#pause(now);
    this.#error = reason;
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(this.#failures++, 10));
    this.#retryAt = now + wait;
    return wait;
  }

  /** It is pulled no longer, as nobody watches. */
  dropped(): void {
    this.#afresh();
  }

  #isNeeded(now: Millis): boolean {
    if (this.#stopped || this.#finished) return false;
    return this.#source.when === 'always' || this.#viewers > 0 || this.#isLingering(now);
  }

  #isLingering(now: Millis): boolean {
    return now < this.#lingerUntil;
  }

  #pause(now: Millis): void {
    if (this.#liveSince !== undefined && now - this.#liveSince >= WELL_MS) this.#failures = 0;
    this.#liveSince = undefined;
  }

  #afresh(): void {
    this.#liveSince = undefined;
    this.#error = null;
    this.#failures = 0;
    this.#retryAt = Number.NEGATIVE_INFINITY;
  }
}
