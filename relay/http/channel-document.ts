// The channel document: everything that a viewer needs to connect, as JSON.

import { toBase64Url } from '../../core/bytes.ts';
import type { Millis } from '../../core/time.ts';
import type { Channel } from '../channels/channel.ts';
import type { RelayConfig } from '../config/config.ts';
import { playlistPath, streamPath } from '../outputs/output-path.ts';
import { stripesFor } from '../swarm/stripe-count.ts';

/** Path of WebSocket and WebTransport alike. */
export const LINK_PATH = '/p2p-live';

/** A certificate that a browser is to accept by its hash. */
export interface CertificateHash {
  readonly algorithm: 'sha-256';
  /** Base64url. */
  readonly value: string;
}

/** The relay's answer to `GET /channels/<name>`. */
export interface ChannelDocument {
  readonly name: string;
  readonly state: 'waiting' | 'live' | 'ended';
  /** Base64url; null while no publisher has been seen. */
  readonly publicKey: string | null;
  readonly transports: {
    readonly webtransport: readonly { readonly url: string; readonly certificateHashes: readonly CertificateHash[] }[];
    readonly websocket: readonly string[];
  };
  readonly tracks: readonly { readonly id: number; readonly container: string }[];
  /** When what can be gone back to was captured: Unix milliseconds of the relay's clock; null when there is nothing. */
  readonly rewind: { readonly from: Millis; readonly to: Millis } | null;
  readonly iceServers: RelayConfig['iceServers'];
  readonly swarm: {
    /** Whether viewers may connect to each other at all. */
    readonly enabled: boolean;
    /** Into how many stripes the channel is cut now; a plan is the last word. */
    readonly stripes: number;
    /** Below this number of viewers the relay feeds all itself. */
    readonly minViewers: number;
    readonly iceTransportPolicy: 'all' | 'relay';
  };
  /** Addresses for other players: the stream over HTTP, while there is one, and HLS. Null where the relay has none. */
  readonly outputs: { readonly http: string | null; readonly hls: string | null };
  /** For `subscribe`, where only some pages may show the channel; good for two minutes. */
  readonly ticket: string | null;
  /** The relay's clock, Unix milliseconds. */
  readonly clock: Millis;
}

/** Whom a document is for. */
export interface Admitted {
  /** May watch: is told the servers' credentials. */
  readonly isViewer: boolean;
  readonly ticket?: string;
}

/** How the relay can be reached. */
export interface Reach {
  /** Host and port as the client used them. */
  readonly host: string;
  readonly secure: boolean;
  /** UDP port of WebTransport, where there is one. */
  readonly webTransportPort?: number;
  readonly certificateHashes: readonly CertificateHash[];
}

/** Describes a channel, or one that doesn't exist yet. */
export function channelDocument(
  name: string,
  channel: Channel | undefined,
  reach: Reach,
  settings: { iceServers: RelayConfig['iceServers']; swarm: RelayConfig['swarm']; clock: Millis; outputs?: boolean },
  { isViewer, ticket }: Admitted = { isViewer: true },
): ChannelDocument {
  const { webTransportPort: port, certificateHashes } = reach;
  const url = `https://${quicHost(reach.host)}:${port}${LINK_PATH}`;
  return {
    name,
    state: channel?.state ?? 'waiting',
    publicKey: channel && channel.publicKey.length > 0 ? toBase64Url(channel.publicKey) : null,
    transports: {
      webtransport: port === undefined ? [] : [{ url, certificateHashes }],
      websocket: [`${reach.secure ? 'wss' : 'ws'}://${reach.host}${LINK_PATH}`],
    },
    tracks: [...(channel?.tracks.values() ?? [])].map(({ id, container }) => ({ id, container })),
    rewind: rewindOf(channel),
    iceServers: settings.iceServers.filter(server => isViewer || server.credential === undefined),
    swarm: { ...settings.swarm, stripes: stripesOf(channel, settings.swarm) },
    outputs: settings.outputs ? outputsOf(name, channel, reach) : { http: null, hls: null },
    ticket: ticket ?? null,
    clock: settings.clock,
  };
}

function outputsOf(name: string, channel: Channel | undefined, { host, secure }: Reach): ChannelDocument['outputs'] {
  const base = `${secure ? 'https' : 'http'}://${host}`;
  const container = channel?.mainTrack?.container;
  return { http: container ? base + streamPath(name, container) : null, hls: base + playlistPath(name) };
}

function rewindOf(channel: Channel | undefined): ChannelDocument['rewind'] {
  const window = channel?.mainTrack?.window;
  const [from, to] = [window?.pastStart?.header.capturedAt, window?.newest?.header.capturedAt];
  return from === undefined || to === undefined ? null : { from, to };
}

function stripesOf(channel: Channel | undefined, { stripes }: RelayConfig['swarm']): number {
  const kbps = ((channel?.bytesPerSecond ?? 0) * 8) / 1_000;
  return channel?.swarm?.stripes || (stripes === 'auto' ? stripesFor(kbps) : stripes);
}

// Browsers try one address only for QUIC, and for localhost that is often ::1.
function quicHost(host: string): string {
  const name = host.replace(/:\d+$/, '');
  return name === 'localhost' ? '127.0.0.1' : name;
}
