// The swarm bench's encoder, whose FLV also goes to an HTTP-FLV server.

import { Encoder } from '../swarm/encoder.ts';

/** Hands the FLV to `also` as well as to whoever feeds on it. */
export class FlvEncoder extends Encoder {
  readonly #also: (bytes: Uint8Array) => void;

  constructor(folder: string, also: (bytes: Uint8Array) => void) {
    super(folder);
    this.#also = also;
  }

  override feed(take: (bytes: Uint8Array) => void): () => void {
    let taken: typeof take | undefined = take;
    super.feed(bytes => {
      this.#also(bytes);
      taken?.(bytes);
    });
    // The server goes on when the other has had enough.
    return () => (taken = undefined);
  }
}
