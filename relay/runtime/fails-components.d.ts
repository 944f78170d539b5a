// The parts used of @fails-components/webtransport, whose own types ask for packages that aren't there.

declare module '@fails-components/webtransport-transport-http3-quiche';

declare module '@fails-components/webtransport' {
  import type { WebTransportLike } from '../../core/links/web-transport-link.ts';

  interface ServerOptions {
    readonly host: string;
    readonly port: number;
    readonly secret: string;
    readonly cert: string;
    readonly privKey: string;
  }

  class HttpServer {
    constructor(options: ServerOptions);
    readonly ready: Promise<unknown>;
    startServer(): void;
    stopServer(): void;
    address(): { readonly port: number } | null;
    updateCert(cert: string, privKey: string, http2only: boolean): void;
    sessionStream(path: string): {
      getReader(): {
        read(): Promise<{ done: boolean; value?: WebTransportLike & { readonly peerAddress?: string } }>;
      };
    };
  }
  export class Http3Server extends HttpServer {}
  export class Http2Server extends HttpServer {}
  export const quicheLoaded: Promise<unknown>;
  export class WebTransport implements WebTransportLike {
    constructor(url: string, options?: object);
    readonly ready: WebTransportLike['ready'];
    readonly closed: WebTransportLike['closed'];
    readonly incomingBidirectionalStreams: WebTransportLike['incomingBidirectionalStreams'];
    readonly incomingUnidirectionalStreams: WebTransportLike['incomingUnidirectionalStreams'];
    createBidirectionalStream: WebTransportLike['createBidirectionalStream'];
    createUnidirectionalStream: WebTransportLike['createUnidirectionalStream'];
    close: WebTransportLike['close'];
  }
}
