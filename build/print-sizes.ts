// What the built element costs a visitor.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Bytes of a built file. */
export interface FileSize {
  readonly minified: number;
  readonly gzipped: number;
}

/** The sizes of the files for script tags in `folder`, by name. */
export async function fileSizes(folder: string): Promise<ReadonlyMap<string, FileSize>> {
  const names = (await readdir(folder)).filter(name => /^p2p-.*\.js$/.test(name)).sort();
  const sizes = names.map(async (name): Promise<[string, FileSize]> => {
    const bytes = await readFile(join(folder, name));
    return [name, { minified: bytes.length, gzipped: gzipSync(bytes).length }];
  });
  return new Map(await Promise.all(sizes));
}

/** Prints them. */
export async function printSizes(folder: string): Promise<void> {
  for (const [name, { minified, gzipped }] of await fileSizes(folder))
    console.log(`${name}: ${kilobytes(minified)} minified, ${kilobytes(gzipped)} gzipped`);
}

const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;
