// All recordings on the disk: found at the start, told of, deleted.

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isRecordingStamp, readRecordingId } from '../../core/recording/recording-id.ts';
import type { Log } from '../log.ts';
import { codeOf, removeRecording } from './disk.ts';
import type { FinishedRecording } from './finished-recording.ts';
import { openRecording } from './open-recording.ts';

/** Channel names have at most 64 segments. */
const MAX_DEPTH = 65;

export class Catalogue {
  readonly #root: string;
  readonly #log: Log;
  readonly #byId = new Map<string, FinishedRecording>();
  /** Resolves when all that was found has been opened. */
  readonly opened: Promise<void>;
  #isClosed = false;

  private constructor(root: string, found: readonly string[], log: Log) {
    this.#root = root;
    this.#log = log;
    this.opened = this.#openAll(found);
  }

  /** Resolves when it is known what there is; what is recorded from then on is nothing that an earlier run has left. */
  static async open(root: string, log: Log): Promise<Catalogue> {
    return new Catalogue(root, await findRecordings(root, log), log);
  }

  [Symbol.iterator](): Iterator<FinishedRecording> {
    return this.#byId.values();
  }

  get(id: string): FinishedRecording | undefined {
    return this.#byId.get(id);
  }

  add(recording: FinishedRecording): void {
    this.#byId.set(recording.id, recording);
  }

  /** Deletes a recording; whoever reads it meanwhile may read on. Rejects with the system's error; then it is still told of. */
  async remove(id: string): Promise<void> {
    const recording = this.#byId.get(id);
    if (!recording) return;
    await removeRecording(recording.directory);
    this.#byId.delete(id);
  }

  /** Opens no more of what was found. */
  close(): void {
    this.#isClosed = true;
  }

  async #openAll(found: readonly string[]): Promise<void> {
    for (const id of found) {
      const name = readRecordingId(id);
      if (this.#isClosed || !name) continue;
      try {
        const recording = await openRecording(join(this.#root, ...id.split('/')), name, this.#log);
        if (recording) this.add(recording);
      } catch (error) {
        this.#log.error({ recording: id, error: String(error) }, 'a recording could not be opened');
      }
    }
  }
}

/** Ids of the directories that look like recordings. */
async function findRecordings(root: string, log: Log): Promise<string[]> {
  const found: string[] = [];
  const look = async (path: string, depth: number): Promise<void> => {
    const entries = await readdir(join(root, path), { withFileTypes: true }).catch((error: unknown) => {
      if (codeOf(error) !== 'ENOENT')
        log.error({ directory: join(root, path), error: String(error) }, 'recordings could not be listed');
      return [];
    });
    if (path !== '' && entries.some(entry => entry.name === 'data' && entry.isFile())) {
      const stamp = path.slice(path.lastIndexOf('/') + 1);
      if (isRecordingStamp(stamp) && readRecordingId(path)) found.push(path);
    }
    for (const entry of entries) {
      if (!entry.isDirectory() || depth >= MAX_DEPTH) continue;
      await look(path === '' ? entry.name : `${path}/${entry.name}`, depth + 1);
    }
  };
  await look('', 0);
  return found.sort();
}
