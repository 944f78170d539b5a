// Shows on standard error how far a simulation is: a bar in a terminal, else a line now and then.

import process from 'node:process';

const BAR = 40;
const BAR_EVERY_MS = 200;
const LINE_EVERY_MS = 10_000;

/** One run's progress. */
export class Progress {
  readonly #seconds: number;
  readonly #startedAt = performance.now();
  readonly #isTerminal = process.stderr.isTTY === true;
  #shownAt = performance.now();

  /** `seconds`: of simulated time in all. */
  constructor(seconds: number) {
    this.#seconds = seconds;
  }

  /** Simulated seconds that are over; `note`: what is going on. */
  show(second: number, note: string): void {
    const now = performance.now();
    if (now - this.#shownAt < (this.#isTerminal ? BAR_EVERY_MS : LINE_EVERY_MS)) return;
    this.#shownAt = now;
    const done = Math.min(1, second / this.#seconds);
    const elapsed = (now - this.#startedAt) / 1_000;
    const left = done > 0.01 ? `, about ${Math.round(elapsed / done - elapsed)} s to go` : '';
    const text = `${Math.round(second)} of ${this.#seconds} s simulated in ${Math.round(elapsed)} s${left} (${note})`;
    if (!this.#isTerminal) {
      process.stderr.write(`${text}\n`);
      return;
    }
    const filled = Math.round(done * BAR);
    process.stderr.write(`\r\x1b[K[${'█'.repeat(filled)}${'·'.repeat(BAR - filled)}] ${text}`);
  }

  end(): void {
    if (this.#isTerminal) process.stderr.write('\r\x1b[K');
  }
}
