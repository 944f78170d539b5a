// The part of bittorrent-tracker's server that the benchmark uses; it has no types of its own.

declare module 'bittorrent-tracker/server' {
  import type { EventEmitter } from 'node:events';
  import type { Server as HttpServer } from 'node:http';

  export default class Server extends EventEmitter {
    constructor(options: { http: boolean; udp: boolean; ws: boolean; stats: boolean });
    readonly http: HttpServer | null;
    listen(port: number, hostname: string, listening: () => void): void;
    close(done?: () => void): void;
  }
}
