// Seeded random numbers for the simulator: fast, and the same on every machine.

const GAUSS_TABLE = 8_192;

/** One stream of random numbers. */
export class Random {
  #state: number;
  readonly #gauss = new Float64Array(GAUSS_TABLE);

  constructor(seed: number) {
    this.#state = Math.imul(seed, 0x9e3779b1) | 0;
    // Drawing from a table is several times cheaper than a logarithm and a cosine for each packet.
    for (let i = 0; i < GAUSS_TABLE; i++) {
      this.#gauss[i] = Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
    }
  }

  /** Uniform in [0, 1): mulberry32. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let bits = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** Uniform in [low, high). */
  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  /** Normal, mean 0, deviation 1. */
  gauss(): number {
    return this.#gauss[(this.next() * GAUSS_TABLE) | 0]!;
  }

  /** Exponential with this mean. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.next());
  }
}

/** A number in [0, 1) that belongs to an unordered pair. */
export function pairHash(a: number, b: number, seed: number): number {
  let bits = Math.imul(Math.min(a, b) + 1, 0x85ebca6b) ^ Math.imul(Math.max(a, b) + 1, 0xc2b2ae35) ^ seed;
  bits = Math.imul(bits ^ (bits >>> 16), 0x7feb352d);
  bits = Math.imul(bits ^ (bits >>> 15), 0x846ca68b);
  return ((bits ^ (bits >>> 16)) >>> 0) / 4_294_967_296;
}
