// Removes a folder of the benchmark: a browser that was killed may still be writing to it for a moment.

import { rmSync } from 'node:fs';

/** Removes a folder with all that is in it; says so when that can't be done. Measurements don't depend on it. */
export function removeFolder(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  } catch (error) {
    console.error(`bench swarm: ${path} is left behind: ${String(error)}`);
  }
}
