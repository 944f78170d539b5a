// The part of node-media-server's RTMP client that tests use.

declare module 'node-media-server/src/protocol/rtmp_client.js' {
  import type { Socket } from 'node:net';
  export default class RtmpClient {
    socket: Socket | null;
    onStatusCallback: (code: string, info: { readonly description?: string }) => void;
    onCloseCallback: () => void;
    onErrorCallback: (error: Error) => void;
    /** Resolves when the handshake is over. */
    connect(url: string): Promise<void>;
    sendConnect(): Promise<unknown>;
    sendCreateStream(): Promise<number>;
    /** Rejects with the server's description when it refuses. */
    sendPublish(streamName: string): Promise<unknown>;
    sendPacket(packet: { codec_type: number; dts: number; size: number; data: Buffer }): void;
    disconnect(): void;
  }
}
