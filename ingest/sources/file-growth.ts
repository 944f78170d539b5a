// Tells a file that is still being written from a finished one.

import { stat } from 'node:fs/promises';
import type { Clock } from '../../core/publish/clock.ts';
import type { Millis } from '../../core/time.ts';

/** A file that has not changed for this long is finished: ffmpeg writes blocks of 256 KiB unless told to flush, at a low rate every ten seconds. */
export const SETTLED_MS: Millis = 12_000;
const POLL_MS = 50;

/** Watches until the file changes (true) or has not changed for `SETTLED_MS` (false; at once if it is older than that already). */
export async function growing(path: string, clock: Clock, signal: AbortSignal): Promise<boolean> {
  const first = await stat(path);
  const startedAt = clock.now();
  // File times are in the wall clock; one that lies in the future counts as now.
  const age = Math.max(0, Date.now() - first.mtimeMs);
  while (!signal.aborted) {
    if (age + clock.now() - startedAt >= SETTLED_MS) return false;
    await clock.wait(POLL_MS, signal);
    const now = await stat(path).catch(() => undefined); // being replaced
    if (!now || now.size !== first.size || now.ino !== first.ino) return true;
  }
  return false;
}
