// What a process of light viewers measured, and how it is told: the process is steered by lines on standard input and answers on standard output.

import process from 'node:process';
import { createInterface } from 'node:readline';

/** One window of measurement over all viewers of a process. */
export interface ViewerFigures {
  readonly viewers: number;
  readonly bytes: number;
  /** Deliveries (chunks, or FLV tags), and those that should have come and didn't. */
  readonly delivered: number;
  readonly lost: number;
  readonly p50: number;
  readonly p99: number;
}

/** The clock of all processes of a bench: Unix milliseconds with fractions. */
export const now = (): number => performance.timeOrigin + performance.now();

/** Counts deliveries while it is switched on. */
export class DeliveryMeter {
  #on = false;
  #bytes = 0;
  #delays: number[] = [];
  /** Per viewer, the numbers seen in the window. */
  #seen: { first: number; last: number; count: number }[] = [];

  /** A delivery to a viewer: numbered from the source without gaps, sent at `sentAt`. */
  add(viewer: number, number: number, sentAt: number, bytes: number): void {
    if (!this.#on) return;
    this.#bytes += bytes;
    this.#delays.push(now() - sentAt);
    const seen = (this.#seen[viewer] ??= { first: number, last: number, count: 0 });
    seen.first = Math.min(seen.first, number);
    seen.last = Math.max(seen.last, number);
    seen.count++;
  }

  start(): void {
    this.#on = true;
    this.#bytes = 0;
    this.#delays = [];
    this.#seen = [];
  }

  stop(): ViewerFigures {
    this.#on = false;
    const delays = Float64Array.from(this.#delays).sort();
    const at = (share: number) => delays[Math.min(delays.length - 1, Math.floor(delays.length * share))] ?? 0;
    const seen = this.#seen.filter(entry => entry !== undefined);
    return {
      viewers: seen.length,
      bytes: this.#bytes,
      delivered: delays.length,
      lost: seen.reduce((sum, { first, last, count }) => sum + (last - first + 1 - count), 0),
      p50: at(0.5),
      p99: at(0.99),
    };
  }
}

/** Obeys `start`, `stop` and `quit`; says `ready` first. */
export function obey(meter: DeliveryMeter): void {
  console.log('ready');
  createInterface(process.stdin).on('line', line => {
    if (line === 'start') meter.start();
    else if (line === 'stop') console.log(JSON.stringify(meter.stop()));
    else process.exit(0);
  });
}
