// The newest lines of the relay's log, for operators who look from afar.

import type { AdminLogLine } from '../../core/admin/answers.ts';

const MAX_LINES = 500;
/** Longer lines are kept as their message alone. */
const MAX_CHARACTERS = 4_000;

const LEVELS: Readonly<Record<number, AdminLogLine['level']>> = {
  ...{ 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' },
};

/** A destination of pino's. */
export class LogTail {
  readonly #lines: AdminLogLine[] = [];
  readonly #listeners = new Set<(line: AdminLogLine) => void>();
  #number = 0;

  /** Takes a line as pino writes it. */
  write(text: string): void {
    const line = this.#read(text);
    if (!line) return;
    this.#lines.push(line);
    if (this.#lines.length > MAX_LINES) this.#lines.shift();
    for (const listener of this.#listeners) listener(line);
  }

  /** The newest lines, the oldest of them first. */
  last(count: number): AdminLogLine[] {
    return count > 0 ? this.#lines.slice(-count) : [];
  }

  /** Tells of each line to come; returns what ends that. */
  follow(listener: (line: AdminLogLine) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #read(text: string): AdminLogLine | undefined {
    let parsed: Record<string, unknown>;
    try {
      parsed = JSON.parse(text);
    } catch {
      return undefined; // pino writes nothing but JSON
    }
    const { level, time, msg, ...data } = parsed;
    const at = typeof time === 'string' ? Date.parse(time) : Number(time);
    const isLong = text.length > MAX_CHARACTERS;
    return {
      number: ++this.#number,
      at: Number.isNaN(at) ? 0 : at,
      level: LEVELS[Number(level)] ?? 'info',
      message: typeof msg === 'string' ? msg.slice(0, MAX_CHARACTERS) : '',
      data: isLong ? { cut: true } : data,
    };
  }
}
