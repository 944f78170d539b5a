// Adds the pages of channels to the relay's HTTP face: to embed, to watch, and their description for other sites.

import type { Context, Hono } from 'hono';
import type { ChannelDocument } from '../http/channel-document.ts';
import { requestOrigin } from '../http/request-origin.ts';
import { requestedChannel } from '../http/requested-channel.ts';
import type { Assets } from './assets.ts';
import { EMBED_PATH, OEMBED_PATH, WATCH_PATH } from './embed-links.ts';
import { readEmbedOptions } from './embed-options.ts';
import type { Markup } from './markup.ts';
import { answerOEmbed, OEMBED_AGE } from './oembed.ts';
import { messageHeaders, playerHeaders } from './page-policy.ts';
import { embedPage, messagePage, type PlayerPage, watchPage } from './player-pages.ts';
import { assetsFolder, serveAssets } from './serve-assets.ts';

export interface PagesOptions {
  readonly assets: Assets;
  /** The document of a valid name; `host` and `secure` are those of the request. */
  readonly document: (name: string, host: string, secure: boolean) => ChannelDocument;
  /** Who may frame the embed page: sources of the CSP directive `frame-ancestors`. */
  readonly frameAncestors: readonly string[];
  /** Origins of pages that may show a channel, or `*`: others may not frame its embed page either. */
  readonly embedOrigins?: (channel: string) => readonly string[];
}

/** Nobody needs to frame these: there is a page for that. */
const OURS = ["'self'"];

export function mountPages(app: Hono, options: PagesOptions): void {
  serveAssets(app, options.assets);
  app.get(`${EMBED_PATH}*`, context =>
    answer(context, options, EMBED_PATH, embedPage, name => ancestorsOf(options, name)),
  );
  app.get(`${WATCH_PATH}*`, context => answer(context, options, WATCH_PATH, watchPage, () => OURS));
  app.get(OEMBED_PATH, context => {
    const reached = requestOrigin(context);
    if (!reached) return refuse(context, 400, NO_HOST.title, NO_HOST.message, OURS);
    const { status, type, body } = answerOEmbed(new URL(context.req.url).searchParams, originOf(reached));
    return context.body(body, status, {
      'content-type': type,
      'cache-control': status === 200 ? `public, max-age=${OEMBED_AGE}` : 'no-store',
      'access-control-allow-origin': '*',
      'x-content-type-options': 'nosniff',
      vary: 'x-forwarded-proto',
    });
  });
}

const NO_HOST = { title: 'No such host', message: 'The request’s Host header is not the name of a host.' };

function answer(
  context: Context,
  { assets, document }: PagesOptions,
  path: string,
  page: (page: PlayerPage) => Markup,
  ancestorsFor: (channel?: string) => readonly string[],
): Response {
  if (!assets.playable) {
    const message = 'The element’s files are missing where this relay runs; its log says where they should be.';
    return refuse(context, 503, 'This relay has no player', message, ancestorsFor());
  }
  const reached = requestOrigin(context);
  if (!reached) return refuse(context, 400, NO_HOST.title, NO_HOST.message, ancestorsFor());
  const channel = requestedChannel(context.req.url, path);
  if ('fault' in channel)
    return refuse(context, 400, 'No channel has such a name', `${channel.fault}.`, ancestorsFor());
  const ancestors = ancestorsFor(channel.name);
  const origin = originOf(reached);
  const request = readEmbedOptions(new URL(context.req.url).searchParams, origin);
  if ('fault' in request) return refuse(context, 400, 'This address is wrong', `${request.fault}.`, ancestors);
  const { transports } = document(channel.name, reached.host, reached.secure);
  const { text } = page({ name: channel.name, options: request.options, origin, assets: assetsFolder(assets) });
  return context.body(text, 200, playerHeaders({ transports, options: request.options, ancestors }));
}

function ancestorsOf({ frameAncestors, embedOrigins }: PagesOptions, channel?: string): readonly string[] {
  const origins = (channel !== undefined && embedOrigins?.(channel)) || ['*'];
  return origins.includes('*') ? frameAncestors : ["'self'", ...origins];
}

function refuse(context: Context, status: 400 | 503, title: string, message: string, ancestors: readonly string[]) {
  return context.body(messagePage(title, message).text, status, messageHeaders(ancestors));
}

const originOf = ({ host, secure }: { host: string; secure: boolean }) => `${secure ? 'https' : 'http'}://${host}`;
