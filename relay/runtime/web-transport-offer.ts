// To how many WebTransport is offered: beyond that viewers get WebSocket, which costs a fraction of it.

import type { Link } from '../../core/link.ts';

export class WebTransportOffer {
  readonly #most: () => number;
  #held = 0;

  /** The number may change. */
  constructor(most: () => number) {
    this.#most = most;
  }

  /** The port that whoever comes next is told; undefined when there are enough. */
  portOf(face: { readonly port: number } | undefined): number | undefined {
    return this.#held < this.#most() ? face?.port : undefined;
  }

  /** Counts a new link, until it ends; returns it. */
  counted(link: Link): Link {
    if (link.transport === 'webtransport') {
      this.#held++;
      void link.closed.then(() => {
        this.#held--;
      });
    }
    return link;
  }
}
