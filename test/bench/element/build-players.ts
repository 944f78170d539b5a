// Makes the folder that the players' pages are served from, each with the scripts that it would have on the web.

import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildElement, bundlePages } from '../bundle-pages.ts';
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
  for (const slug of Object.values(SLUGS)) {
    const input = [join(PAGES, `${slug}.html`)];
    await bundlePages({ root: PAGES, outDir: folder, emptyOutDir: false, assetsDir: slug, input });
  }
}
