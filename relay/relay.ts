// The relay: takes streams from publishers and carries them to viewers.

import { setTimeout as delay } from 'node:timers/promises';
import type { Hono } from 'hono';
import { CloseCode, type Link } from '../core/link.ts';
import { memoryLinkPair } from '../core/links/memory-link.ts';
import type { Millis } from '../core/time.ts';
import { issueToken, type TokenRequest } from './access/access.ts';
import { type Certificate, makeCertificate, RENEW_BEFORE, readCertificate } from './certificate.ts';
import type { ChannelStats } from './channels/channel-stats.ts';
import { Channels } from './channels/channels.ts';
import { parseConfig, type RelayConfigInput } from './config/config.ts';
import { LiveConfig } from './config/live-config.ts';
import { createApp } from './http/app.ts';
import { type CertificateHash, type ChannelDocument, channelDocument, LINK_PATH } from './http/channel-document.ts';
import { StatsCache } from './http/stats-cache.ts';
import { type IngestChild, listenAddresses, startIngestChild } from './ingest-child.ts';
import { createLog, type Log } from './log.ts';
import { messageTerms } from './messages/message-terms.ts';
import { type Assets, ELEMENT_PLACES, loadAssets } from './pages/assets.ts';
import { defaultStateDir, loadPublishKeys, type PublishKeys } from './publish-keys.ts';
import { Rooms } from './rooms/rooms.ts';
import type { HttpFace, Runtime, WebTransportFace } from './runtime/runtime.ts';
import { RateCap } from './sessions/rate-cap.ts';
import { Sessions } from './sessions/sessions.ts';

/** What an embedder may add to the configuration. */
export interface RelayExtras {
  readonly log?: Log;
  /** A directory served at the root. */
  readonly directory?: string;
  /** Where the built element is; the relay looks beside itself when it isn't told. */
  readonly elementDirectory?: string;
  /** Adds routes to the HTTP face. */
  readonly mount?: (app: Hono) => void;
}

export interface Relay {
  /** `http://host:port`, as reached from this machine. */
  readonly url: string;
  readonly port: number;
  readonly webTransportPort: number | undefined;
  /** Where encoders push: `rtmp://host:port/live`; channel and key come behind. */
  readonly encoderAddresses: readonly string[];
  readonly publishKey: string;
  readonly publishKeys: PublishKeys;
  readonly runtime: 'deno' | 'node';
  /** A token that lets its holder publish or enter, signed with a publish key. Rejects with `TypeError` on a wrong request. */
  issueToken(request: TokenRequest): Promise<string>;
  /** What `GET /channels/<name>` answers to a client that used this host (`name:port`). */
  channelDocument(name: string, host: string): ChannelDocument;
  /** A link in memory, served like any other. */
  connect(): Link;
  stats(): { readonly links: number; readonly channels: Readonly<Record<string, ChannelStats>> };
  /** Tells everybody to come back later, and leaves within about 2 s. */
  close(): Promise<void>;
}

/** Viewers are told to wait this long before they connect again. */
const RETRY_AFTER_MS: Millis = 500;
/** What was sent has this long to leave before the links are closed. */
const FLUSH_MS: Millis = 400;
const BEACON_MS: Millis = 500;
/** Held even where nobody may go back: viewers that were cut off go on from there. */
const LEAST_WINDOW: Millis = 20_000;

/** Starts a relay. Rejects with `ConfigError`, or with the runtime's error when a port is taken. */
export async function startRelay(input: RelayConfigInput = {}, extras: RelayExtras = {}): Promise<Relay> {
  const config = parseConfig(input);
  const log = extras.log ?? createLog(config.logLevel);
  const stateDir = config.stateDir ?? defaultStateDir(process.env);
  const publishKeys = await loadPublishKeys(config.publishKeys, stateDir);
  const files = config.tls && (await readCertificate(config.tls));
  const runtime = await loadRuntime();
  const after = (ms: Millis, task: () => void) => void setTimeout(task, ms);
  const steady = () => Math.round(performance.now());
  const live = new LiveConfig(config);
  const messages = messageTerms(config.messages, { steady, after });
  const rooms: Rooms = new Rooms({
    settings: config.rooms,
    channels: () => channels,
    ...{ clock: Date.now, steady, after },
  });
  const channels: Channels = new Channels({
    ...channelOptions(live, '*', () => channels.size),
    optionsOf: name => channelOptions(live, name, () => channels.size),
    messages,
    watchers: [{ stateChanged: channel => rooms.channelChanged(channel) }],
    log,
    clock: Date.now,
    steady,
    after,
  });
  const sessions = new Sessions(config.limits, {
    channels,
    publishKeys: publishKeys.keys,
    publishBytesPerSecond: (config.limits.publishMegabitsPerSecond * 1e6) / 8,
    recalls: new RateCap((config.limits.rewindMegabitsPerSecond * 1e6) / 8, steady()),
    messages,
    rooms,
    log,
    clock: Date.now,
    steady,
    after,
  });
  const figures = new StatsCache(channel => sessions.statsOf(channel), steady);
  const onLink = (link: Link, address: string) => sessions.add(link, address);

  let webTransport: WebTransportFace | undefined;
  let hashes: CertificateHash[] = [];
  const document = (name: string, host: string, secure: boolean) =>
    channelDocument(
      name,
      channels.find(name),
      { host, secure, webTransportPort: webTransport?.port, certificateHashes: hashes },
      { iceServers: config.iceServers, swarm: live.channel(name).swarm, clock: Date.now() },
    );
  const app = createApp({
    document,
    stats: name => {
      const channel = channels.find(name);
      return channel && figures.get(channel);
    },
    health: () => ({ status: 'ok', links: sessions.count }),
    pages: config.pages.enabled
      ? { assets: await findPlayer(extras.elementDirectory, log), frameAncestors: config.pages.frameAncestors }
      : undefined,
    directory: extras.directory,
    mounts: extras.mount ? [extras.mount] : [],
  });
  const face = { fetch: (request: Request) => app.fetch(request), linkPath: LINK_PATH, onLink, log };
  const http = await runtime.listenHttp({ ...face, host: config.host, port: config.port, certificate: files });

  let certificate: Certificate | undefined;
  const useCertificate = (next: Certificate) => {
    certificate = next;
    hashes = next.hash ? [{ algorithm: 'sha-256', value: next.hash }] : [];
  };
  if (config.webTransport.enabled) {
    useCertificate(files ?? (await makeCertificate(Date.now())));
    try {
      webTransport = await runtime.listenWebTransport({
        host: config.host,
        port: config.webTransport.port ?? http.port,
        certificate: certificate!, // set by the line above the try
        linkPath: LINK_PATH,
        onLink,
        log,
      });
    } catch (error) {
      await http.close();
      throw error;
    }
  }

  // The child comes in by a door of its own, whatever address and certificate others find us by.
  let door: HttpFace | undefined;
  let ingest: IngestChild | undefined;
  if (listenAddresses(config.ingest, config.host).length > 0) {
    try {
      door = await runtime.listenHttp({ ...face, host: '127.0.0.1', port: 0 });
      const relay = `http://127.0.0.1:${door.port}`;
      const keys = publishKeys.keys;
      ingest = await startIngestChild({
        ...{ settings: config.ingest, host: config.host, relay, stateDir, log },
        publishKeys: keys,
      });
    } catch (error) {
      webTransport?.close();
      await Promise.all([http.close(), door?.close()]);
      throw error;
    }
  }

  const renew = async () => {
    if (!webTransport || certificate?.endsAt === undefined || Date.now() < certificate.endsAt - RENEW_BEFORE) return;
    useCertificate(await makeCertificate(Date.now()));
    webTransport.renew(certificate);
    log.info('the WebTransport certificate was renewed');
  };
  const timers = [
    setInterval(() => {
      sessions.tick();
      for (const channel of channels) channel.tick();
    }, 1_000),
    setInterval(() => {
      for (const channel of channels) channel.sendBeacon();
    }, BEACON_MS),
    setInterval(() => {
      channels.sweep();
      renew().catch((error: unknown) => log.error({ error: String(error) }, 'the certificate could not be renewed'));
    }, 60_000),
  ];
  const local = config.host === '0.0.0.0' || config.host === '::' ? 'localhost' : config.host;
  const url = `${files ? 'https' : 'http'}://${local}:${http.port}`;
  log.info({ url, runtime: runtime.name, webTransportPort: webTransport?.port }, 'relay started');

  let closing: Promise<void> | undefined;
  const close = async () => {
    for (const timer of timers) clearInterval(timer);
    const gone = ingest?.close();
    sessions.goaway(RETRY_AFTER_MS, 'the relay leaves');
    await delay(FLUSH_MS);
    const served = Promise.all([http.close(), door?.close()]);
    sessions.close(CloseCode.goingAway, 'the relay leaves');
    await served;
    await gone;
    await delay(50);
    webTransport?.close();
    log.info('relay stopped');
  };
  return {
    url,
    port: http.port,
    webTransportPort: webTransport?.port,
    encoderAddresses: (ingest?.addresses ?? []).map(address =>
      address.replace(/\/\/(0\.0\.0\.0|\[::\])/, '//localhost'),
    ),
    publishKey: publishKeys.keys[0]!, // there is at least one
    publishKeys,
    runtime: runtime.name,
    issueToken: request => issueToken(publishKeys.keys, request, Date.now()),
    channelDocument: (name, host) => document(name, host, files !== undefined),
    connect() {
      const [ours, theirs] = memoryLinkPair();
      sessions.add(ours, 'memory');
      return theirs;
    },
    stats: () => ({ links: sessions.count, channels: sessions.channelStats() }),
    close: () => (closing ??= close()),
  };
}

/** What the configuration says of a channel's window and swarm, whatever it says by then. */
function channelOptions(live: LiveConfig, name: string, channels: () => number) {
  const window = {
    get maxAgeMs() {
      return Math.max(LEAST_WINDOW, live.channel(name).rewind * 1_000);
    },
    get maxBytes() {
      const { megabytes, totalMegabytes } = live.current.window;
      return Math.min(megabytes, totalMegabytes / Math.max(1, channels())) * 1_000_000;
    },
  };
  return {
    window,
    get swarm() {
      return live.channel(name).swarm;
    },
  };
}

async function findPlayer(directory: string | undefined, log: Log): Promise<Assets> {
  const places = directory === undefined ? ELEMENT_PLACES : [directory];
  const assets = await loadAssets(places);
  if (!assets.playable) {
    log.warn(
      { places },
      'no player to serve: p2p-live.js and p2p-live-engine.js are missing, so /embed and /watch say so; "npm run build" makes them',
    );
  }
  return assets;
}

async function loadRuntime(): Promise<Runtime> {
  if ('Deno' in globalThis) return (await import('./runtime/deno.ts')).denoRuntime;
  return (await import('./runtime/node.ts')).nodeRuntime;
}
