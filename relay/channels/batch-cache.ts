// Batches that several viewers get in one round, joined once for all of them.

import { type Bytes, concat } from '../../core/bytes.ts';

export class BatchCache {
  readonly #batches = new Map<string, Bytes>();

  /** The messages joined; `key` says which they are. */
  join(key: string, messages: readonly Bytes[]): Bytes {
    if (messages.length === 1) return messages[0]!;
    let batch = this.#batches.get(key);
    if (!batch) {
      batch = concat(messages);
      this.#batches.set(key, batch);
    }
    return batch;
  }

  /** Forgets the round. */
  clear(): void {
    if (this.#batches.size > 0) this.#batches.clear();
  }
}
