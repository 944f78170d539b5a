// Counts of values by size, for percentiles of tens of millions of delays.

const BINS = 8_192;

/** Values from 0 to 8,191 in bins of 1; what is larger, or never came, counts as 8,191. */
export class Histogram {
  readonly #bins = new Float64Array(BINS);
  #count = 0;
  #max = 0;

  get count(): number {
    return this.#count;
  }

  get max(): number {
    return this.#max;
  }

  add(value: number, times = 1): void {
    const bin = value >= BINS - 1 ? BINS - 1 : Math.max(0, Math.round(value));
    this.#bins[bin]! += times;
    this.#count += times;
    if (bin > this.#max) this.#max = bin;
  }

  merge(other: Histogram): void {
    for (let bin = 0; bin < BINS; bin++) this.#bins[bin]! += other.#bins[bin]!;
    this.#count += other.#count;
    this.#max = Math.max(this.#max, other.#max);
  }

  /** The value that this share of all values doesn't exceed; null when there is none. */
  percentile(share: number): number | null {
    if (this.#count === 0) return null;
    let left = share * this.#count;
    for (let bin = 0; bin < BINS; bin++) {
      left -= this.#bins[bin]!;
      if (left <= 0 && this.#bins[bin]! > 0) return bin;
    }
    return this.#max;
  }

  clear(): void {
    this.#bins.fill(0);
    this.#count = 0;
    this.#max = 0;
  }
}
