// Follows chunks that came late back to the relay, hop by hop, with what each viewer on the way said and heard meanwhile.

import type { Millis } from '../../core/time.ts';

/** How a chunk came to a viewer. */
interface Arrival {
  readonly at: Millis;
  /** Index of the viewer that sent it; -1: the relay. */
  readonly from: number;
}

/** Notes are shown from this long before the chunk's capture. */
const BEFORE_MS: Millis = 1_500;
const MAX_NOTES = 400;

/** One run's diary. Costs memory for every chunk of every viewer: for small audiences. */
export class Tracer {
  readonly #left: { count: number };
  readonly #arrivals: Map<number, Arrival>[] = [];
  readonly #notes: { at: Millis; text: string }[][] = [];

  /** `count`: how many late chunks are followed. */
  constructor(count: number) {
    this.#left = { count };
  }

  /** Notes what a viewer said or heard. */
  note(viewer: number, at: Millis, text: string): void {
    const notes = (this.#notes[viewer] ??= []);
    notes.push({ at, text });
    if (notes.length > 2 * MAX_NOTES) notes.splice(0, MAX_NOTES);
  }

  /** Notes a chunk's first arrival. */
  arrived(viewer: number, index: number, arrival: Arrival): void {
    (this.#arrivals[viewer] ??= new Map()).set(index, arrival);
  }

  /** Tells how a late chunk came to a viewer; undefined when enough have been told of. */
  explain(viewer: number, index: number, capturedAt: Millis): string | undefined {
    if (this.#left.count <= 0) return undefined;
    this.#left.count--;
    const lines = [`chunk ${index}, captured at ${capturedAt}, late at viewer ${viewer}`];
    const seen = new Set<number>();
    for (let at = viewer; at >= 0 && !seen.has(at); ) {
      seen.add(at);
      const arrival = this.#arrivals[at]?.get(index);
      const from = arrival && (arrival.from < 0 ? 'the relay' : `viewer ${arrival.from}`);
      lines.push(`  viewer ${at}: ${arrival ? `+${arrival.at - capturedAt} ms from ${from}` : 'never'}`);
      const until = arrival?.at ?? capturedAt + 4_000;
      for (const note of this.#notes[at] ?? []) {
        if (note.at < capturedAt - BEFORE_MS || note.at > until + 100) continue;
        lines.push(`      ${(note.at - capturedAt).toFixed(0).padStart(6)}  ${note.text}`);
      }
      at = arrival?.from ?? -1;
    }
    return lines.join('\n');
  }
}
