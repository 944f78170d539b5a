// The parts used of @fails-components/webtransport, whose own types ask for packages that aren't there.

declare module '@fails-components/webtransport-transport-http3-quiche';

declare module '@fails-components/webtransport' {
  import type { WebTransportServerLike } from '../../core/links/web-transport-link.ts';

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
        read(): Promise<{ done: boolean; value?: WebTransportServerLike & { readonly peerAddress?: string } }>;
      };
    };
  }
  export class Http3Server extends HttpServer {}
  export class Http2Server extends HttpServer {}
  export const quicheLoaded: Promise<unknown>;
  export class WebTransport implements WebTransportServerLike {
    constructor(url: string, options?: object);
    readonly ready: WebTransportServerLike['ready'];
    readonly closed: WebTransportServerLike['closed'];
    readonly incomingBidirectionalStreams: WebTransportServerLike['incomingBidirectionalStreams'];
    readonly incomingUnidirectionalStreams: WebTransportServerLike['incomingUnidirectionalStreams'];
    createBidirectionalStream: WebTransportServerLike['createBidirectionalStream'];
    createUnidirectionalStream: WebTransportServerLike['createUnidirectionalStream'];
    close: WebTransportServerLike['close'];
  }
}
