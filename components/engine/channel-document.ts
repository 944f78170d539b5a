// The channel document: everything a viewer needs to connect, from `GET /channels/<name>` at the relay.

import { type Bytes, fromBase64Url } from '../../core/bytes.ts';
import type { Container } from '../../core/init-document.ts';
import { isRecordingSwarm } from '../../core/recording/recording-id.ts';
import type { DocumentReply, EngineFault } from './engine-messages.ts';

/** A WebTransport endpoint. Without hashes its certificate must be one that browsers trust. */
export interface WebTransportEndpoint {
  readonly url: string;
  readonly certificateHashes: readonly { readonly algorithm: 'sha-256'; readonly value: Bytes }[];
}

/** The parts of the document that the engine uses. */
export interface ChannelDocument {
  readonly webtransport: readonly WebTransportEndpoint[];
  readonly websocket: readonly string[];
  /** The rendition to play. */
  readonly track: number;
  /** What its renditions are in, while it is on air. */
  readonly containers: readonly Container[];
  readonly iceServers: readonly RTCIceServer[];
  /** `relay`: peers are to be reached by way of TURN servers only. */
  readonly iceTransportPolicy: RTCIceTransportPolicy;
  readonly swarm: { readonly enabled: boolean };
  /** To be shown to the relay, where only some pages may show the channel. */
  readonly ticket?: string;
}

/** A document, or the relay's final no. */
export type DocumentAnswer =
  | { readonly type: 'document'; readonly document: ChannelDocument }
  | { readonly type: 'refused'; readonly fault: EngineFault };

/** Where a relay keeps a channel's document, or a recording's. Throws `TypeError` when `relay` is no URL. */
export function channelUrl(relay: string, name: string): string {
  const base = new URL(relay);
  const path = base.pathname.endsWith('/') ? base.pathname : `${base.pathname}/`;
  return new URL(
    `${path}${isRecordingSwarm(name) ? '' : 'channels/'}${name.split('/').map(encodeURIComponent).join('/')}`,
    base,
  ).href;
}

/** Fetches and reads the document. Throws when the relay can't be reached or answers with something else. */
export async function fetchChannelDocument(
  relay: string,
  name: string,
  signal: AbortSignal,
  token = '',
): Promise<DocumentAnswer> {
  return readReply(await askForDocument(relay, name, signal, token), name);
}

/** Asks a relay for a channel's document, with a token if there is one. Rejects when it can't be reached, or doesn't answer with JSON. */
export async function askForDocument(
  relay: string,
  name: string,
  signal: AbortSignal,
  token = '',
): Promise<DocumentReply> {
  const headers = bearer(token);
  const response = await fetch(channelUrl(relay, name), { signal, headers, cache: 'no-store', credentials: 'omit' });
  return { status: response.status, body: await response.json() };
}

/** Headers that show a token, if it is one that headers can show. */
export function bearer(token: string): Record<string, string> {
  return /^[ -~]+$/.test(token) ? { authorization: `Bearer ${token}` } : {};
}

/** Reads what was answered. Throws when it is no document. */
export function readReply({ status, body }: DocumentReply, name: string): DocumentAnswer {
  const said = text(field(field(body, 'error'), 'message'));
  if (status === 400) {
    const message = said ?? `the relay refuses the name ${JSON.stringify(name)}`;
    return { type: 'refused', fault: { code: 'bad-name', message } };
  }
  if (status === 401 || status === 403) {
    return {
      type: 'refused',
      fault: { code: 'not-allowed', message: said ?? `the relay keeps ${name} from this page` },
    };
  }
  if (status < 200 || status > 299) throw new Error(said ?? `asked for ${name}, the relay answers ${status}`);
  return { type: 'document', document: readChannelDocument(body) };
}

/** Reads a parsed document leniently: what can't be used is left out. Throws when no way to connect remains. */
export function readChannelDocument(body: unknown): ChannelDocument {
  const transports = field(body, 'transports');
  const webtransport = list(field(transports, 'webtransport')).flatMap(readEndpoint);
  const websocket = list(field(transports, 'websocket')).flatMap(url => text(url) ?? []);
  if (webtransport.length + websocket.length === 0) throw new Error('the channel document names no transport');
  const tracks = list(field(body, 'tracks'));
  const track = field(tracks[0], 'id');
  const swarm = field(body, 'swarm');
  const ticket = text(field(body, 'ticket'));
  return {
    ...(ticket !== undefined && { ticket }),
    webtransport,
    websocket,
    track: typeof track === 'number' ? track : 0,
    containers: tracks.flatMap(one => {
      const container = field(one, 'container');
      return container === 'flv' || container === 'ts' ? [container] : [];
    }),
    iceServers: list(field(body, 'iceServers')).flatMap(readIceServer),
    iceTransportPolicy: field(swarm, 'iceTransportPolicy') === 'relay' ? 'relay' : 'all',
    swarm: { enabled: swarm !== undefined && field(swarm, 'enabled') !== false },
  };
}

function readIceServer(server: unknown): RTCIceServer[] {
  const urls = [field(server, 'urls')].flat().flatMap(url => text(url) ?? []);
  if (urls.length === 0) return [];
  const username = text(field(server, 'username'));
  const credential = text(field(server, 'credential'));
  return [{ urls, ...(username !== undefined && { username }), ...(credential !== undefined && { credential }) }];
}

function readEndpoint(endpoint: unknown): WebTransportEndpoint[] {
  const url = text(field(endpoint, 'url'));
  if (!url) return [];
  const certificateHashes = list(field(endpoint, 'certificateHashes')).flatMap(hash => {
    const value = text(field(hash, 'value'));
    return value && field(hash, 'algorithm') === 'sha-256'
      ? [{ algorithm: 'sha-256' as const, value: fromBase64Url(value) }]
      : [];
  });
  return [{ url, certificateHashes }];
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
