// The ingest program as a process beside the relay, which starts it, starts it again, and stops it with itself.

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { encodeLine, type IngestOrder, type IngestReport, readReport } from '../core/ingest-orders.ts';
import type { Millis } from '../core/time.ts';
import { ConfigError, type RelayConfig } from './config/config.ts';
import type { Log } from './log.ts';
import { ownProgram } from './own-program.ts';

export interface IngestChildOptions {
  /** Where encoders are listened for. */
  readonly listen: readonly string[];
  /** How the child reaches the relay. */
  readonly relay: string;
  readonly stateDir: string;
  readonly log: Log;
  /** All that a new child is to do: by its standard input, which nobody else can read. */
  readonly orders: () => Iterable<IngestOrder>;
  readonly report: (report: IngestReport) => void;
  /** It has ended, and will be started again. */
  readonly down: (why: string) => void;
}

/** Waits between restarts double from the first to the longest, and begin anew after a child that ran well. */
const FIRST_WAIT: Millis = 500;
const LONGEST_WAIT: Millis = 15_000;
const WELL_MS: Millis = 30_000;
/** A child that was asked to leave is waited for so long. */
const LEAVE_MS: Millis = 1_500;

/** Where encoders are to be listened for; empty: nowhere. */
export function listenAddresses({ listen, rtmpPort }: RelayConfig['ingest'], host: string): string[] {
  const own = host.includes(':') ? `[${host}]` : host;
  return rtmpPort === undefined ? [...listen] : [...listen, `rtmp://${own}:${rtmpPort}`];
}

export class IngestChild {
  readonly #options: IngestChildOptions;
  readonly #program = ownProgram('ingest');
  readonly #arguments: readonly string[];
  #child: ChildProcess | undefined;
  #ended: Promise<void> = Promise.resolve();
  #waits = 0;
  #timer: NodeJS.Timeout | undefined;
  #closing = false;

  constructor(options: IngestChildOptions) {
    this.#options = options;
    const { listen, log, relay, stateDir } = options;
    const level = log.level === 'fatal' ? 'error' : log.level;
    this.#arguments = [
      ...['--supervised', ...listen.flatMap(address => ['--listen', address])],
      // It ends with the relay, so it can't stand in for it.
      ...['--relay', relay, '--state', stateDir, '--log-level', level, '--no-peers'],
    ];
    process.on('exit', this.#kill);
  }

  /** Starts it; the addresses at which it listens for encoders. Rejects with `ConfigError` when it can't. */
  start(): Promise<readonly string[]> {
    const { log } = this.#options;
    if (!existsSync(this.#program.file)) {
      return Promise.reject(new ConfigError(`ingest: the ingest program is not at ${this.#program.file}`));
    }
    const child = spawn(this.#program.command, [...this.#program.args, ...this.#arguments], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#child = child;
    const startedAt = performance.now();
    let said = '';
    child.stdin.on('error', () => {}); // it has ended, which is told below
    for (const order of this.#options.orders()) this.tell(order);
    createInterface(child.stderr).on('line', line => {
      said = passOn(line, log) ?? said;
    });
    return new Promise((resolve, reject) => {
      let isUp = false;
      createInterface(child.stdout).on('line', line => {
        const report = readReport(line);
        if (!report) log.warn({ from: 'ingest' }, line);
        else if (report.type === 'listening') {
          isUp = true;
          resolve(report.addresses);
        } else if (!this.#closing) this.#options.report(report);
      });
      this.#ended = new Promise(over => {
        const end = (why: string) => {
          over();
          this.#child = undefined;
          if (this.#closing) reject(new ConfigError('ingest: the relay leaves'));
          else if (isUp) this.#again(why, performance.now() - startedAt);
          else reject(new ConfigError(`ingest: ${said.replace(/^p2p-live-ingest: /, '') || why}`));
        };
        child.once('error', error => end(`the ingest program can't be run: ${error.message}`));
        child.once('close', (code, signal) => end(`the ingest program ended (${signal ?? `exit code ${code}`})`));
      });
    });
  }

  /** Starts it, and again when it can't be started. */
  startAnyway(): void {
    this.start().catch((error: unknown) => this.#again(error instanceof Error ? error.message : String(error), 0));
  }

  /** Gives it an order, if it runs. */
  tell(order: IngestOrder): void {
    this.#child?.stdin?.write(encodeLine(order));
  }

  async close(): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#timer);
    this.#child?.kill('SIGTERM');
    const late = setTimeout(this.#kill, LEAVE_MS);
    await this.#ended;
    clearTimeout(late);
    process.off('exit', this.#kill);
  }

  readonly #kill = (): void => {
    this.#child?.kill('SIGKILL');
  };

  #again(why: string, ranMs: Millis): void {
    if (this.#closing) return;
    this.#options.down(why);
    if (ranMs >= WELL_MS) this.#waits = 0;
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(this.#waits++, 10)) * (0.5 + Math.random() / 2);
    this.#options.log.error(
      { restartInMs: Math.round(wait) },
      `${why}: encoders can't push, and no source is pulled, until it runs again`,
    );
    this.#timer = setTimeout(() => {
      this.start().then(
        addresses => this.#options.log.info({ addresses }, 'the ingest program runs again'),
        (error: unknown) => this.#again(error instanceof Error ? error.message : String(error), 0),
      );
    }, wait);
  }
}

const LEVELS: Readonly<Record<number, 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'>> = {
  ...{ 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' },
};

// A line of the child's log goes into ours; any other line is given back, and told as a warning.
function passOn(line: string, log: Log): string | undefined {
  try {
    const { level, msg, time: _, name: __, ...data } = JSON.parse(line);
    log[LEVELS[Number(level)] ?? 'info']({ ...data, from: 'ingest' }, String(msg));
    return undefined;
  } catch {
    if (line.trim() !== '') log.warn({ from: 'ingest' }, line);
    return line;
  }
}
