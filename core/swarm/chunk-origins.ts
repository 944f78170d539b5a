// Where the chunks of a viewer came from.

/** Counts of bytes by their origin, and of chunks that came again. */
export class ChunkOrigins {
  readonly #bytes = { relay: 0, pushed: 0, pulled: 0 };
  #duplicates = 0;

  get counts(): { bytesPushed: number; bytesPulled: number; bytesFromRelay: number; duplicates: number } {
    const { relay, pushed, pulled } = this.#bytes;
    return { bytesPushed: pushed, bytesPulled: pulled, bytesFromRelay: relay, duplicates: this.#duplicates };
  }

  /** Notes a chunk: `pushed` by a parent, or `pulled` from a neighbour. */
  note(origin: 'relay' | 'pushed' | 'pulled', bytes: number, isNew: boolean): void {
    this.#bytes[origin] += bytes;
    if (!isNew) this.#duplicates++;
  }
}
