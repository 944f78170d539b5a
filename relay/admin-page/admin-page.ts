// Adds the operator's page to the relay's HTTP face: `/admin` and what it loads. What it shows comes from `/admin/api`.

import type { Hono } from 'hono';
import type { AdminGate } from '../access/admin-gate.ts';
import type { ChannelDocument } from '../http/channel-document.ts';
import { requestOrigin } from '../http/request-origin.ts';
import type { Assets } from '../pages/assets.ts';
import { type Markup, markup } from '../pages/markup.ts';
import { answerAsset, FOR_EVER } from '../pages/serve-assets.ts';
import { ADMIN_SCRIPT, ADMIN_SHEET, loadAdminAssets } from './admin-assets.ts';

export interface AdminPageOptions {
  readonly gate: Pick<AdminGate, 'present'>;
  /** Where the built dashboard is; beside the relay when nothing is said. */
  readonly directory?: string;
  /** Of a channel: its ways to the relay are those of the page's previews, too. */
  readonly document: (name: string, host: string, secure: boolean) => Pick<ChannelDocument, 'transports'>;
}

const PAGE = '/admin';
const ASSETS = '/admin/assets/';
const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Ccircle cx='8' cy='8' r='5' fill='%230b8f78'/%3E%3C/svg%3E";

/** For `createApp`: adds the routes, which are not there while there is no admin token. */
export function adminPage({ gate, directory, document }: AdminPageOptions): (app: Hono) => void {
  let loading: Promise<Assets> | undefined;
  const assets = () => (loading ??= loadAdminAssets(directory === undefined ? undefined : [directory]));
  return app => {
    app.get(`${PAGE}/`, gate.present, context => context.redirect(PAGE, 302));
    app.get(PAGE, gate.present, async context => {
      const { files, version, playable } = await assets();
      const reached = requestOrigin(context);
      if (!reached) return context.text('the Host header names no host', 400);
      if (!files.has(ADMIN_SCRIPT) || !playable) {
        loading = undefined; // it may be built by the next time
        const missing = 'The dashboard is not built where this relay runs: "npm run build" makes it.\n';
        return context.text(missing, 503, { 'cache-control': 'no-store' });
      }
      // A name like any other: those of all channels are the same.
      const { transports } = document('admin', reached.host, reached.secure);
      return context.body(pageOf(`${ASSETS}${version}/`).text, 200, headersOf(transports));
    });
    app.get(`${ASSETS}:version/:file`, gate.present, async context => {
      const asset = (await assets()).files.get(context.req.param('file'));
      // A page that is older than this relay gets what there is now.
      const isCurrent = context.req.param('version') === (await assets()).version;
      return asset ? answerAsset(context, asset, isCurrent ? FOR_EVER : 'no-store') : context.notFound();
    });
  };
}

function pageOf(folder: string): Markup {
  return markup`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
    <meta name="robots" content="noindex">
    <title>p2p-live relay</title>
    <link rel="icon" href="${ICON}">
    <link rel="stylesheet" href="${folder}${ADMIN_SHEET}">
    <script type="module" src="${folder}${ADMIN_SCRIPT}"></script>
  </head>
  <body>
    <p2p-admin></p2p-admin>
    <noscript>The dashboard needs JavaScript.</noscript>
  </body>
</html>
`;
}

/** It loads and reaches nothing but the relay, and nobody frames it. */
function headersOf({ websocket, webtransport }: ChannelDocument['transports']): Record<string, string> {
  const links = [...websocket, ...webtransport.map(({ url }) => url)].map(url => new URL(url).origin);
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "worker-src 'self'",
    `connect-src ${["'self'", ...links].join(' ')}`,
    'media-src blob:',
    'img-src data:',
    "require-trusted-types-for 'script'",
    'trusted-types lit-html p2p-live',
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ];
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy.join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=()',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  };
}
