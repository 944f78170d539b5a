// The publish key of a relay that was given none: made at the first start, kept in a file that only its owner reads.

import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { toBase64Url } from '../core/bytes.ts';

/** The publish keys in force, and whether one was made just now. */
export interface PublishKeys {
  readonly keys: readonly string[];
  readonly made: boolean;
  /** Where the key is kept, unless it was configured. */
  readonly file?: string;
}

/** `$XDG_STATE_HOME/p2p-live`, or the usual place for it. */
export function defaultStateDir(environment: Readonly<Record<string, string | undefined>>): string {
  return join(environment.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'p2p-live');
}

/** The configured keys, else the kept one, else a new one. */
export async function loadPublishKeys(
  configured: readonly string[] | undefined,
  stateDir: string,
): Promise<PublishKeys> {
  if (configured && configured.length > 0) return { keys: configured, made: false };
  const file = join(stateDir, 'publish-key');
  try {
    const key = (await readFile(file, 'utf8')).trim();
    if (key.length >= 8) return { keys: [key], made: false, file };
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  const key = toBase64Url(crypto.getRandomValues(new Uint8Array(18)));
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  await writeFile(file, `${key}\n`, { mode: 0o600 });
  await chmod(file, 0o600); // an empty file that was there keeps its mode otherwise
  return { keys: [key], made: true, file };
}
