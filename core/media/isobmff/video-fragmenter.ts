// Video access units -> fragments at 90 kHz.

import { TICKS_PER_SECOND, type Ticks } from '../../time.ts';
import type { AccessUnit } from '../track.ts';
import { encodeFragment, type Sample } from './fragment.ts';
import type { Fragment, Fragmenter } from './fragmenter.ts';

/** Duration of a sample whose neighbours tell nothing. */
const DEFAULT_DURATION: Ticks = 3_000;

interface Placed {
  readonly unit: AccessUnit;
  readonly dts: Ticks;
  readonly pts: Ticks;
}

/** Presentation times are kept to the tick. Nothing is emitted before a key unit, at the start and after a gap. */
export class VideoFragmenter implements Fragmenter {
  readonly #trackId: number;
  readonly #fragments: Fragment[] = [];
  #units: Placed[] = [];
  #sequence = 0;
  #needsKey = true;
  /** The last sample written: where it starts and how long it was said to last. */
  #last: { readonly dts: Ticks; readonly duration: Ticks } | undefined;
  #lastDelta: Ticks = DEFAULT_DURATION;

  constructor(trackId: number) {
    this.#trackId = trackId;
  }

  add(unit: AccessUnit, shift: Ticks): boolean {
    if (this.#needsKey && !unit.key) return true;
    const dts = unit.dts + shift;
    if (dts < 0) return false;
    const previous = this.#units.at(-1);
    if (previous && dts < previous.dts) {
      this.#cut();
      this.#last = undefined;
    }
    this.#needsKey = false;
    this.#units.push({ unit, dts, pts: Math.max(dts, unit.pts + shift) });
    return true;
  }

  take(): Fragment[] {
    this.#cut();
    return this.#fragments.splice(0);
  }

  gap(): void {
    this.#cut();
    this.#last = undefined;
    this.#needsKey = true;
  }

  #cut(): void {
    const first = this.#units[0];
    if (!first) return;
    const units = this.#units;
    this.#units = [];
    const baseTime = this.#pace(first.dts);
    const samples: Sample[] = [];
    let start = Number.POSITIVE_INFINITY;
    let end = 0;
    for (let i = 0; i < units.length; i++) {
      const { unit, pts } = units[i]!;
      const dts = i === 0 ? baseTime : units[i]!.dts;
      const next = units[i + 1];
      if (next && next.dts > dts) this.#lastDelta = next.dts - dts;
      const duration = next ? next.dts - dts : this.#lastDelta;
      samples.push({ data: unit.data, duration, offset: pts - dts, key: unit.key });
      start = Math.min(start, pts);
      end = Math.max(end, pts + duration);
      if (!next) this.#last = { dts, duration };
    }
    this.#fragments.push({
      bytes: encodeFragment({
        kind: 'video',
        trackId: this.#trackId,
        sequence: ++this.#sequence,
        baseTime,
        samples,
      }),
      start: start / TICKS_PER_SECOND,
      end: end / TICKS_PER_SECOND,
      key: first.unit.key,
    });
  }

  // A browser takes a step of decode time of more than twice the last sample's duration for a hole, and then drops everything up to the next
  // key frame (Media Source Extensions §3.5.8). The last sample's duration was a guess: where pictures come unevenly, the next one is decoded
  // earlier (its presentation time stays).
  #pace(dts: Ticks): Ticks {
    const last = this.#last;
    if (!last || dts < last.dts) return dts;
    const limit = last.dts + 2 * last.duration;
    if (dts > last.dts) this.#lastDelta = dts - last.dts;
    return Math.min(dts, limit);
  }
}
