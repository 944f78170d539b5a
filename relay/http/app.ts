// The relay's HTTP face.

import { Hono } from 'hono';
import { cors } from 'hono/cors';
import { channelNameFault } from '../../core/channel-name.ts';
import type { ChannelStats } from '../channels/channel-stats.ts';
import type { ChannelDocument } from './channel-document.ts';
import { serveDirectory } from './serve-directory.ts';

/** What comes behind a channel's name to ask for its figures. */
const STATS = '/stats';

export interface AppOptions {
  /** The document of a valid name; `host` and `secure` are those of the request. */
  readonly document: (name: string, host: string, secure: boolean) => ChannelDocument;
  /** The figures of a channel; undefined when there is none of this name. */
  readonly stats: (name: string) => ChannelStats | undefined;
  readonly health: () => object;
  /** A directory to serve at the root. */
  readonly directory?: string;
  /** Adds routes of an embedder, before the directory's. */
  readonly mount?: (app: Hono) => void;
}

export function createApp(options: AppOptions): Hono {
  const app = new Hono();
  app.use('/channels/*', cors({ origin: '*' }));
  app.use('/health', cors({ origin: '*' }));
  app.get('/channels/*', context => {
    context.header('cache-control', 'no-store');
    const name = nameOf(new URL(context.req.url).pathname.slice('/channels/'.length));
    const fault = name === undefined ? 'a channel name is percent-encoded UTF-8' : channelNameFault(name);
    if (name === undefined || fault) return context.json({ error: { code: 'bad-name', message: fault } }, 400);
    // A channel whose own name ends so comes before the figures of the one above it.
    if (name.endsWith(STATS) && !options.stats(name)) {
      const channel = name.slice(0, -STATS.length);
      const stats = options.stats(channel);
      if (stats) return context.json(stats);
      return context.json({ error: { code: 'no-channel', message: `nobody publishes or watches ${channel}` } }, 404);
    }
    const url = new URL(context.req.url);
    const secure = url.protocol === 'https:' || context.req.header('x-forwarded-proto') === 'https';
    return context.json(options.document(name, context.req.header('host') ?? url.host, secure));
  });
  app.get('/health', context => context.json(options.health()));
  options.mount?.(app);
  if (options.directory) app.get('/*', serveDirectory(options.directory));
  return app;
}

// The raw path is decoded here, so that %2e%2e is seen for what it is.
function nameOf(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
