// The relay on Deno: HTTP and WebSocket by Deno.serve, WebTransport over its own QUIC.

import { type WebSocketLike, webSocketLink } from '../../core/links/web-socket-link.ts';
import { acceptWebTransportLink, type WebTransportServerLike } from '../../core/links/web-transport-link.ts';
import type { Certificate } from '../certificate.ts';
import { foreignOrigin } from '../http/foreign-origin.ts';
import type { HttpFace, HttpOptions, Runtime, WebTransportFace, WebTransportOptions } from './runtime.ts';
import { enlargeUdpBuffers } from './udp-buffers.ts';

interface NetAddress {
  readonly hostname: string;
  readonly port: number;
}
interface QuicConn {
  readonly closed: Promise<unknown>;
  readonly remoteAddr: NetAddress;
  close(info?: { closeCode: number; reason: string }): void;
}
interface QuicListener {
  accept(): Promise<QuicConn>;
  stop(): void;
}
interface QuicEndpoint {
  readonly addr: NetAddress;
  listen(options: object): QuicListener;
  close(info?: { closeCode: number; reason: string }): void;
}
interface HttpServer {
  readonly addr: NetAddress;
  shutdown(): Promise<void>;
}

/** The part of Deno that the relay uses; its own types would need a type check by Deno. */
interface DenoApi {
  serve(
    options: object,
    handler: (request: Request, info: { remoteAddr: NetAddress }) => Response | Promise<Response>,
  ): HttpServer;
  listen(options: { hostname: string; port: number }): { close(): void };
  upgradeWebSocket(
    request: Request,
    options: { idleTimeout: number },
  ): { readonly socket: WebSocketLike; readonly response: Response };
  readonly QuicEndpoint?: new (options: { hostname: string; port: number }) => QuicEndpoint;
  upgradeWebTransport(conn: QuicConn): Promise<WebTransportServerLike & { readonly url: string }>;
}

declare const Deno: DenoApi;

/** A QUIC connection without a sign of life ends after this long. */
const IDLE_MS = 15_000;
/** A session must have opened its control stream within this time. */
const HANDSHAKE_MS = 5_000;
const PARALLEL_HANDSHAKES = 32;
/** How long requests under way have at the end. */
const SHUTDOWN_MS = 500;

/** After `ms` milliseconds. */
const wait = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms));

export const denoRuntime: Runtime = { name: 'deno', listenHttp, listenWebTransport };

async function listenHttp(options: HttpOptions): Promise<HttpFace> {
  const { certificate, host, addressOf = (peer: string) => peer } = options;
  const serve = (port: number, tls: object) =>
    Deno.serve({ hostname: host, port, onListen() {}, ...tls }, (request, { remoteAddr }) => {
      const isUpgrade = request.headers.get('upgrade')?.toLowerCase() === 'websocket';
      const address = addressOf(remoteAddr.hostname, request.headers.get('x-forwarded-for'));
      if (!isUpgrade || new URL(request.url).pathname !== options.linkPath) return options.fetch(request, address);
      const page = { origin: foreignOrigin(request.headers.get('origin'), request.headers.get('host')) };
      const { socket, response } = Deno.upgradeWebSocket(request, { idleTimeout: IDLE_MS / 1_000 });
      // Before it is open, a socket can neither send nor be closed with a reason.
      socket.addEventListener('open', () => options.onLink(webSocketLink(socket, { wait }), address, page));
      return response;
    });
  // A port that is shared for a renewal must be ours to begin with.
  if (certificate && options.port !== 0) Deno.listen({ hostname: host, port: options.port }).close();
  let server = serve(options.port, certificate ? sharedTls(certificate) : {});
  const { port } = server.addr;
  return {
    port,
    // A listener keeps its certificate, so another one follows it. Requests under way are finished; WebSockets on the old one come again at once.
    async renew(renewed) {
      const before = server;
      server = serve(port, sharedTls(renewed));
      void before.shutdown().catch(() => {}); // it is closed already
    },
    close: () => Promise.race([server.shutdown().catch(() => {}), wait(SHUTDOWN_MS)]),
  };
}

const sharedTls = ({ certPem, keyPem }: Certificate) => ({ cert: certPem, key: keyPem, reusePort: true });

async function listenWebTransport(options: WebTransportOptions): Promise<WebTransportFace | undefined> {
  if (!Deno.QuicEndpoint) {
    options.log.warn('no WebTransport: start Deno with --unstable-net; viewers get WebSocket');
    return undefined;
  }
  const idleMs = options.idleMs ?? IDLE_MS;
  const endpoint = new Deno.QuicEndpoint({ hostname: options.host, port: options.port });
  const listen = (certificate: Certificate) =>
    endpoint.listen({
      cert: certificate.certPem,
      key: certificate.keyPem,
      alpnProtocols: ['h3'],
      congestionControl: 'low-latency',
      keepAliveInterval: idleMs / 3,
      maxIdleTimeout: idleMs,
      maxConcurrentBidirectionalStreams: 16,
    });
  const fault = enlargeUdpBuffers(endpoint.addr.port);
  if (fault)
    options.log.warn({ fault }, 'the UDP buffers keep their size: for many viewers raise net.core.rmem_default');
  let listener = listen(options.certificate);
  acceptAll(listener, options);
  return {
    port: endpoint.addr.port,
    renew(certificate) {
      listener.stop();
      listener = listen(certificate);
      acceptAll(listener, options);
    },
    close() {
      listener.stop();
      endpoint.close({ closeCode: 0, reason: 'the relay leaves' });
    },
  };
}

/** One accept takes one handshake, so several go on at once: a client that stalls in its handshake holds up nobody. */
function acceptAll(listener: QuicListener, options: WebTransportOptions): void {
  for (let i = 0; i < PARALLEL_HANDSHAKES; i++) void acceptEach(listener, options);
}

async function acceptEach(listener: QuicListener, options: WebTransportOptions): Promise<void> {
  for (;;) {
    let conn: QuicConn;
    try {
      conn = await listener.accept();
    } catch (error) {
      // A failed handshake rejects one accept; a stopped listener rejects them all.
      if (isStopped(error)) return;
      options.log.debug({ error: String(error) }, 'QUIC handshake failed');
      await wait(1);
      continue;
    }
    conn.closed.catch(() => {}); // an idle time-out: the link tells
    void accept(conn, options);
  }
}

async function accept(conn: QuicConn, options: WebTransportOptions): Promise<void> {
  let done = false;
  void wait(HANDSHAKE_MS).then(() => {
    if (!done) conn.close({ closeCode: 0, reason: 'no WebTransport session within 5 s' });
  });
  try {
    const session = await Deno.upgradeWebTransport(conn);
    if (new URL(session.url).pathname !== options.linkPath) {
      session.closed.catch(() => {});
      session.close({ closeCode: 404, reason: `nothing here: links are made at ${options.linkPath}` });
      return;
    }
    const link = await acceptWebTransportLink(session);
    // Whatever the session's end, nothing of the connection must outlive it.
    void link.closed.then(() => wait(HANDSHAKE_MS)).then(() => conn.close());
    options.onLink(link, conn.remoteAddr.hostname);
  } catch (error) {
    options.log.debug({ error: String(error) }, 'WebTransport session failed');
  } finally {
    done = true;
  }
}

function isStopped(error: unknown): boolean {
  return error instanceof Error && /closed|stopped|BadResource/i.test(`${error.name} ${error.message}`);
}
