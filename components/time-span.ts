// TimeRanges for what no media element knows by itself.

/** TimeRanges (HTML §4.8.11.13) of one span in seconds, or of none. */
export class TimeSpan implements TimeRanges {
  readonly #span: readonly [number, number] | undefined;

  constructor(span: readonly [start: number, end: number] | null) {
    this.#span = span ?? undefined;
  }

  get length(): number {
    return this.#span ? 1 : 0;
  }
  start(index: number): number {
    return this.#at(index)[0];
  }
  end(index: number): number {
    return this.#at(index)[1];
  }

  #at(index: number): readonly [number, number] {
    if (this.#span && index === 0) return this.#span;
    throw new DOMException(`there is no range ${index} of ${this.length}`, 'IndexSizeError');
  }
}
