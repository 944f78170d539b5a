// Tells when a file was written: by its folder, so that a file that is replaced by another is seen as well.

import { type FSWatcher, watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Millis } from '../../core/time.ts';

/** Editors write in several steps: a text counts that has stayed the same for so long. */
const QUIET_MS: Millis = 200;

/** Calls `changed` after the file holds another text; `failed` when it can't be watched (any more). Keeps no process alive. */
export async function followFile(
  file: string,
  { changed, failed }: { readonly changed: () => void; readonly failed: (why: string) => void },
): Promise<void> {
  let text = await textOf(file);
  let isLooking = false;
  let isAsked = false;
  const look = async () => {
    isAsked = true;
    if (isLooking) return;
    isLooking = true;
    let seen: string | undefined;
    while (isAsked || (seen !== undefined && seen !== text)) {
      isAsked = false;
      await delay(QUIET_MS, undefined, { ref: false });
      const now = await textOf(file);
      if (now !== undefined && now === seen && now !== text) {
        text = now;
        changed();
      }
      seen = now; // gone for a moment, or another file of the folder, is no news
    }
    isLooking = false;
  };
  let watcher: FSWatcher;
  try {
    watcher = watch(dirname(file), { persistent: false }, () => void look());
  } catch (error) {
    failed(error instanceof Error ? error.message : String(error));
    return;
  }
  watcher.on('error', error => failed(error.message));
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return undefined; // told by whoever reads it for its settings
  }
}
