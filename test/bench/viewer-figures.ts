// What a process of light viewers measured, and how it is told: the process is steered by lines on standard input and answers on standard output.

import process from 'node:process';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

/** One window of measurement over all viewers of a process. */
export interface ViewerFigures {
  /** Media bytes that came within the window. */
  readonly bytes: number;
  /** Of what was sent within the window: deliveries (chunks, or FLV tags), and those that should have come and didn't. */
  readonly delivered: number;
  readonly lost: number;
  /** How many deliveries took how long, in tenths of a millisecond, ascending. */
  readonly delays: readonly (readonly [tenths: number, count: number])[];
}

/** What comes later than this after the window's end is lost (ms). */
const SETTLE_MS = 1_500;

/** The clock of all processes of a bench: Unix milliseconds with fractions. */
export const now = (): number => performance.timeOrigin + performance.now();

/** Counts deliveries of what the source sent from `start` to `stop`. */
export class DeliveryMeter {
  readonly #viewers: number;
  #from = Number.POSITIVE_INFINITY;
  #to = Number.POSITIVE_INFINITY;
  #bytes = 0;
  #delivered = 0;
  #delays = new Map<number, number>();
  /** The lowest and the highest number that anybody got; all between were sent. */
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;

  constructor(viewers: number) {
    this.#viewers = viewers;
  }

  /** Media bytes that came. */
  addBytes(bytes: number): void {
    if (this.#from !== Number.POSITIVE_INFINITY && this.#to === Number.POSITIVE_INFINITY) this.#bytes += bytes;
  }

  /** A delivery: numbered from the source without gaps, sent at `sentAt`. */
  add(number: number, sentAt: number): void {
    if (sentAt < this.#from || sentAt >= this.#to) return;
    this.#delivered++;
    const tenths = Math.max(0, Math.round((now() - sentAt) * 10));
    this.#delays.set(tenths, (this.#delays.get(tenths) ?? 0) + 1);
    if (number < this.#first) this.#first = number;
    if (number > this.#last) this.#last = number;
  }

  /** The window begins now. */
  start(): void {
    this.#from = now();
  }

  /** The window ends now; what is under way is awaited. */
  async stop(): Promise<ViewerFigures> {
    this.#to = now();
    await delay(SETTLE_MS);
    const sent = Math.max(0, this.#last - this.#first + 1);
    return {
      bytes: this.#bytes,
      delivered: this.#delivered,
      lost: sent * this.#viewers - this.#delivered,
      delays: [...this.#delays].sort(([a], [b]) => a - b),
    };
  }
}

/** The delay (ms) that this share of all deliveries did not exceed. */
export function quantile(figures: readonly ViewerFigures[], share: number): number {
  const delays = figures.flatMap(figure => figure.delays).sort(([a], [b]) => a - b);
  let left = figures.reduce((sum, { delivered }) => sum + delivered, 0) * share;
  for (const [tenths, count] of delays) if ((left -= count) <= 0) return tenths / 10;
  return Number.NaN;
}

/** Opens all viewers, a few at a time (that all come at once is another bench), then obeys `start`, `stop` and `quit`; says `ready` first. */
export async function obey(meter: DeliveryMeter, viewers: number, view: () => Promise<void>): Promise<void> {
  const atOnce = Math.max(10, Math.ceil(viewers / 20));
  for (let left = viewers; left > 0; left -= atOnce) {
    await Promise.all(Array.from({ length: Math.min(atOnce, left) }, view));
  }
  console.log('ready');
  createInterface(process.stdin)
    .on('line', line => {
      if (line === 'start') meter.start();
      else if (line === 'stop') void meter.stop().then(figures => console.log(JSON.stringify(figures)));
    })
    .on('close', () => process.exit(0)); // whoever steers is gone
}
