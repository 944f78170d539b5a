// Audio access units -> fragments at the sample rate, timed by counting samples.

import { concat } from '../../bytes.ts';
import { TICKS_PER_SECOND, type Ticks } from '../../time.ts';
import type { AccessUnit, AudioTrack } from '../track.ts';
import { encodeFragment, type Sample } from './fragment.ts';
import type { Fragment, Fragmenter } from './fragmenter.ts';

/** How far timestamps may wander from the count of samples before they are believed, in seconds. */
const MAX_DRIFT = 0.05;

/** Containers round their timestamps; counting makes samples touch exactly. After a gap, half a frame of difference is believed. */
export class AudioFragmenter implements Fragmenter {
  readonly #trackId: number;
  readonly #rate: number;
  /** Raw frames (`audio/mpeg`) instead of MP4. */
  readonly #raw: boolean;
  readonly #fragments: Fragment[] = [];
  #samples: Sample[] = [];
  #sequence = 0;
  /** Where the first of the collected samples starts, and where the next one would. */
  #base = 0;
  #next: number | undefined;
  #afterGap = false;

  constructor(trackId: number, track: AudioTrack, raw = false) {
    this.#trackId = trackId;
    this.#rate = track.sampleRate;
    this.#raw = raw;
  }

  add(unit: AccessUnit, shift: Ticks): boolean {
    const told = Math.round(((unit.pts + shift) * this.#rate) / TICKS_PER_SECOND);
    const tolerance = this.#afterGap ? unit.samples / 2 : MAX_DRIFT * this.#rate;
    let at = this.#next;
    if (at === undefined || Math.abs(told - at) > tolerance) {
      if (told < 0) return false;
      this.#cut();
      at = told;
    }
    if (this.#samples.length === 0) this.#base = at;
    this.#samples.push({ data: unit.data, duration: unit.samples, offset: 0, key: true });
    this.#next = at + unit.samples;
    this.#afterGap = false;
    return true;
  }

  take(): Fragment[] {
    this.#cut();
    return this.#fragments.splice(0);
  }

  gap(): void {
    this.#afterGap = true;
  }

  #cut(): void {
    const samples = this.#samples;
    if (samples.length === 0) return;
    this.#samples = [];
    const run = {
      kind: 'audio' as const,
      trackId: this.#trackId,
      sequence: ++this.#sequence,
      baseTime: this.#base,
      samples,
    };
    this.#fragments.push({
      bytes: this.#raw ? concat(samples.map(sample => sample.data)) : encodeFragment(run),
      start: this.#base / this.#rate,
      end: (this.#next ?? this.#base) / this.#rate,
      key: true,
    });
  }
}
