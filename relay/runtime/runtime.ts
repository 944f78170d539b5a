// What the relay needs of the runtime below it: an HTTP server with WebSockets, and WebTransport where there is some.

import type { Link } from '../../core/link.ts';
import type { Millis } from '../../core/time.ts';
import type { Certificate } from '../certificate.ts';
import type { Log } from '../log.ts';

/** Takes every new link; `address` is the other side's IP address. */
export type OnLink = (link: Link, address: string) => void;

export interface HttpOptions {
  readonly host: string;
  readonly port: number;
  /** Serves HTTPS when given. */
  readonly certificate?: Certificate;
  readonly fetch: (request: Request) => Response | Promise<Response>;
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
