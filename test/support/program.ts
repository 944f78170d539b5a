// Starts real programs for tests, reads what they say, and ends them: never another process than those it started.

import { type ChildProcess, spawn } from 'node:child_process';
import { until } from './until.ts';

/** A running child process and all that it printed. */
export class Program {
  readonly child: ChildProcess;
  /** Standard output and standard error, as they came. */
  output = '';
  /** The exit code, or the signal's name, once it has ended. */
  readonly ended: Promise<number | string>;
  #over = false;

  constructor(command: string, args: readonly string[], options: { env?: Record<string, string>; cwd?: string } = {}) {
    this.child = spawn(command, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...options.env },
      cwd: options.cwd,
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output = (this.output + text).slice(-200_000);
      });
    }
    this.child.stdin?.on('error', () => {}); // a program that ends before it has read all
    this.ended = new Promise(resolve => {
      this.child.on('error', error => {
        this.output += String(error);
        this.#over = true;
        resolve(-1);
      });
      this.child.on('close', (code, signal) => {
        this.#over = true;
        resolve(code ?? signal ?? -1);
      });
    });
  }

  /** Waits until the output matches; throws with the output when the program ends or the time is over. */
  async says(pattern: RegExp, timeoutMs = 20_000): Promise<RegExpExecArray> {
    let match: RegExpExecArray | null = null;
    await until(
      () => {
        match = pattern.exec(this.output);
        if (!match && this.#over) throw new Error(`ended without saying ${pattern}:\n${this.output}`);
        return match !== null;
      },
      () => `it says ${pattern}; it said:\n${this.output}`,
      timeoutMs,
    );
    return match!; // until() returned, so it matched
  }

  /** Sends a signal and waits for the end; after 8 s it kills. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | string> {
    if (!this.#over) this.child.kill(signal);
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 8_000);
    const code = await this.ended;
    clearTimeout(timer);
    return code;
  }
}
