// What a viewer of a recording gives to others: what they ask for, as fast as the link and the viewer's own limits allow.

import type { PeerId } from '../../core/peer-id.ts';
import type { HeldChunk } from '../../core/swarm/chunk-window.ts';
import type { PeerLinks } from '../engine/peer-links.ts';
import type { ReplayNeighbour } from './replay-neighbour.ts';
import type { UploadBudget } from './upload-budget.ts';

/** A link takes chunks until so many bytes wait in it. */
const LINK_BYTES = 65_536;

/** What the giver works with. */
export interface ReplayGiverPort {
  readonly upload: UploadBudget;
  readonly links: Pick<PeerLinks, 'backlog' | 'push'>;
  held(sequence: number): HeldChunk | undefined;
  /** Tells a peer that it won't get these. */
  lack(peer: PeerId, sequences: readonly number[]): void;
}

/** To all neighbours. */
export class ReplayGiver {
  readonly #port: ReplayGiverPort;

  constructor(port: ReplayGiverPort) {
    this.#port = port;
  }

  /** A neighbour asks for chunks. */
  give(to: ReplayNeighbour, sequences: readonly number[]): void {
    const { upload, held } = this.#port;
    const missing = sequences.filter(sequence => !upload.isOpen || !held(sequence) || !to.wants(sequence));
    this.#lack(to, missing);
    this.pump(to);
  }

  /** Sends what waits, as far as there is room; to be called when the link has drained, and some times a second. */
  pump(to: ReplayNeighbour | undefined): void {
    const { upload, links, held } = this.#port;
    const now = performance.now();
    while (to && to.queue.length > 0 && links.backlog(to.id) < LINK_BYTES) {
      if (!upload.isOpen) {
        this.#lack(to, to.queue.splice(0));
        return;
      }
      const sequence = to.queue[0]!; // length > 0
      const chunk = held(sequence);
      const size = chunk?.message.length ?? 0;
      if (!upload.take(size, now)) return;
      to.queue.shift();
      if (chunk && links.push(to.id, chunk)) to.took(size, now);
      else this.#lack(to, [sequence]);
    }
  }

  #lack({ id }: ReplayNeighbour, sequences: readonly number[]): void {
    if (sequences.length > 0) this.#port.lack(id, sequences);
  }
}
