// Serves the element: at the root for whoever names it in a page, and below its version for ever.

import type { Context, Hono } from 'hono';
import type { Asset, Assets } from './assets.ts';

const VERSIONS = '/player/';
/** Caching of what is named by its version. */
export const FOR_EVER = 'public, max-age=31536000, immutable';
const NAME = '{p2p-[\\w.-]+\\.(?:js|css)}';

/** The folder of this version's files. */
export const assetsFolder = ({ version }: Assets): string => `${VERSIONS}${version}/`;

/** Adds the routes. */
export function serveAssets(app: Hono, assets: Assets): void {
  app.get(`/:file${NAME}`, (context, next) => {
    const asset = assets.files.get(context.req.param('file'));
    return asset ? answerAsset(context, asset, 'no-cache') : next();
  });
  app.get(`${VERSIONS}:version/:file${NAME}`, context => {
    const { version, file } = context.req.param();
    const asset = assets.files.get(file);
    if (!asset) return context.notFound();
    if (version === assets.version) return answerAsset(context, asset, FOR_EVER);
    // A page that is older than this relay gets what there is now.
    return context.body(null, 302, { ...SHARED, location: `/${file}`, 'cache-control': 'no-store' });
  });
}

// Pages of other origins load the element as a module, which browsers only allow with CORS; in pages that are isolated its worker must say so too.
const SHARED = {
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
  'cross-origin-embedder-policy': 'credentialless',
  'x-content-type-options': 'nosniff',
};

/** Answers with a file, or with nothing to whoever has it. */
export function answerAsset(context: Context, { type, bytes, gzipped, etag }: Asset, caching: string): Response {
  const headers = { ...SHARED, 'cache-control': caching, etag, vary: 'accept-encoding' };
  const known = context.req.header('if-none-match')?.split(/,\s*/) ?? [];
  if (known.includes(etag)) return context.body(null, 304, headers);
  if (!/\bgzip\b/.test(context.req.header('accept-encoding') ?? ''))
    return context.body(bytes, 200, { ...headers, 'content-type': type });
  return context.body(gzipped(), 200, { ...headers, 'content-type': type, 'content-encoding': 'gzip' });
}
