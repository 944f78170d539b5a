// What the relay needs of the runtime below it: an HTTP server with WebSockets, and WebTransport where there is some.

import type { Link } from '../../core/link.ts';
import type { Millis } from '../../core/time.ts';
import type { Certificate } from '../certificate.ts';
import type { Log } from '../log.ts';

/** The page that has made a link. */
export interface LinkPage {
  /** Its `Origin`; undefined: no page, or one of the relay's own. */
  readonly origin: string | undefined;
}

/** Takes every new link; `address` is the other side's IP address. Without `page` the transport doesn't tell. */
export type OnLink = (link: Link, address: string, page?: LinkPage) => void;

export interface HttpOptions {
  readonly host: string;
  readonly port: number;
  /** Serves HTTPS when given. */
  readonly certificate?: Certificate;
  /** `address` is the client's. */
  readonly fetch: (request: Request, address: string) => Response | Promise<Response>;
  /** The client behind a connection from this IP address that has brought this `X-Forwarded-For`; without it, whoever connects. */
  readonly addressOf?: (peer: string, forwardedFor: string | null | undefined) => string;
  /** WebSockets are taken at this path. */
  readonly linkPath: string;
  readonly onLink: OnLink;
  readonly log: Log;
}

export interface HttpFace {
  readonly port: number;
  /** New connections get this certificate; of an HTTPS face only. Rejects, and nothing changes, when it can't be used. */
  renew(certificate: Certificate): Promise<void>;
  /** Takes no new connections; lets those there are finish for a moment. */
  close(): Promise<void>;
}

export interface WebTransportOptions {
  /** A connection without a sign of life ends after this long. */
  readonly idleMs?: Millis;
  readonly host: string;
  readonly port: number;
  readonly certificate: Certificate;
  readonly linkPath: string;
  readonly onLink: OnLink;
  readonly log: Log;
}

export interface WebTransportFace {
  readonly port: number;
  /** New sessions get this certificate; those there are go on. */
  renew(certificate: Certificate): void;
  close(): void;
}

export interface Runtime {
  readonly name: 'deno' | 'node';
  /** Rejects when the port is taken, and so on. */
  listenHttp(options: HttpOptions): Promise<HttpFace>;
  /** Undefined where the runtime lacks it; the log says why. */
  listenWebTransport(options: WebTransportOptions): Promise<WebTransportFace | undefined>;
}
