// Tells when a file was written: by its folder, so that a file that is replaced by another is seen as well.

import { type FSWatcher, watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Millis } from '../../core/time.ts';

/** Editors write in several steps: after the last of them it is quiet for so long. */
const QUIET_MS: Millis = 200;

/** Calls `changed` after the file holds another text; `failed` when it can't be watched (any more). Returns what ends that. */
export async function followFile(
  file: string,
  { changed, failed }: { readonly changed: () => void; readonly failed: (why: string) => void },
): Promise<() => void> {
  let text = await textOf(file);
  let timer: NodeJS.Timeout | undefined;
  const look = async () => {
    const now = await textOf(file);
    if (now === undefined || now === text) return; // gone for a moment, or another file of the folder
    text = now;
    changed();
  };
  let watcher: FSWatcher;
  try {
    watcher = watch(dirname(file), { persistent: false }, () => {
      clearTimeout(timer);
      timer = setTimeout(() => void look(), QUIET_MS);
    });
  } catch (error) {
    failed(error instanceof Error ? error.message : String(error));
    return () => {};
  }
  watcher.on('error', error => failed(error.message));
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return undefined; // told by whoever reads it for its settings
  }
}
