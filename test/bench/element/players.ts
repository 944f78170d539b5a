// The players that `bench -- element` compares, and what a page loads for each.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

export const PLAYERS = ['p2p-live', 'hls.js', 'mpegts.js', 'p2p-media-loader+hls.js'] as const;
export type Player = (typeof PLAYERS)[number];

/** Names of the pages: a path of the origin has no dots in its folders. */
export const SLUGS: Readonly<Record<Player, string>> = {
  'p2p-live': 'p2p-live',
  'hls.js': 'hls',
  'mpegts.js': 'mpegts',
  'p2p-media-loader+hls.js': 'p2p-media-loader',
};

const at = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const HLS = at('node_modules/hls.js/dist/hls.min.js');

/** Files that a page loads as they are delivered: minified, with their workers. Our Ed25519 is only for browsers that lack it. */
export const DELIVERED: Readonly<Record<Player, readonly string[]>> = {
  'p2p-live': [at('dist/p2p-live.js'), at('dist/p2p-live-engine.js')],
  'hls.js': [HLS],
  'mpegts.js': [at('node_modules/mpegts.js/dist/mpegts.js')],
  // Their core is bundled for it by a page's own build.
  'p2p-media-loader+hls.js': [HLS],
};

/** KB (10^3 bytes) of these files, gzipped one by one. */
export function gzippedKb(files: readonly string[]): number {
  const bytes = files.reduce((total, file) => total + gzipSync(readFileSync(file), { level: 9 }).length, 0);
  return Number((bytes / 1_000).toFixed(1));
}
