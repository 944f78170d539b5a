// Where recordings are written: the few operations on files that a recorder needs.

import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, rm, rmdir, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Bytes } from '../../core/bytes.ts';
import { recordingStamp } from '../../core/recording/recording-id.ts';
import type { Millis } from '../../core/time.ts';

/** The two files of a recording. */
export type RecordingFile = 'data' | 'index';

/** The files of a recording that is being written. Everything rejects with the system's error. */
export interface RecordingFiles {
  readonly stamp: string;
  readonly directory: string;
  /** Resolves when the system has taken all of it. */
  write(file: RecordingFile, bytes: Bytes, at: number): Promise<void>;
  /** Cuts off what a failed write may have left. */
  truncate(file: RecordingFile, size: number): Promise<void>;
  /** Waits until the disk has the data that is written by now: the index can be made anew. */
  sync(): Promise<void>;
  /** Waits until the disk has both, and closes them. */
  close(): Promise<void>;
  /** Closes and deletes both. */
  remove(): Promise<void>;
}

export interface Disk {
  /** Begins the files of a channel's recording that starts at a Unix time. */
  create(channel: string, at: Millis): Promise<RecordingFiles>;
  /** Bytes that may still be written. */
  freeBytes(): Promise<number>;
}

/** So many recordings of a channel may begin within one second. */
const MAX_PER_SECOND = 9_999;
/** What others of the group may read, so that an operator can copy it. */
const DIRECTORY_MODE = 0o750;
const FILE_MODE = 0o640;

/** The disk on which `root` is, which is made if need be. */
export function diskAt(root: string): Disk {
  return {
    async create(channel, at) {
      const above = join(root, ...channel.split('/'));
      await mkdir(above, { recursive: true, mode: DIRECTORY_MODE });
      const { stamp, directory } = await makeDirectory(above, at);
      try {
        return await openFiles(directory, stamp, root);
      } catch (error) {
        await rm(directory, { recursive: true, force: true }).catch(() => {}); // the first error says what is wrong
        throw error;
      }
    },
    async freeBytes() {
      const { bavail, bsize } = await statfsAbove(resolve(root));
      return Number(bavail) * Number(bsize);
    },
  };
}

/** Of the disk on which a directory is, or will be. */
async function statfsAbove(path: string): ReturnType<typeof statfs> {
  try {
    return await statfs(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || dirname(path) === path) throw error;
    return statfsAbove(dirname(path));
  }
}

/** The system's name of an error: `ENOSPC` and the like. */
export function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

async function makeDirectory(above: string, at: Millis): Promise<{ stamp: string; directory: string }> {
  for (let number = 1; ; number++) {
    const stamp = recordingStamp(at, number);
    const directory = join(above, stamp);
    try {
      await mkdir(directory, { mode: DIRECTORY_MODE });
      return { stamp, directory };
    } catch (error) {
      if (codeOf(error) !== 'EEXIST' || number >= MAX_PER_SECOND) throw error;
    }
  }
}

async function openFiles(directory: string, stamp: string, root: string): Promise<RecordingFiles> {
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL;
  const data = await open(join(directory, 'data'), flags, FILE_MODE);
  const index = await open(join(directory, 'index'), flags, FILE_MODE).catch(async (error: unknown) => {
    await data.close();
    throw error;
  });
  const handles: Readonly<Record<RecordingFile, FileHandle>> = { data, index };
  const both = (task: (handle: FileHandle) => Promise<void>) => Promise.all([data, index].map(task));
  let isListed = false;
  const sync = async () => {
    await data.datasync();
    if (!isListed) await syncEntries(directory, root);
    isListed = true;
  };
  return {
    stamp,
    directory,
    sync,
    async write(file, bytes, at) {
      for (let done = 0; done < bytes.length; ) {
        done += (await handles[file].write(bytes, done, bytes.length - done, at + done)).bytesWritten;
      }
    },
    truncate: (file, size) => handles[file].truncate(size),
    async close() {
      try {
        await Promise.all([sync(), index.datasync()]);
      } finally {
        await both(handle => handle.close());
      }
    },
    async remove() {
      await both(handle => handle.close());
      await removeRecording(directory);
    },
  };
}

/** Waits until the disk knows where a file is: each directory on the way to it. */
async function syncEntries(directory: string, root: string): Promise<void> {
  const handle = await open(directory, 'r').catch(() => undefined); // not every system opens directories
  await handle?.sync().catch(() => {}); // and not every file system can be asked
  await handle?.close();
  if (resolve(directory) !== resolve(root)) await syncEntries(dirname(directory), root);
}

/** Deletes a recording's directory, and that of its channel when it was the last. */
export async function removeRecording(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  const above = dirname(directory);
  await rmdir(above).catch(() => {}); // others are in there
}
