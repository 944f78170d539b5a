// Whether somebody speaks, from how loud the microphone is: a pure policy.

import type { Millis } from '../../core/time.ts';

/** Levels are root mean squares, 0–1. */
const POLICY = {
  /** Speech is so many times louder than the room. */
  aboveNoise: 3,
  /** And never more quiet than this, about −40 dBFS. */
  least: 0.01,
  /** So long it has to be loud: a key or a door is shorter. */
  onsetMs: 80,
  /** Pauses between words are shorter. */
  hangoverMs: 700,
  /** Part of the way that the known noise goes towards a level with each step: down at once, up slowly. */
  falls: 0.3,
  rises: 0.005,
  /** No room is taken for louder than this. */
  mostNoise: 0.05,
} as const;

/** Of one microphone. To be asked ten to twenty times a second. */
export class VoiceActivity {
  #noise: number = POLICY.least / POLICY.aboveNoise;
  #loudSince: Millis | undefined;
  #loudAt: Millis = Number.NEGATIVE_INFINITY;
  #isSpeaking = false;

  /** Takes the level at this moment; whether there is speech. */
  step(level: number, now: Millis): boolean {
    const pace = level < this.#noise ? POLICY.falls : POLICY.rises;
    this.#noise = Math.min(POLICY.mostNoise, this.#noise + (level - this.#noise) * pace);
    if (level < Math.max(POLICY.least, this.#noise * POLICY.aboveNoise)) {
      this.#loudSince = undefined;
      if (now - this.#loudAt >= POLICY.hangoverMs) this.#isSpeaking = false;
      return this.#isSpeaking;
    }
    this.#loudSince ??= now;
    if (this.#isSpeaking || now - this.#loudSince >= POLICY.onsetMs) {
      this.#isSpeaking = true;
      this.#loudAt = now;
    }
    return this.#isSpeaking;
  }

  /** The microphone is off, or another one. */
  reset(): void {
    this.#loudSince = undefined;
    this.#loudAt = Number.NEGATIVE_INFINITY;
    this.#isSpeaking = false;
  }
}
