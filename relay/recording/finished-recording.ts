// A recording that is over: its facts in memory, its groups read when they are needed, and found again when their file is damaged.

import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { concat } from '../../core/bytes.ts';
import {
  decodeIndex,
  encodeIndexRecord,
  GroupIndex,
  INDEX_RECORD_SIZE,
  type IndexedGroup,
} from '../../core/recording/group-index.ts';
import type { Millis } from '../../core/time.ts';
import type { Log } from '../log.ts';
import { scanData } from './read-data.ts';
import type { Recording } from './recording.ts';

export type FinishedFacts = Omit<Recording, 'groups' | 'endedAt' | 'indexSize'> & {
  readonly endedAt: Millis;
  /** How many groups it has. */
  readonly groupCount: number;
};

export interface FinishedRecording extends Recording {
  readonly endedAt: Millis;
}

export function finishedRecording(facts: FinishedFacts, log: Log): FinishedRecording {
  const { groupCount, ...rest } = facts;
  let rebuilding: Promise<GroupIndex> | undefined;
  return {
    ...rest,
    indexSize: groupCount * INDEX_RECORD_SIZE,
    async groups() {
      const index = await readIndex(rest.directory);
      if (index && index.size === groupCount && (index.last?.offset ?? 0) < rest.end) return index;
      log.warn({ recording: rest.id }, 'the index of a recording is missing or damaged: it is made anew from the data');
      rebuilding ??= rebuild(rest.directory).finally(() => {
        rebuilding = undefined;
      });
      return rebuilding;
    },
  };
}

/** Writes an index file in place of the one there is, if any. */
export async function writeIndex(directory: string, groups: readonly IndexedGroup[]): Promise<void> {
  const path = join(directory, 'index');
  await writeFile(`${path}.new`, groups.length > 0 ? concat(groups.map(encodeIndexRecord)) : '', { mode: 0o640 });
  await rename(`${path}.new`, path);
}

/** The groups of the index file; undefined when it is missing or damaged. */
async function readIndex(directory: string): Promise<GroupIndex | undefined> {
  const bytes = await readFile(join(directory, 'index')).catch(() => undefined); // made anew
  if (!bytes) return undefined;
  const { index, isWhole } = decodeIndex(new Uint8Array(bytes));
  return isWhole ? index : undefined;
}

async function rebuild(directory: string): Promise<GroupIndex> {
  const { groups } = await scanData(directory);
  await writeIndex(directory, groups).catch(() => {}); // a disk that is full, or only read: then each time anew
  return new GroupIndex(groups);
}
