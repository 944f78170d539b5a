// A relay of a hundred lines for the engine's tests: one channel over WebSocket, with faults on demand.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Bytes } from '../../core/bytes.ts';
import { type Chunk, startsGroup } from '../../core/chunk.ts';
import type { Container } from '../../core/init-document.ts';
import { ChunkSequencer } from '../../core/media/chunk-sequencer.ts';
import type { Chunker, ChunkerEvent } from '../../core/media/chunker.ts';
import { createSigner, type Signer, signChunk } from '../../core/signature.ts';
import type { State } from '../../core/wire/channel-state.ts';
import { decodeBody, encodeMessage, MessageReader } from '../../core/wire/framing.ts';
import { channelState, chunk as chunkMessage, init, ping, pong, refused, subscribe } from '../../core/wire/index.ts';

/** What happens to a chunk on its way: it comes as it is, altered, or not at all. */
export type Fault = (chunk: Chunk) => Chunk | undefined;

/** Publisher and relay in one. */
export class TinyRelay {
  readonly #channel: string;
  #sequencer: ChunkSequencer | undefined;
  #container: Container | undefined;
  #signer: Signer | undefined;
  #http: Server | undefined;
  #sockets: WebSocketServer | undefined;
  #port = 0;
  readonly #viewers = new Set<WebSocket>();
  #document: Bytes | undefined;
  #group: Chunk[] = [];
  #state: State = 'waiting';
  #feeding: Promise<void> = Promise.resolve();
  fault: Fault = chunk => chunk;
  /** Offers a WebTransport endpoint where nobody listens. */
  promisesWebTransport = false;

  constructor(channel: string) {
    this.#channel = channel;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** How many are connected. */
  get viewers(): number {
    return this.#viewers.size;
  }

  /** Listens, on the same port as before if it did. */
  async start(): Promise<void> {
    this.#signer ??= await createSigner(crypto.getRandomValues(new Uint8Array(32)));
    this.#http = createServer((request, response) => {
      const answer = this.#channelDocument(request.headers.host);
      response.writeHead(200, { 'content-type': 'application/json', 'access-control-allow-origin': '*' }).end(answer);
    });
    this.#sockets = new WebSocketServer({ server: this.#http });
    this.#sockets.on('connection', socket => this.#serve(socket));
    const http = this.#http;
    await new Promise<void>(resolve => http.listen(this.#port, '127.0.0.1', resolve));
    const address = http.address() as AddressInfo; // a TCP server's address is an object
    this.#port = address.port;
  }

  /** Goes without a word, as a killed process does. */
  async stop(): Promise<void> {
    for (const socket of this.#viewers) socket.terminate();
    this.#sockets?.close();
    this.#http?.closeAllConnections();
    await new Promise(resolve => this.#http?.close(resolve));
  }

  #feed(events: readonly ChunkerEvent[], sequencer: ChunkSequencer): void {
    for (const event of events) {
      for (const out of sequencer.take(event)) {
        this.#feeding = this.#feeding.then(async () => {
          if (out.type === 'init') {
            this.#document = out.document;
            this.#group = [];
            this.#send(encodeMessage(init, { track: 0, document: out.document }));
          } else this.#publish(await signChunk(this.#channel, out.header, out.payload, this.#signer!)); // set by start()
        });
      }
    }
  }

  /** Publishes a stream until it ends. */
  async publish(source: AsyncIterable<Uint8Array>, chunker: Chunker): Promise<void> {
    const sequencer = this.#sequencerOf(chunker.container);
    const timer = setInterval(() => this.#feed(chunker.poll(Date.now()), sequencer), 20);
    try {
      for await (const bytes of source) this.#feed(chunker.push(new Uint8Array(bytes), Date.now()), sequencer);
      this.#feed(chunker.flush(Date.now()), sequencer);
    } finally {
      clearInterval(timer);
    }
  }

  /** The next chunks belong to a new epoch. */
  newEpoch(): void {
    this.#sequencer?.restart();
  }

  #sequencerOf(container: Container): ChunkSequencer {
    if (!this.#sequencer || container !== this.#container) {
      const firstSequence = this.#sequencer?.nextSequence ?? Date.now();
      this.#sequencer = new ChunkSequencer({ container, track: 0, firstSequence });
      this.#container = container;
    }
    return this.#sequencer;
  }

  setState(state: State): void {
    this.#state = state;
    this.#send(this.#stateMessage());
  }

  #publish(chunk: Chunk): void {
    if (startsGroup(chunk.header)) this.#group = [];
    this.#group.push(chunk);
    if (this.#state !== 'live') this.setState('live');
    const sent = this.fault(chunk);
    if (sent) this.#send(encodeMessage(chunkMessage, sent));
  }

  #send(message: Bytes): void {
    for (const viewer of this.#viewers) viewer.send(message);
  }

  #stateMessage(): Bytes {
    const windowStart = this.#group[0]?.header.timestamp ?? 0;
    return encodeMessage(channelState, { state: this.#state, publicKey: this.#signer!.publicKey, windowStart }); // set by start()
  }

  #channelDocument(host = ''): string {
    const websocket = [`ws://${host}/p2p-live`];
    const webtransport = this.promisesWebTransport ? [{ url: `https://${host}/p2p-live`, certificateHashes: [] }] : [];
    return JSON.stringify({ name: this.#channel, transports: { webtransport, websocket }, tracks: [{ id: 0 }] });
  }

  #serve(socket: WebSocket): void {
    const reader = new MessageReader((type, body) => {
      if (type === ping.type) {
        socket.send(encodeMessage(pong, { ...decodeBody(ping, body), clock: Date.now() }));
      } else if (type === subscribe.type) this.#subscribe(socket, decodeBody(subscribe, body).channel);
    });
    socket.on('message', (data: Buffer) => reader.push(new Uint8Array(data)));
    socket.on('error', () => {}); // `close` follows
    socket.on('close', () => this.#viewers.delete(socket));
  }

  #subscribe(socket: WebSocket, channel: string): void {
    if (channel !== this.#channel) {
      socket.send(encodeMessage(refused, { code: 'not-allowed', reason: 'not this channel' }));
      return;
    }
    this.#viewers.add(socket);
    socket.send(this.#stateMessage());
    if (!this.#document) return;
    socket.send(encodeMessage(init, { track: 0, document: this.#document }));
    for (const chunk of this.#group) socket.send(encodeMessage(chunkMessage, chunk));
  }
}
