// The relay: takes streams from publishers and carries them to viewers.

import { setTimeout as delay } from 'node:timers/promises';
import type { Hono } from 'hono';
import { CloseCode, type Link } from '../core/link.ts';
import { memoryLinkPair } from '../core/links/memory-link.ts';
import type { Millis } from '../core/time.ts';
import { issueToken, type TokenRequest } from './access/access.ts';
import { AccessControl } from './access/access-control.ts';
import { createOperators } from './admin-api/create-operators.ts';
import { adminPage } from './admin-page/admin-page.ts';
import { CertificateKeeper } from './certificate-keeper.ts';
import { channelOptions } from './channels/channel-options.ts';
import type { ChannelStats } from './channels/channel-stats.ts';
import { Channels } from './channels/channels.ts';
import { parseConfig, type RelayConfigInput } from './config/config.ts';
import { LiveConfig } from './config/live-config.ts';
import { Drain, RETURN_MS, spreadOf } from './drain.ts';
import { LogTail } from './figures/log-tail.ts';
import { createApp } from './http/app.ts';
import { type Admitted, type ChannelDocument, channelDocument, LINK_PATH } from './http/channel-document.ts';
import { addressBehind } from './http/client-address.ts';
import { StatsCache } from './http/stats-cache.ts';
import { createLog, type Log } from './log.ts';
import { messageTerms } from './messages/message-terms.ts';
import { createOutputs } from './outputs/create-outputs.ts';
import { findPlayer } from './pages/find-player.ts';
import { defaultStateDir, loadPublishKeys, type PublishKeys } from './publish-keys.ts';
import { recordingRoutes } from './recording/recording-routes.ts';
import { Recordings } from './recording/recordings.ts';
import { Rooms } from './rooms/rooms.ts';
import { loadRuntime } from './runtime/load-runtime.ts';
import type { OnLink, WebTransportFace } from './runtime/runtime.ts';
import { WebTransportOffer } from './runtime/web-transport-offer.ts';
import { RateCap } from './sessions/rate-cap.ts';
import { Sessions } from './sessions/sessions.ts';
import { ChannelSources } from './sources/channel-sources.ts';

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
  readonly log: Log;
  /** A token that lets its holder publish, enter or watch, signed with a publish key. Rejects with `TypeError` on a wrong request. */
  issueToken(request: TokenRequest): Promise<string>;
  /** What `GET /channels/<name>` answers to a client that used this host (`name:port`). */
  channelDocument(name: string, host: string): ChannelDocument;
  /** A link in memory, served like any other. */
  connect(): Link;
  stats(): { readonly links: number; readonly channels: Readonly<Record<string, ChannelStats>> };
  /** Whether nobody new is taken, which may begin and end at any time. */
  readonly drain: Pick<Drain, 'begin' | 'end' | 'reason'>;
  /** What the relay pulls; operators may add, remove, start and stop. */
  readonly sources: Pick<ChannelSources, 'list' | 'add' | 'remove' | 'start' | 'stop'>;
  /** Puts another configuration in force while everybody plays on; returns the changed settings that wait for a restart. Throws `ConfigError`. */
  configure(config: RelayConfigInput): readonly string[];
  /** Looks for another certificate now, rather than within 5 s. */
  reloadCertificate(): Promise<void>;
  /** Tells everybody to come back later, and leaves within about 2 s. */
  close(): Promise<void>;
}

/** What was sent has this long to leave before the links are closed. */
const FLUSH_MS: Millis = 400;
const BEACON_MS: Millis = 500;
/** How often is looked whether there is another certificate. */
const CERTIFICATE_MS: Millis = 5_000;

/** Starts a relay. Rejects with `ConfigError`, or with the runtime's error when a port is taken. */
export async function startRelay(input: RelayConfigInput = {}, extras: RelayExtras = {}): Promise<Relay> {
  const config = parseConfig(input);
  const tail = new LogTail();
  const log = extras.log ?? createLog(config.logLevel, tail);
  const stateDir = config.stateDir ?? defaultStateDir(process.env);
  const publishKeys = await loadPublishKeys(config.publishKeys, stateDir);
  const runtime = await loadRuntime();
  const after = (ms: Millis, task: () => void) => void setTimeout(task, ms);
  const steady = () => Math.round(performance.now());
  const live = new LiveConfig(config);
  let { logLevel } = config;
  const recalls = new RateCap((config.limits.rewindMegabitsPerSecond * 1e6) / 8, steady());
  const keys = () => live.current.publishKeys ?? publishKeys.keys;
  const sources = await ChannelSources.open({ live, stateDir, publishKeys: keys, log, clock: Date.now, steady });
  const certificates = await CertificateKeeper.open({ files: () => live.current.tls, log, clock: Date.now });
  live.onChange(() => {
    if (live.current.logLevel !== logLevel) log.level = logLevel = live.current.logLevel;
    recalls.perSecond = (live.current.limits.rewindMegabitsPerSecond * 1e6) / 8;
  });
  const access = await AccessControl.open({
    ...{ live, publishKeys: keys, log, clock: Date.now, steady },
    viewersOf: name => channels.find(name)?.viewers.size ?? 0,
  });
  const drain = new Drain({ log, after });
  const messages = messageTerms(config.messages, { steady, after });
  const rooms: Rooms = new Rooms({
    settings: config.rooms,
    channels: () => channels,
    ...{ clock: Date.now, steady, after },
  });
  const recordings = await Recordings.open({ live, stateDir, log, clock: Date.now });
  const operators = createOperators({
    ...{ live, sources, recordings, drain, tail, log, runtime: runtime.name, clock: Date.now, steady },
    ...{ channels: () => channels, sessions: () => sessions, url: () => url, publishKeys: keys },
  });
  const outputs = createOutputs({
    ...{ live, channels: () => channels, clock: Date.now, steady },
    ...{ mayView: access.mayView, viewPass: access.viewPass },
    drainedFor: () => drain.reason,
  });
  const channels: Channels = new Channels({
    ...channelOptions(live, '*', () => channels.size),
    optionsOf: name => channelOptions(live, name, () => channels.size),
    messages,
    watchers: [
      { stateChanged: channel => rooms.channelChanged(channel) },
      sources,
      recordings,
      outputs.watcher,
      operators.watcher,
    ],
    log,
    clock: Date.now,
    steady,
    after,
  });
  const sessions = new Sessions(() => live.current.limits, {
    channels,
    access,
    recalls,
    messages,
    rooms,
    quality: operators.quality,
    log,
    clock: Date.now,
    steady,
    after,
  });
  const figures = new StatsCache(channel => sessions.statsOf(channel), steady);
  const offer = new WebTransportOffer(() => live.current.webTransport.sessions);
  const onLink: OnLink = (link, address, page) =>
    void (drain.turnsAway(link) || sessions.add(offer.counted(link), address, page));

  let webTransport: WebTransportFace | undefined;
  const document = (name: string, host: string, secure: boolean, admitted?: Admitted) =>
    channelDocument(
      name,
      channels.find(name),
      { host, secure, webTransportPort: offer.portOf(webTransport), certificateHashes: certificates.hashes },
      {
        iceServers: live.current.iceServers,
        swarm: live.channel(name).swarm,
        clock: Date.now(),
        outputs: live.current.outputs.enabled,
      },
      admitted,
    );
  const app = createApp({
    document,
    access,
    stats: name => {
      const channel = channels.find(name);
      return channel && figures.get(channel);
    },
    health: operators.health,
    pages: config.pages.enabled
      ? {
          assets: await findPlayer(extras.elementDirectory, log),
          frameAncestors: config.pages.frameAncestors,
          embedOrigins: name => live.channel(name).embedOrigins,
        }
      : undefined,
    directory: extras.directory,
    mounts: [
      adminPage({ gate: operators.gate, directory: extras.elementDirectory, document }),
      operators.mount,
      recordingRoutes({ recordings, access, document, hls: outputs.recorded }),
      outputs.mount,
      ...(extras.mount ? [extras.mount] : []),
    ],
  });
  const face = {
    fetch: (request: Request, address: string) => app.fetch(request, { address }),
    ...{ addressOf: addressBehind(() => live.current.limits.trustedProxies), linkPath: LINK_PATH, onLink, log },
  };
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

  let encoderAddresses: readonly string[];
  try {
    encoderAddresses = await sources.begin({
      // The ingest program comes in by a door of its own, whatever address and certificate others find us by.
      open: () => runtime.listenHttp({ ...face, onLink: link => onLink(link, 'memory'), host: '127.0.0.1', port: 0 }),
      viewersOf: name => channels.find(name)?.viewers.size ?? 0,
    });
  } catch (error) {
    await sources.close();
    webTransport?.close();
    await http.close();
    throw error;
  }

  certificates.serve({ http, webTransport });
  const timers = [
    setInterval(() => {
      sessions.tick();
      recordings.tick();
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
    outputs.close();
    operators.close();
    const gone = sources.close();
    drain.begin('the relay leaves');
    sessions.goaway(RETURN_MS, 'the relay leaves', spreadOf(sessions.count));
    if (sessions.count > 0) await delay(FLUSH_MS);
    const served = http.close();
    sessions.close(CloseCode.goingAway, 'the relay leaves');
    await Promise.all([served, recordings.close()]);
    await gone;
    await delay(50);
    webTransport?.close();
    log.info('relay stopped');
  };
  return {
    url,
    port: http.port,
    webTransportPort: webTransport?.port,
    encoderAddresses: encoderAddresses.map(address => address.replace(/\/\/(0\.0\.0\.0|\[::\])/, '//localhost')),
    publishKey: publishKeys.keys[0]!, // there is at least one
    publishKeys,
    runtime: runtime.name,
    log,
    issueToken: request => issueToken(keys(), request, Date.now()),
    channelDocument: (name, host) => document(name, host, certificates.ofFiles !== undefined),
    connect() {
      const [ours, theirs] = memoryLinkPair();
      sessions.add(ours, 'memory');
      return theirs;
    },
    stats: () => ({ links: sessions.count, channels: sessions.channelStats() }),
    drain,
    sources,
    configure: next => live.adopt(parseConfig(next)),
    reloadCertificate: () => certificates.check(),
    close: () => (closing ??= close()),
  };
}
