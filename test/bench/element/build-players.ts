// Makes the folder that the players' pages are served from, each with the scripts that it would have on the web.

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { SLUGS } from './players.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const DIST = join(ROOT, 'dist');
const PAGES = fileURLToPath(new URL('pages', import.meta.url));
/** As they are delivered: minified, with their workers. */
const PEERS = ['node_modules/hls.js/dist/hls.min.js', 'node_modules/mpegts.js/dist/mpegts.js'];

/** Fills `folder`. Builds the element unless it is to be taken `asBuilt`. */
export async function buildPlayers(folder: string, asBuilt: boolean): Promise<void> {
  if (!asBuilt || !existsSync(join(DIST, 'p2p-live.js'))) buildElement();
  const delivered = join(folder, 'delivered');
  mkdirSync(delivered, { recursive: true });
  for (const file of PEERS) cpSync(join(ROOT, file), join(delivered, basename(file)));
  for (const file of readdirSync(DIST))
    if (/^p2p-live.*\.js$/.test(file)) cpSync(join(DIST, file), join(delivered, file));
  // One by one, so that no page loads what another needs.
  for (const slug of Object.values(SLUGS)) await buildPage(folder, slug);
}

async function buildPage(folder: string, slug: string): Promise<void> {
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
      assetsDir: slug,
      emptyOutDir: false,
      target: 'es2022',
      chunkSizeWarningLimit: 2_000,
      rollupOptions: { input: [join(PAGES, `${slug}.html`)] },
    },
  });
}

function buildElement(): void {
  const { status } = spawnSync('npm', ['run', '--silent', 'build:pages'], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error('the element could not be built (npm run build:pages); its own message is above');
}
