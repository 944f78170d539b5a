// The part of node-media-server's protocol code that is used; the package has no types of its own.

declare module 'node-media-server/src/protocol/rtmp.js' {
  /** A message on one chunk stream, as it is put together; the same object and payload serve the next one. */
  export interface RtmpPacket {
    readonly header: { fmt: number; cid: number; timestamp: number; length: number; type: number; stream_id: number };
    /** The message's time in ms, added up without end. */
    clock: number;
    /** Longer than the message: only `header.length` bytes belong to it. */
    payload: Buffer<ArrayBuffer>;
    capacity: number;
    /** How much of it has come. */
    bytes: number;
  }
  export interface InvokeMessage {
    readonly cmd?: unknown;
    readonly transId?: unknown;
    readonly cmdObj?: unknown;
    readonly streamName?: unknown;
  }
  export default class Rtmp {
    parserPacket: RtmpPacket;
    readonly inPackets: Map<number, RtmpPacket>;
    handshakeState: number;
    inChunkSize: number;
    streams: number;
    streamApp: string;
    streamName: string;
    streamId: number;
    objectEncoding: number;
    flv: unknown;
    onOutputCallback: (bytes: Buffer) => void;
    parserData(bytes: Buffer): string | null;
    packetParse(): void;
    packetAlloc(): void;
    packetHandler(): void;
    controlHandler(): void;
    eventHandler(): void;
    invokeHandler(): void;
    dataHandler(): void;
    onConnect(message: InvokeMessage): void;
    onCreateStream(message: InvokeMessage): void;
    respondConnect(transId: unknown): void;
    respondPublish(): void;
    sendACK(size: number): void;
    sendStreamStatus(event: number, value: number): void;
    sendInvokeMessage(streamId: number, message: object): void;
    sendStatusMessage(streamId: number, level: string, code: string, description: string): void;
  }
}

declare module 'node-media-server/src/protocol/amf.js' {
  import type { InvokeMessage } from 'node-media-server/src/protocol/rtmp.js';

  const amf: { decodeAmf0Cmd(bytes: Buffer): InvokeMessage; amf0Encode(values: readonly unknown[]): Buffer };
  export default amf;
}

declare module 'node-media-server/src/core/logger.js' {
  const logger: { log: (message: string, level?: string) => void };
  export default logger;
}
