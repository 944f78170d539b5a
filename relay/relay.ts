// The relay: takes streams from publishers and carries them to viewers.

import { setTimeout as delay } from 'node:timers/promises';
import type { Hono } from 'hono';
import { CloseCode, type Link } from '../core/link.ts';
import { memoryLinkPair } from '../core/links/memory-link.ts';
import type { Millis } from '../core/time.ts';
import { issueToken, type TokenRequest } from './access/access.ts';
import { CertificateKeeper } from './certificate-keeper.ts';
import { channelOptions } from './channels/channel-options.ts';
import type { ChannelStats } from './channels/channel-stats.ts';
import { Channels } from './channels/channels.ts';
import { parseConfig, type RelayConfigInput } from './config/config.ts';
import { LiveConfig } from './config/live-config.ts';
import { Drain, RETURN_MS, spreadOf } from './drain.ts';
import { createApp } from './http/app.ts';
import { type ChannelDocument, channelDocument, LINK_PATH } from './http/channel-document.ts';
import { StatsCache } from './http/stats-cache.ts';
import { type IngestChild, listenAddresses, startIngestChild } from './ingest-child.ts';
import { createLog, type Log } from './log.ts';
import { messageTerms } from './messages/message-terms.ts';
import { findPlayer } from './pages/find-player.ts';
import { defaultStateDir, loadPublishKeys, type PublishKeys } from './publish-keys.ts';
import { Rooms } from './rooms/rooms.ts';
import { loadRuntime } from './runtime/load-runtime.ts';
import type { HttpFace, WebTransportFace } from './runtime/runtime.ts';
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
  /** Whether nobody new is taken, which may begin and end at any time. */
  readonly drain: Pick<Drain, 'begin' | 'end' | 'reason'>;
  /** Looks for another certificate now, rather than within 10 s. */
  reloadCertificate(): Promise<void>;
  /** Tells everybody to come back later, and leaves within about 2 s. */
  close(): Promise<void>;
}

/** What was sent has this long to leave before the links are closed. */
const FLUSH_MS: Millis = 400;
const BEACON_MS: Millis = 500;
/** How often is looked whether there is another certificate. */
const CERTIFICATE_MS: Millis = 10_000;

/** Starts a relay. Rejects with `ConfigError`, or with the runtime's error when a port is taken. */
export async function startRelay(input: RelayConfigInput = {}, extras: RelayExtras = {}): Promise<Relay> {
  const config = parseConfig(input);
  const log = extras.log ?? createLog(config.logLevel);
  const stateDir = config.stateDir ?? defaultStateDir(process.env);
  const publishKeys = await loadPublishKeys(config.publishKeys, stateDir);
  const runtime = await loadRuntime();
  const after = (ms: Millis, task: () => void) => void setTimeout(task, ms);
  const steady = () => Math.round(performance.now());
  const live = new LiveConfig(config);
  const certificates = await CertificateKeeper.open({ files: () => live.current.tls, log, clock: Date.now });
  const drain = new Drain({ log, after });
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
  const onLink = (link: Link, address: string) => void (drain.turnsAway(link) || sessions.add(link, address));

  let webTransport: WebTransportFace | undefined;
  const document = (name: string, host: string, secure: boolean) =>
    channelDocument(
      name,
      channels.find(name),
      { host, secure, webTransportPort: webTransport?.port, certificateHashes: certificates.hashes },
      { iceServers: config.iceServers, swarm: live.channel(name).swarm, clock: Date.now() },
    );
  const app = createApp({
    document,
    stats: name => {
      const channel = channels.find(name);
      return channel && figures.get(channel);
    },
    health: () => ({ status: drain.reason === undefined ? 'ok' : 'draining', links: sessions.count }),
    pages: config.pages.enabled
      ? { assets: await findPlayer(extras.elementDirectory, log), frameAncestors: config.pages.frameAncestors }
      : undefined,
    directory: extras.directory,
    mounts: extras.mount ? [extras.mount] : [],
  });
  const face = { fetch: (request: Request) => app.fetch(request), linkPath: LINK_PATH, onLink, log };
  const http = await runtime.listenHttp({
    ...face,
    host: config.host,
    port: config.port,
    certificate: certificates.ofFiles,
  });

  if (config.webTransport.enabled) {
    try {
      webTransport = await runtime.listenWebTransport({
        host: config.host,
        port: config.webTransport.port ?? http.port,
        certificate: await certificates.forWebTransport(),
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

  certificates.serve({ http, webTransport });
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
    }, 60_000),
    setInterval(() => void certificates.check(), CERTIFICATE_MS),
  ];
  const local = config.host === '0.0.0.0' || config.host === '::' ? 'localhost' : config.host;
  const url = `${certificates.ofFiles ? 'https' : 'http'}://${local}:${http.port}`;
  log.info({ url, runtime: runtime.name, webTransportPort: webTransport?.port }, 'relay started');

  let closing: Promise<void> | undefined;
  const close = async () => {
    for (const timer of timers) clearInterval(timer);
    const gone = ingest?.close();
    drain.begin('the relay leaves');
    sessions.goaway(RETURN_MS, 'the relay leaves', spreadOf(sessions.count));
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
    channelDocument: (name, host) => document(name, host, certificates.ofFiles !== undefined),
    connect() {
      const [ours, theirs] = memoryLinkPair();
      sessions.add(ours, 'memory');
      return theirs;
    },
    stats: () => ({ links: sessions.count, channels: sessions.channelStats() }),
    drain,
    reloadCertificate: () => certificates.check(),
    close: () => (closing ??= close()),
  };
}
