// Makes the folder that the players' pages are served from, each with the scripts that it would have on the web.

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { DELIVERED, gzippedKb, PLAYERS, type Player, SLUGS } from './players.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const PAGES = fileURLToPath(new URL('pages', import.meta.url));

/** Fills `folder`, and returns the KB of script that each page loads, minified and gzipped. Builds the element unless it is to be taken `asBuilt`. */
export async function buildPlayers(folder: string, asBuilt: boolean): Promise<Record<Player, number>> {
  if (!asBuilt || !existsSync(DELIVERED['p2p-live'][0]!)) buildElement(); // there is one
  mkdirSync(join(folder, 'delivered'), { recursive: true });
  for (const file of PLAYERS.flatMap(player => DELIVERED[player]))
    cpSync(file, join(folder, 'delivered', basename(file)));
  cpSync(join(ROOT, 'dist/p2p-live-ed25519.js'), join(folder, 'delivered/p2p-live-ed25519.js'));
  const sizes = {} as Record<Player, number>; // filled below
  for (const player of PLAYERS) {
    const slug = SLUGS[player];
    await buildPage(folder, slug);
    // The others' pages have nothing but a few lines of our own in theirs.
    const bundled =
      slug === 'p2p-media-loader'
        ? readdirSync(join(folder, slug))
            .filter(name => name.endsWith('.js'))
            .map(name => join(folder, slug, name))
        : [];
    sizes[player] = gzippedKb([...DELIVERED[player], ...bundled]);
  }
  return sizes;
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
  if (!statSync(join(folder, `${slug}.html`)).isFile()) throw new Error(`${slug}.html was not built`);
}

function buildElement(): void {
  const { status } = spawnSync('npm', ['run', '--silent', 'build:pages'], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error('the element could not be built (npm run build:pages); its own message is above');
}
