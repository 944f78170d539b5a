// What signals ask of a relay that runs as a program.

import process from 'node:process';
import type { Millis } from '../core/time.ts';
import type { Reload } from './config/hot-reload.ts';
import type { Relay } from './relay.ts';

/** Whoever asks to leave twice is in a hurry; whoever asks once gets this long. */
const LEAVE_MS: Millis = 3_000;
/** A terminal, or whoever started the program, may tell both it and its parent, which passes it on: that is one and the same. */
const SAME_MS: Millis = 500;

/** SIGTERM and SIGINT: leaves. SIGUSR2: drains, or no longer. SIGHUP: reads the configuration again, and looks for another certificate. */
export function obeySignals(relay: Pick<Relay, 'close' | 'drain' | 'reloadCertificate'>, reload: Reload): void {
  const last = new Map<string, Millis>();
  const on = (signal: NodeJS.Signals, act: () => void) =>
    process.on(signal, () => {
      const now = performance.now();
      const before = last.get(signal);
      last.set(signal, now);
      if (before === undefined || now - before > SAME_MS) act();
    });
  let asked = false;
  const leave = () => {
    if (asked) process.exit(1);
    asked = true;
    setTimeout(() => process.exit(0), LEAVE_MS).unref();
    relay.close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`p2p-live-relay: ${error instanceof Error ? error.message : error}\n`);
        process.exit(1);
      },
    );
  };
  on('SIGTERM', leave);
  on('SIGINT', leave);
  on('SIGUSR2', () => {
    if (relay.drain.reason === undefined) relay.drain.begin('this relay takes nobody new');
    else relay.drain.end();
  });
  on('SIGHUP', () => void reload('SIGHUP: the configuration was read again').then(() => relay.reloadCertificate()));
}
