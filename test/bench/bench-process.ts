// A process that a benchmark starts, speaks with by lines, and ends.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { createInterface } from 'node:readline';

/** Standard error is passed on; lines of standard output are kept until somebody asks for them. */
export class BenchProcess {
  readonly #child: ChildProcess;
  readonly #name: string;
  #lines: string[] = [];
  #news: () => void = () => {};
  #over = false;

  constructor(command: string, args: readonly string[], options: { env?: Record<string, string>; cwd?: string } = {}) {
    const env = { ...process.env, ...options.env };
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], env, cwd: options.cwd });
    this.#child = child;
    this.#name = args.join(' ');
    createInterface(child.stdout).on('line', line => {
      this.#lines = [...this.#lines.slice(-99), line];
      this.#news();
    });
    child.stdin.on('error', () => {}); // it has ended: `line` tells
    child.on('error', () => this.#end());
    const kill = () => child.kill('SIGKILL');
    child.on('exit', () => {
      process.off('exit', kill);
      this.#end();
    });
    process.on('exit', kill);
  }

  get pid(): number {
    if (this.#child.pid === undefined || this.#over) throw new Error(`ended too early: ${this.#name}`);
    return this.#child.pid;
  }

  tell(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  /** The next line that matches; rejects when the process ends or the time is over. */
  async line(pattern: RegExp, timeoutMs = 20_000): Promise<string> {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.#news();
    }, timeoutMs);
    try {
      for (;;) {
        const at = this.#lines.findIndex(line => pattern.test(line));
        if (at >= 0) return this.#lines.splice(0, at + 1).pop()!; // found just now
        if (this.#over || late) {
          throw new Error(`${late ? `not within ${timeoutMs} ms` : 'ended'} before ${pattern}: ${this.#name}`);
        }
        await new Promise<void>(resolve => (this.#news = resolve));
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** Asks it to end, and kills it if it doesn't. */
  async end(): Promise<void> {
    if (this.#over) return;
    const exited = once(this.#child, 'exit');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 2_000);
    this.#child.stdin?.end();
    this.#child.kill('SIGTERM');
    await exited;
    clearTimeout(timer);
  }

  #end(): void {
    this.#over = true;
    this.#news();
  }
}
