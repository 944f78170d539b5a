// The relay on Node: HTTP by @hono/node-server, WebSocket by ws, WebTransport by @fails-components/webtransport where its addon is.

import { createServer as createPlainServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { WebSocketServer } from 'ws';
import { webSocketLink } from '../../core/links/web-socket-link.ts';
import { acceptWebTransportLink, type WebTransportServerLike } from '../../core/links/web-transport-link.ts';
import { MAX_BODY } from '../../core/wire/framing.ts';
import type { Certificate } from '../certificate.ts';
import { foreignOrigin } from '../http/foreign-origin.ts';
import type { HttpFace, HttpOptions, Runtime, WebTransportFace, WebTransportOptions } from './runtime.ts';

/** How long requests under way have at the end. */
const SHUTDOWN_MS = 500;

export const nodeRuntime: Runtime = { name: 'node', listenHttp, listenWebTransport };

async function listenHttp(options: HttpOptions): Promise<HttpFace> {
  const { certificate } = options;
  const { addressOf: behind = (peer: string) => peer } = options;
  const addressOf = ({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>) =>
    behind(socket.remoteAddress ?? 'unknown', headers['x-forwarded-for']?.toString());
  const listener = getRequestListener((request, { incoming }) => options.fetch(request, addressOf(incoming)));
  const secure = certificate && createSecureServer(tlsOf(certificate), listener);
  const server: Server = secure ?? createPlainServer(listener);
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: MAX_BODY + 16 });
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => {}); // whoever resets the connection now gets no answer; a link tells of its own end
    if (request.url?.split('?', 1)[0] !== options.linkPath) {
      socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, webSocket => {
      const page = { origin: foreignOrigin(request.headers.origin, request.headers.host) };
      options.onLink(webSocketLink(webSocket), addressOf(request), page);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  server.on('error', error => options.log.error({ error: error.message }, 'HTTP server'));
  return {
    port: (server.address() as AddressInfo).port, // it listens on TCP, so it has one
    renew: async renewed => secure?.setSecureContext(tlsOf(renewed)),
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeIdleConnections();
        setTimeout(() => {
          for (const socket of sockets.clients) socket.terminate();
          server.closeAllConnections();
          resolve();
        }, SHUTDOWN_MS).unref();
      }),
  };
}

const tlsOf = ({ certPem, keyPem }: Certificate) => ({ cert: certPem, key: keyPem });

/** A session as the server of @fails-components/webtransport gives it. */
interface ServerSession extends WebTransportServerLike {
  readonly peerAddress?: string;
}

async function listenWebTransport(options: WebTransportOptions): Promise<WebTransportFace | undefined> {
  const { host, port, certificate, linkPath, log } = options;
  try {
    await import('@fails-components/webtransport-transport-http3-quiche');
  } catch {
    log.warn(
      'no WebTransport on Node: the quiche addon of @fails-components/webtransport is missing; viewers get WebSocket',
    );
    return undefined;
  }
  const { Http3Server, quicheLoaded } = await import('@fails-components/webtransport');
  await quicheLoaded;
  const server = new Http3Server({
    host,
    port,
    secret: crypto.randomUUID(),
    cert: certificate.certPem,
    privKey: certificate.keyPem,
  });
  server.startServer();
  await server.ready;
  void acceptAll(server.sessionStream(linkPath).getReader(), options);
  return {
    port: server.address()?.port ?? port,
    renew: renewed => server.updateCert(renewed.certPem, renewed.keyPem, false),
    close: () => server.stopServer(),
  };
}

async function acceptAll(
  sessions: { read(): Promise<{ done: boolean; value?: ServerSession }> },
  { onLink, log }: WebTransportOptions,
): Promise<void> {
  for (;;) {
    const { done, value: session } = await sessions.read();
    if (done) return;
    if (!session) continue;
    acceptWebTransportLink(session).then(
      link => onLink(link, addressOf(session.peerAddress)),
      (error: unknown) => log.debug({ error: String(error) }, 'WebTransport session failed'),
    );
  }
}

function addressOf(peer: string | undefined): string {
  return peer?.replace(/:\d+$/, '') ?? 'unknown';
}
