// Serves the files of a directory, on either runtime.

import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import type { Handler } from 'hono';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.mp4': 'video/mp4',
};

// Pages of other origins load the element as a module, which browsers only allow with CORS.
const HEADERS = {
  'cache-control': 'no-cache',
  'access-control-allow-origin': '*',
  'x-content-type-options': 'nosniff',
};

/** A handler for the files below `root`; a directory answers with its `index.html`. */
export function serveDirectory(root: string): Handler {
  return async context => {
    let path: string;
    try {
      path = decodeURIComponent(new URL(context.req.url).pathname);
    } catch {
      return context.notFound();
    }
    const below = normalize(path);
    if (below.includes('\0') || below.split(sep).includes('..')) return context.notFound();
    const candidates = path.endsWith('/')
      ? [join(below, 'index.html')]
      : [below, `${below}.html`, join(below, 'index.html')];
    for (const candidate of candidates) {
      const body = await readFile(join(root, candidate)).catch(() => undefined); // not there, or a directory
      if (!body) continue;
      const type = TYPES[extname(candidate)] ?? 'application/octet-stream';
      return context.body(new Uint8Array(body), 200, { ...HEADERS, 'content-type': type });
    }
    return context.notFound();
  };
}
