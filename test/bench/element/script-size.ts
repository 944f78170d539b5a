// What a page's scripts weigh on the way.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** KB (10^3 bytes) of the scripts among these paths below `folder`, gzipped one by one. */
export function scriptKb(folder: string, paths: readonly string[]): number {
  const scripts = paths.filter(path => /\.m?js$/.test(path));
  const bytes = scripts.reduce(
    (total, path) => total + gzipSync(readFileSync(join(folder, path)), { level: 9 }).length,
    0,
  );
  return Number((bytes / 1_000).toFixed(1));
}
