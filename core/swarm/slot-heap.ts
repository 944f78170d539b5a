// A heap whose keys may be out of date: they are looked at again only when they come to the top.

interface Entry<T> {
  readonly item: T;
  readonly key: number;
}

/** Keys that differ by less are the same: nothing is put back for a rounding error. */
const TOLERANCE = 0.5;

/** Items by ascending key. A key that has grown is noticed in time; one that has shrunk has to be offered again. */
export class SlotHeap<T> {
  #entries: Entry<T>[] = [];
  /** The entry that counts for an item; others of it are leftovers. */
  readonly #valid = new Map<T, Entry<T>>();

  get size(): number {
    return this.#valid.size;
  }

  /** Puts an item in, or moves it forward. */
  offer(item: T, key: number): void {
    const known = this.#valid.get(item);
    if (known && known.key <= key) return;
    this.#insert({ item, key });
    if (this.#entries.length > 2 * this.#valid.size + 64) this.#compact();
  }

  /**
   * Visits items by their present key until `visit` says no more. `rekey` tells the key of an item from its last one: `undefined` takes it out.
   * Nothing may be offered meanwhile.
   */
  scan(rekey: (item: T, key: number) => number | undefined, visit: (item: T, key: number) => boolean): void {
    const held: Entry<T>[] = [];
    for (let top = this.#pop(); top; top = this.#pop()) {
      const { item } = top;
      if (this.#valid.get(item) !== top) continue;
      const key = rekey(item, top.key);
      if (key === undefined) {
        this.#valid.delete(item);
      } else if (key > top.key + TOLERANCE) {
        this.#insert({ item, key });
      } else {
        held.push({ item, key });
        if (!visit(item, key)) break;
      }
    }
    for (const entry of held) this.#insert(entry);
  }

  #compact(): void {
    const live = [...this.#valid.values()];
    this.#entries = [];
    for (const entry of live) this.#push(entry);
  }

  #insert(entry: Entry<T>): void {
    this.#valid.set(entry.item, entry);
    this.#push(entry);
  }

  #push(entry: Entry<T>): void {
    const entries = this.#entries;
    let at = entries.length;
    entries.push(entry);
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (entries[above]!.key <= entry.key) break;
      entries[at] = entries[above]!;
      at = above;
    }
    entries[at] = entry;
  }

  #pop(): Entry<T> | undefined {
    const entries = this.#entries;
    const top = entries[0];
    const last = entries.pop();
    if (!last || entries.length === 0) return top;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= entries.length) break;
      if (below + 1 < entries.length && entries[below + 1]!.key < entries[below]!.key) below++;
      if (entries[below]!.key >= last.key) break;
      entries[at] = entries[below]!;
      at = below;
    }
    entries[at] = last;
    return top;
  }
}
