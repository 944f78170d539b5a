// Makes the folder that the viewers' pages are served from: both players' pages, and our element as it is built.

import { cpSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildElement, bundlePages } from '../bundle-pages.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const ROOT = at('../../..');
const PAGES = at('pages');
/** Files of a build that a page loads, and the first of them. */
const BUILT = /^p2p-live[\w-]*\.js$/;
const ELEMENT = 'p2p-live.js';

/** Where a page is, relative to the folder. */
export const pageOf = (player: string): string => `${player}.html`;

/** Fills `folder`. Builds the element first when sources are newer than the build, unless it is to be taken `asBuilt`. */
export async function buildPages(folder: string, asBuilt: boolean): Promise<void> {
  const built = join(ROOT, 'dist', ELEMENT);
  if (!existsSync(built) || (!asBuilt && newest(['components', 'core']) > statSync(built).mtimeMs)) buildElement();
  const input = ['p2p-live', 'p2p-media-loader'].map(player => join(PAGES, pageOf(player)));
  await bundlePages({ root: PAGES, outDir: folder, emptyOutDir: true, input });
  mkdirSync(join(folder, 'built'));
  for (const file of readdirSync(join(ROOT, 'dist')).filter(name => BUILT.test(name)))
    cpSync(join(ROOT, 'dist', file), join(folder, 'built', file));
}

function newest(folders: readonly string[]): number {
  const times = folders.flatMap(folder =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => statSync(join(entry.parentPath, entry.name)).mtimeMs),
  );
  return Math.max(...times);
}
