// The relay's HTTP face.

import { type Context, Hono } from 'hono';
import { cors } from 'hono/cors';
import type { AccessControl } from '../access/access-control.ts';
import { viewAskOf, viewRefusal } from '../access/view-access.ts';
import type { ChannelStats } from '../channels/channel-stats.ts';
import { mountPages, type PagesOptions } from '../pages/mount-pages.ts';
import type { Admitted, ChannelDocument } from './channel-document.ts';
import { requestOrigin } from './request-origin.ts';
import { requestedChannel } from './requested-channel.ts';
import { serveDirectory } from './serve-directory.ts';

/** Browsers need not ask again for so long whether they may show a token. */
const PREFLIGHT_SECONDS = 7_200;
/** What comes behind a channel's name to ask for its figures. */
const STATS = '/stats';

export interface AppOptions {
  /** The document of a valid name for whoever is admitted so far; `host` and `secure` are those of the request. */
  readonly document: (name: string, host: string, secure: boolean, admitted?: Admitted) => ChannelDocument;
  /** Who may have them; without it all are for everybody. */
  readonly access?: Pick<AccessControl, 'mayView' | 'originFault' | 'ticketFor'>;
  /** The figures of a channel; undefined when there is none of this name. */
  readonly stats: (name: string) => ChannelStats | undefined;
  /** Whoever drains says so with 503: a balancer sends nobody any more. */
  readonly health: () => { readonly status: 'ok' | 'draining' };
  /** The pages of channels, if there are any. */
  readonly pages?: Omit<PagesOptions, 'document'>;
  /** A directory to serve at the root. */
  readonly directory?: string;
  /** Add routes, in turn: the relay's other faces, then an embedder's; the pages' and the directory's come after them. */
  readonly mounts?: readonly ((app: Hono) => void)[];
}

export function createApp(options: AppOptions): Hono {
  const app = new Hono();
  const { access } = options;
  const refusal = async (context: Context, channel: string) =>
    access && (await viewRefusal(context, access.mayView, channel));
  app.use('/channels/*', cors({ origin: '*', maxAge: PREFLIGHT_SECONDS }));
  app.use('/health', cors({ origin: '*' }));
  app.get('/channels/*', async context => {
    context.header('cache-control', 'no-store');
    const requested = requestedChannel(context.req.url, '/channels/');
    if ('fault' in requested) return context.json({ error: { code: 'bad-name', message: requested.fault } }, 400);
    const { name } = requested;
    // A channel whose own name ends so comes before the figures of the one above it.
    if (name.endsWith(STATS) && !options.stats(name)) {
      const channel = name.slice(0, -STATS.length);
      const stats = options.stats(channel);
      if (stats) return (await refusal(context, channel)) ?? context.json(stats);
      return context.json({ error: { code: 'no-channel', message: `nobody publishes or watches ${channel}` } }, 404);
    }
    const reached = requestOrigin(context);
    if (!reached) return context.json({ error: { code: 'bad-host', message: 'the Host header names no host' } }, 400);
    if (!access) return context.json(options.document(name, reached.host, reached.secure));
    const ask = viewAskOf(context);
    const foreign = access.originFault(name, ask.origin);
    if (foreign !== undefined) return context.json({ error: { code: 'not-allowed', message: foreign } }, 403);
    // Publishers need it as well, so it is for everybody; what only viewers are to have is left out.
    const { ok: isViewer } = await access.mayView(name, ask);
    const admitted = { isViewer, ticket: access.ticketFor(name) };
    return context.json(options.document(name, reached.host, reached.secure, admitted));
  });
  app.get('/health', context => {
    const health = options.health();
    return context.json(health, health.status === 'ok' ? 200 : 503);
  });
  for (const mount of options.mounts ?? []) mount(app);
  if (options.pages) mountPages(app, { ...options.pages, document: options.document });
  if (options.directory) app.get('/*', serveDirectory(options.directory));
  return app;
}
