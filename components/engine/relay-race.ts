// Opens a link to a relay: WebTransport gets a head start, then WebSocket races it; the loser is closed.

import { CloseCode, type Link } from '../../core/link.ts';
import { type WebSocketLinkOptions, webSocketLink } from '../../core/links/web-socket-link.ts';
import { connectWebTransportLink, type WebTransportLike } from '../../core/links/web-transport-link.ts';
import type { Millis } from '../../core/time.ts';
import type { ChannelDocument, WebTransportEndpoint } from './channel-document.ts';
import type { RelayTransport } from './engine-messages.ts';

/** How long the first transport is alone. */
export const HEAD_START_MS: Millis = 500;

/** Opens a link with the first of `transports` that succeeds; each one after the first starts `HEAD_START_MS` after the one before, or when that has failed. Rejects when all fail. */
export async function raceToRelay(
  document: ChannelDocument,
  transports: readonly RelayTransport[],
  signal: AbortSignal,
  socket: WebSocketLinkOptions = {},
): Promise<Link> {
  const ways = transports.flatMap(transport => waysOf(document, transport, socket));
  if (ways.length === 0) throw new Error(`the relay offers none of ${transports.join(', ')}`);
  const over = new AbortController();
  const abort = () => over.abort();
  signal.addEventListener('abort', abort, { once: true });
  let won = false;
  let previous: Promise<unknown> = Promise.resolve();
  const attempts = ways.map(async (way, index) => {
    const before = previous;
    let failed: () => void = () => {};
    previous = new Promise<void>(resolve => {
      failed = resolve;
    });
    if (index > 0) await Promise.race([before, delay(HEAD_START_MS * index)]);
    if (won || over.signal.aborted) throw new Error('no longer needed');
    try {
      const link = await way(over.signal);
      if (won || signal.aborted) {
        link.close(CloseCode.done, 'another transport was faster');
        throw new Error('no longer needed');
      }
      won = true;
      over.abort();
      return link;
    } finally {
      failed();
    }
  });
  try {
    return await Promise.any(attempts);
  } catch (error) {
    if (!(error instanceof AggregateError)) throw error;
    throw new Error(error.errors.map(String).join('; '));
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

type Way = (signal: AbortSignal) => Promise<Link>;

function waysOf(document: ChannelDocument, transport: RelayTransport, options: WebSocketLinkOptions): Way[] {
  if (transport === 'websocket') return document.websocket.map(url => signal => openWebSocket(url, options, signal));
  return document.webtransport.map(endpoint => signal => openWebTransport(endpoint, signal));
}

async function openWebTransport(endpoint: WebTransportEndpoint, signal: AbortSignal): Promise<Link> {
  const hashes = endpoint.certificateHashes;
  const session = new WebTransport(endpoint.url, {
    congestionControl: 'low-latency',
    ...(hashes.length > 0 ? { serverCertificateHashes: hashes.map(hash => ({ ...hash })) } : {}),
  });
  const abort = () => {
    try {
      session.close();
    } catch {
      // a session that never came to be can't be closed in some browsers
    }
  };
  signal.addEventListener('abort', abort, { once: true });
  session.ready.catch(() => {}); // the link rejects with the same cause
  try {
    // The DOM library's options of a stream lack `waitUntilAvailable`, which only servers of ours set.
    return await connectWebTransportLink(session as unknown as WebTransportLike);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function openWebSocket(url: string, options: WebSocketLinkOptions, signal: AbortSignal): Promise<Link> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    const link = webSocketLink(socket, options);
    const abort = () => socket.close();
    signal.addEventListener('abort', abort, { once: true });
    const settle = () => signal.removeEventListener('abort', abort);
    socket.addEventListener('open', () => {
      settle();
      resolve(link);
    });
    socket.addEventListener('close', event => {
      settle();
      reject(new Error(`WebSocket ${url}: closed (${event.code})`));
    });
  });
}

function delay(ms: Millis): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms));
}
