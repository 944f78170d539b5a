// The study's plan of push trees (design §6) for given viewers: what the delays are when everything is known beforehand and nothing ever changes.

import { RELAY_HALF_MS } from './network-model.ts';
import type { Access } from './population.ts';

/** The stream that is planned for. */
export interface IdealStream {
  readonly stripes: number;
  readonly stripeKbps: number;
  readonly chunkBytes: number;
}

/** The share of an uplink that may be used, and the most children, as in the study. */
const UPLOAD_SHARE = 0.85;
const MAX_CHILDREN = 64;

/** Time from the relay's sending to each viewer's having a chunk, in the worst of its stripes, in ms. */
export function idealDelays(viewers: readonly Access[], { stripes, stripeKbps, chunkBytes }: IdealStream): number[] {
  const capacity = viewers.map(({ uploads, uplinkKbps }) =>
    uploads ? Math.min(MAX_CHILDREN, Math.floor((uplinkKbps * UPLOAD_SHARE) / stripeKbps)) : 0,
  );
  const interior = assignStripes(capacity, stripes);
  const worst = viewers.map(() => 0);
  for (let stripe = 0; stripe < stripes; stripe++) {
    const inner = viewers.map((_, i) => i).filter(i => interior[i] === stripe);
    inner.sort((a, b) => viewers[b]!.uplinkKbps - viewers[a]!.uplinkKbps);
    const order = [...inner, ...viewers.map((_, i) => i).filter(i => interior[i] !== stripe)];
    const parents = new Earliest();
    const arrival = new Float64Array(viewers.length);
    const children = new Int32Array(viewers.length);
    const turn = (i: number) => (chunkBytes * 8) / viewers[i]!.uplinkKbps;
    for (const i of order) {
      const next = parents.take();
      if (!next) arrival[i] = RELAY_HALF_MS + viewers[i]!.halfMs;
      else {
        const { at, parent } = next;
        arrival[i] = at + viewers[parent]!.halfMs + viewers[i]!.halfMs;
        children[parent]!++;
        if (children[parent]! < capacity[parent]!) {
          parents.add(arrival[parent]! + (children[parent]! + 1) * turn(parent), parent);
        }
      }
      if (interior[i] === stripe) parents.add(arrival[i]! + turn(i), i);
      worst[i] = Math.max(worst[i]!, arrival[i]!);
    }
  }
  return worst.sort((a, b) => a - b);
}

/** Whose uplink serves which stripe: the largest first, always where least is there. -1: none. */
function assignStripes(capacity: readonly number[], stripes: number): number[] {
  const supply = Array.from({ length: stripes }, () => 0);
  const interior = capacity.map(() => -1);
  const order = capacity.map((_, i) => i).filter(i => capacity[i]! > 0);
  for (const i of order.sort((a, b) => capacity[b]! - capacity[a]!)) {
    const stripe = supply.indexOf(Math.min(...supply));
    supply[stripe]! += capacity[i]!;
    interior[i] = stripe;
  }
  return interior;
}

/** Parents by when their next child would have its chunk: a binary heap. */
class Earliest {
  readonly #heap: { readonly at: number; readonly parent: number }[] = [];

  add(at: number, parent: number): void {
    const heap = this.#heap;
    let i = heap.push({ at, parent }) - 1;
    for (let up = (i - 1) >> 1; i > 0 && heap[up]!.at > at; i = up, up = (i - 1) >> 1) this.#swap(i, up);
  }

  take(): { readonly at: number; readonly parent: number } | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (!first || !last || heap.length === 0) return first;
    heap[0] = last;
    for (let i = 0; ; ) {
      let least = 2 * i + 1;
      if (least >= heap.length) break;
      if (least + 1 < heap.length && heap[least + 1]!.at < heap[least]!.at) least++;
      if (heap[least]!.at >= heap[i]!.at) break;
      this.#swap(i, least);
      i = least;
    }
    return first;
  }

  #swap(a: number, b: number): void {
    const held = this.#heap[a]!;
    this.#heap[a] = this.#heap[b]!;
    this.#heap[b] = held;
  }
}
