// Reads a recording's data file through a scanner, whatever its size.

import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { DataScanner, type ScanStart } from '../../core/recording/data-scanner.ts';

const STEP = 1_048_576;

/** Does something with an open file, and closes it. */
export async function withFile<Result>(path: string, task: (file: FileHandle) => Promise<Result>): Promise<Result> {
  const file = await open(path, 'r');
  try {
    return await task(file);
  } finally {
    await file.close();
  }
}

/** At most so many bytes from there on; fewer at the file's end. */
export async function readAt(file: FileHandle, offset: number, size: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(size);
  let done = 0;
  while (done < size) {
    const { bytesRead } = await file.read(bytes, done, size - done, offset + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}

/** Scans the data of a recording from a message's start, to its end or until `isEnough`, so many bytes at a time. */
export async function scanData(
  directory: string,
  start: ScanStart = { offset: 0 },
  isEnough: (scanner: DataScanner) => boolean = () => false,
  step = STEP,
): Promise<DataScanner> {
  return withFile(join(directory, 'data'), async file => {
    const scanner = new DataScanner(start);
    for (let at = start.offset; !isEnough(scanner); ) {
      const bytes = await readAt(file, at, step);
      if (bytes.length === 0) break;
      scanner.push(bytes);
      at += bytes.length;
    }
    return scanner;
  });
}
