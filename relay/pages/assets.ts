// What pages load from the relay: the built element and the styles of the relay's own pages, read once, so that all is of one build.

import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { EMBED_STYLE } from './embed-style.ts';
import { TOKEN_SCRIPT } from './token-script.ts';
import { WATCH_SCRIPT } from './watch-script.ts';
import { WATCH_STYLE } from './watch-style.ts';

/** Names of files that any page may load. */
export const ASSET = /^p2p-(live|stats|publish|room)[\w.-]*\.(js|css)$/;
/** Without these there is no player. */
const NEEDED = ['p2p-live.js', 'p2p-live-engine.js'];

/** Where the build puts the element: in `dist` beside the sources; of the npm package's compiled programs it is the folder above. */
export const ELEMENT_PLACES: readonly string[] = ['../../dist/', '../../../'].map(path =>
  fileURLToPath(new URL(path, import.meta.url)),
);

export interface Asset {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Made when it is first asked for. */
  readonly gzipped: () => Uint8Array<ArrayBuffer>;
  readonly etag: string;
}

/** All files by name, and a name for this very set of them. */
export interface Assets {
  readonly version: string;
  readonly files: ReadonlyMap<string, Asset>;
  /** Whether the element is there. */
  readonly playable: boolean;
}

/** Reads the element from the first of the places that has it. */
export async function loadAssets(places: readonly string[] = ELEMENT_PLACES): Promise<Assets> {
  const element = await findElement(places);
  const own: [string, Uint8Array][] = [
    ['p2p-live-embed.css', EMBED_STYLE],
    ['p2p-live-token.js', TOKEN_SCRIPT],
    ['p2p-live-watch.css', WATCH_STYLE],
    ['p2p-live-watch.js', WATCH_SCRIPT],
  ].map(([name, text]) => [name!, new TextEncoder().encode(text)]); // both are there
  const files = new Map([...element, ...own].map(([name, bytes]) => [name, assetOf(name, bytes)]));
  const version = hashOf([...files].map(([name, { etag }]) => name + etag).join());
  return { version, files, playable: element.length > 0 };
}

async function findElement(places: readonly string[]): Promise<[string, Uint8Array][]> {
  for (const place of places) {
    const names = (await readdir(place).catch(() => [])).filter(name => ASSET.test(name)).sort(); // no such folder
    if (!NEEDED.every(name => names.includes(name))) continue;
    return Promise.all(names.map(async name => [name, await readFile(join(place, name))] as [string, Uint8Array]));
  }
  return [];
}

/** A file by what its name says it is. */
export function assetOf(name: string, bytes: Uint8Array): Asset {
  const type = name.endsWith('.css') ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8';
  let gzipped: Asset['bytes'] | undefined;
  return {
    type,
    // Copied: what was read from a file may share its memory with others.
    bytes: new Uint8Array(bytes),
    gzipped: () => (gzipped ??= new Uint8Array(gzipSync(bytes, { level: 9 }))),
    // Weak: it is the same for all encodings.
    etag: `W/"${hashOf(bytes)}"`,
  };
}

/** A short name of a content. */
export const hashOf = (content: string | Uint8Array) =>
  createHash('sha256').update(content).digest('base64url').slice(0, 16);
