// The headers of the relay's pages: they load nothing but the element, and connect to nothing but the relay and its viewers.

import type { ChannelDocument } from '../http/channel-document.ts';
import type { EmbedOptions } from './embed-options.ts';

/** Seconds that a page may be kept; what it loads is named by its version. */
const PAGE_AGE = 60;

/** What a page may reach, and who may frame it. */
export interface PageReach {
  readonly transports: ChannelDocument['transports'];
  readonly options: EmbedOptions;
  /** Sources of `frame-ancestors`. */
  readonly ancestors: readonly string[];
}

/** Headers of a page that plays. */
export function playerHeaders({ transports, options, ancestors }: PageReach): Record<string, string> {
  const links = [...transports.websocket, ...transports.webtransport.map(({ url }) => url)];
  const poster = options.get('poster');
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "worker-src 'self'",
    `connect-src ${["'self'", ...links.map(url => new URL(url).origin)].join(' ')}`,
    "media-src blob: 'self'", // HLS, where the browser plays nothing else
    `img-src ${['data:', ...(poster === undefined ? [] : [new URL(poster).origin])].join(' ')}`,
    "require-trusted-types-for 'script'",
    'trusted-types lit-html p2p-live',
  ];
  return pageHeaders(policy, ancestors, `public, max-age=${PAGE_AGE}`);
}

/** Headers of a page that only says something. */
export function messageHeaders(ancestors: readonly string[]): Record<string, string> {
  return pageHeaders(["default-src 'none'", "style-src 'self'", 'img-src data:'], ancestors, 'no-store');
}

function pageHeaders(policy: readonly string[], ancestors: readonly string[], cache: string): Record<string, string> {
  const frames = `frame-ancestors ${ancestors.join(' ')}`;
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': [...policy, frames, "base-uri 'none'", "form-action 'none'"].join('; '),
    // Pages that are isolated from other origins frame only what is so too.
    'cross-origin-embedder-policy': 'credentialless',
    'cross-origin-resource-policy': 'cross-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=()',
    'x-content-type-options': 'nosniff',
    'cache-control': cache,
    vary: 'x-forwarded-proto',
  };
}
