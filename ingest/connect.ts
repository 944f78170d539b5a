// Connects to a relay by its HTTP address: reads the channel document, then opens a WebSocket.

import { WebSocket as NodeWebSocket } from 'ws';
import type { Link } from '../core/link.ts';
import { type WebSocketLike, webSocketLink } from '../core/links/web-socket-link.ts';
import type { Connect } from '../core/publish/publish-session.ts';
import { steadyClock } from './clock.ts';
import { type PeerTerms, readPeerTerms } from './peers/peer-terms.ts';
import { publicUrl } from './sources/source.ts';

/** Longest channel document accepted, in bytes. */
const MAX_DOCUMENT = 1_048_576;

/**
 * A `Connect` for the channel on the relay at `relay`, e.g. `http://localhost:8080`; `heard` is told each time what the relay says of peers.
 * Throws `TypeError` on an address that can't be one.
 */
export function connectTo(relay: string, channel: string, heard: (terms: PeerTerms) => void = () => {}): Connect {
  const base = relayUrl(relay);
  return async signal => {
    const document = await readDocument(new URL(`channels/${channel}`, base), signal);
    heard(readPeerTerms(document));
    return openWebSocket(webSocketUrl(document, base), signal);
  };
}

function relayUrl(relay: string): URL {
  if (!URL.canParse(relay))
    throw new TypeError(`"${relay}" is not a relay's address: give one like http://localhost:8080`);
  const url = new URL(relay);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new TypeError(`a relay's address begins with http:// or https://, not ${url.protocol}`);
  }
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

async function readDocument(url: URL, signal: AbortSignal): Promise<unknown> {
  const name = publicUrl(url.href);
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, { signal, headers: { accept: 'application/json' } });
    text = await response.text();
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    const why = cause instanceof Error ? cause.message || code : String(cause);
    throw new Error(`the relay at ${url.origin} can't be reached: ${why}`, { cause: error });
  }
  let document: unknown;
  try {
    document = text.length <= MAX_DOCUMENT ? JSON.parse(text) : undefined;
  } catch {
    document = undefined; // told below
  }
  const told = field(field(document, 'error'), 'message');
  if (!response.ok) {
    throw new Error(
      `${name} answered ${response.status}${typeof told === 'string' ? `: ${told}` : ', so it is no relay'}`,
    );
  }
  if (typeof document !== 'object' || document === null)
    throw new Error(`${name} is no channel document: is this a relay?`);
  return document;
}

function webSocketUrl(document: unknown, base: URL): string {
  const offered = field(field(document, 'transports'), 'websocket');
  const first: unknown = Array.isArray(offered) ? offered[0] : undefined;
  if (typeof first === 'string' && /^wss?:\/\//.test(first) && URL.canParse(first)) return first;
  const url = new URL('p2p-live', base);
  url.protocol = base.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value ? Reflect.get(value, name) : undefined;
}

// Node before 22 has no WebSocket of its own, and `ws` tells when bytes have left; on Deno its own is the faster one.
function newSocket(url: string): WebSocketLike {
  if ('Deno' in globalThis) return new WebSocket(url);
  return new NodeWebSocket(url, { perMessageDeflate: false, handshakeTimeout: 10_000 });
}

function openWebSocket(url: string, signal: AbortSignal): Promise<Link> {
  return new Promise((resolve, reject) => {
    const socket = newSocket(url);
    const link = webSocketLink(socket, { wait: ms => steadyClock.wait(ms) });
    const abort = () => {
      link.close(0, 'not wanted any more');
      reject(new Error('stopped while connecting'));
    };
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort);
    const settle = () => signal.removeEventListener('abort', abort);
    socket.addEventListener('open', () => {
      settle();
      resolve(link);
    });
    void link.closed.then(close => {
      settle();
      reject(new Error(`the relay's WebSocket at ${publicUrl(url)} can't be opened: ${close.reason}`));
    });
  });
}
