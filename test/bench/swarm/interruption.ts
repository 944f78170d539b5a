// An interrupt ends a run in good order: what was started is ended, what was made is removed.

import process from 'node:process';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** One press of ^C may come as several signals; whoever presses again after this is in a hurry (ms). */
const AGAIN_MS = 3_000;

/** Aborts at the first signal and exits at a later one; `release` gives the signals back. */
export function onInterrupt(): { readonly signal: AbortSignal; release(): void } {
  const abort = new AbortController();
  let first: number | undefined;
  const handle = () => {
    if (first !== undefined && performance.now() - first > AGAIN_MS) process.exit(130);
    first ??= performance.now();
    abort.abort(new Error('interrupted'));
  };
  for (const name of SIGNALS) process.on(name, handle);
  return {
    signal: abort.signal,
    release() {
      for (const name of SIGNALS) process.off(name, handle);
    },
  };
}
