// Makes the folder that the viewers' pages are served from: both players' pages, and our element as it is built.

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

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
  await build({
    configFile: false,
    root: PAGES,
    base: './',
    publicDir: false,
    logLevel: 'error',
    // Its core comes bundled with what browsers lack of Node.
    resolve: { conditions: ['p2pml:core-as-bundle', 'module', 'browser', 'production'] },
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'es2022',
      chunkSizeWarningLimit: 2_000,
      rollupOptions: { input: ['p2p-live', 'p2p-media-loader'].map(player => join(PAGES, pageOf(player))) },
    },
  });
  mkdirSync(join(folder, 'built'));
  for (const file of readdirSync(join(ROOT, 'dist')).filter(name => BUILT.test(name)))
    cpSync(join(ROOT, 'dist', file), join(folder, 'built', file));
}

function buildElement(): void {
  const { status } = spawnSync('npm', ['run', '--silent', 'build:pages'], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error('the element could not be built (npm run build:pages); its own message is above');
}

function newest(folders: readonly string[]): number {
  const times = folders.flatMap(folder =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => statSync(join(entry.parentPath, entry.name)).mtimeMs),
  );
  return Math.max(...times);
}
