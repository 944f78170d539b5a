// A viewer without a page, which comes back as the element does: it notes how long it had to wait for chunks.

import { WebSocket } from 'ws';
import { RelayConnection } from '../../components/engine/relay-connection.ts';
import { webSocketLink } from '../../core/links/web-socket-link.ts';
import { createVerifier, type Verify, verifyChunk } from '../../core/signature.ts';
import { WIRE_VERSION } from '../../core/wire/codec.ts';
import { decodeBody, encodeMessage } from '../../core/wire/framing.ts';
import { chunk, skipped, subscribe } from '../../core/wire/index.ts';

/** One chunk in so many has its signature verified. */
const VERIFIED = 8;

export class SteadyViewer {
  readonly channel: string;
  readonly #connection: RelayConnection;
  readonly #verify: Promise<Verify>;
  #socket: WebSocket | undefined;
  /** When the newest chunk came (`performance.now()`), and its sequence. */
  newestAt = 0;
  newest = 0;
  chunks = 0;
  links = 0;
  /** Chunks in the middle of a link that never came, nor were told of as skipped. */
  missing = 0;
  /** What may not be: a signature of somebody else, a chunk twice on a link. */
  readonly faults: string[] = [];
  #expected = 0;

  constructor(relay: string, channel: string, publicKey: Uint8Array<ArrayBuffer>) {
    this.channel = channel;
    this.#verify = createVerifier(publicKey, crypto.subtle);
    const url = `${relay.replace('http', 'ws')}/p2p-live`;
    const options = {
      ...{ relay, name: channel, transports: ['websocket'] as const },
      createLink: (signal: AbortSignal) =>
        new Promise<ReturnType<typeof webSocketLink>>((resolve, reject) => {
          const socket = new WebSocket(url, { handshakeTimeout: 5_000 });
          signal.addEventListener('abort', () => socket.terminate(), { once: true });
          socket.once('error', reject).once('open', () => {
            this.#socket = socket;
            resolve(webSocketLink(socket));
          });
        }),
    };
    this.#connection = new RelayConnection(options, {
      greeting: () => encodeMessage(subscribe, { version: WIRE_VERSION, channel }),
      opened: () => {
        this.links++;
        this.#expected = 0;
      },
      received: (type, body) => {
        if (type === chunk.type) this.#take(body.slice());
        else if (type === skipped.type) this.#expected = decodeBody(skipped, body).to;
      },
      clock() {},
      lost() {},
      refused: ({ message }) => void this.faults.push(message),
      isFinal: ({ reason }) => {
        this.faults.push(reason);
        return false;
      },
    });
  }

  /** Breaks its link, as a network would. */
  cut(): void {
    this.#socket?.terminate();
  }

  close(): void {
    this.#connection.close();
  }

  #take(body: Uint8Array<ArrayBuffer>): void {
    const received = decodeBody(chunk, body);
    const { sequence } = received.header;
    if (this.#expected > 0) {
      if (sequence < this.#expected) this.faults.push(`chunk ${sequence} when ${this.#expected} was due`);
      else this.missing += sequence - this.#expected;
    }
    this.#expected = sequence + 1;
    this.newest = Math.max(this.newest, sequence);
    this.newestAt = performance.now();
    if (this.chunks++ % VERIFIED > 0) return;
    void this.#verify
      .then(verify => verifyChunk(this.channel, received, verify))
      .then(genuine => {
        if (!genuine) this.faults.push(`chunk ${sequence} is not the publisher's`);
      });
  }
}
