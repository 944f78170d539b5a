// A link between two parties in one process: for an embedded ingest, and for tests.

import type { Bytes } from '../bytes.ts';
import type { Link } from '../link.ts';
import type { MessageReader } from '../wire/framing.ts';
import { LinkEnd } from './link-end.ts';

/** A lane takes messages until this many bytes wait in it. */
const HIGH_WATER = 65_536;

class MemoryLink extends LinkEnd {
  readonly transport = 'memory';
  readonly lanes: number;
  peer: MemoryLink | undefined;
  readonly #readers: MessageReader[];
  readonly #queues: Bytes[][];
  readonly #queued: number[];
  readonly #blocked: boolean[];
  #flushing = false;

  constructor(lanes: number) {
    super();
    this.lanes = lanes;
    const all = Array.from({ length: lanes + 1 });
    this.#readers = all.map(() => this.newReader());
    this.#queues = all.map(() => []);
    this.#queued = all.map(() => 0);
    this.#blocked = all.map(() => false);
  }

  writable(lane: number): boolean {
    const free = this.open && this.#queued[lane]! < HIGH_WATER;
    if (!free) this.#blocked[lane] = true;
    return free;
  }

  send(messages: Bytes, lane = 0): void {
    if (!this.open) return;
    if (lane > this.lanes) throw new RangeError(`lane ${lane} of ${this.lanes}`);
    this.#queues[lane]!.push(messages);
    this.#queued[lane]! += messages.length;
    if (this.#flushing) return;
    this.#flushing = true;
    void this.peer!.owned.then(() => this.#flush());
  }

  protected shut(code: number, reason: string): void {
    this.#flush(); // what was sent before the end arrives before it
    this.peer!.ended({ code, reason });
  }

  #flush(): void {
    this.#flushing = false;
    for (let lane = 0; lane <= this.lanes; lane++) {
      const queue = this.#queues[lane]!;
      this.#queues[lane] = [];
      this.#queued[lane] = 0;
      for (const bytes of queue) this.peer!.take(lane, bytes);
      if (!this.#blocked[lane] || !this.open) continue;
      this.#blocked[lane] = false;
      this.drained(lane);
    }
  }

  take(lane: number, bytes: Bytes): void {
    this.guard(() => this.#readers[lane]!.push(bytes));
  }
}

/** The two ends of a link in memory, with `lanes` lanes beside the control lane (0 if not given). Delivers in a microtask. */
export function memoryLinkPair(options: { lanes?: number } = {}): [Link, Link] {
  const ends: [MemoryLink, MemoryLink] = [new MemoryLink(options.lanes ?? 0), new MemoryLink(options.lanes ?? 0)];
  ends[0].peer = ends[1];
  ends[1].peer = ends[0];
  return ends;
}
