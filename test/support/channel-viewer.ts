// A viewer without a page: receives a channel over WebSocket, verifies each chunk, and transmuxes what came.

import { WebSocket } from 'ws';
import type { Bytes } from '../../core/bytes.ts';
import type { Chunk } from '../../core/chunk.ts';
import { type Container, decodeInit } from '../../core/init-document.ts';
import type { Link } from '../../core/link.ts';
import { webSocketLink } from '../../core/links/web-socket-link.ts';
import { createTransmuxer } from '../../core/media/create-transmuxer.ts';
import type { TransmuxEvent, Transmuxer } from '../../core/media/transmuxer.ts';
import { createVerifier, type Verify, verifyChunk } from '../../core/signature.ts';
import { TICKS_PER_SECOND } from '../../core/time.ts';
import { channelState } from '../../core/wire/channel-state.ts';
import { decodeBody, encodeMessage } from '../../core/wire/framing.ts';
import { chunk, init, ping, pong, subscribe } from '../../core/wire/index.ts';

/** A track of an MP4: its init segment and fragments, and how many units of its time make a second. */
interface TrackBytes {
  readonly bytes: Bytes[];
  readonly timescale: number;
}

/** Counts and keeps what a page would play. */
export class ChannelViewer {
  readonly #channel: string;
  readonly #link: Link;
  #verify: Promise<Verify> | undefined;
  #transmuxer: Transmuxer | undefined;
  #container: Container | undefined;
  #document: Bytes | undefined;
  #expected = 0;
  #queue: Promise<void> = Promise.resolve();
  /** Chunks whose signature is the publisher's, and others. */
  verified = 0;
  rejected = 0;
  /** When the first chunk came (`performance.now()`). */
  firstChunkAt: number | undefined;
  /** Seconds of pictures and of sound in the fragments so far. */
  readonly seconds = { video: 0, audio: 0 };
  /** As in MIME types, the newest of each kind. */
  codecs: Record<string, string> = {};
  /** The newest MP4 of each kind. */
  readonly tracks: { video?: TrackBytes; audio?: TrackBytes } = {};
  /** What stood in the way. */
  readonly complaints: string[] = [];

  private constructor(channel: string, link: Link) {
    this.#channel = channel;
    this.#link = link;
    link.receive = (type, body) => {
      // One after the other, as verifying takes its time.
      this.#queue = this.#queue
        .then(() => this.#receive(type, body))
        .catch((error: unknown) => void this.complaints.push(String(error)));
    };
    link.send(encodeMessage(subscribe, { version: 1, channel }));
  }

  /** Connects with the relay at `url`; the channel may be on air later. */
  static async open(url: string, channel: string): Promise<ChannelViewer> {
    const answer = await fetch(`${url}/channels/${channel}`);
    const document: { transports: { websocket: string[] } } = await answer.json();
    const socket = new WebSocket(document.transports.websocket[0]!); // a relay has one
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return new ChannelViewer(channel, webSocketLink(socket));
  }

  close(): void {
    this.#link.close(0, 'seen enough');
  }

  async #receive(type: number, body: Bytes): Promise<void> {
    if (type === channelState.type) {
      const { publicKey } = decodeBody(channelState, body);
      if (publicKey.length > 0) this.#verify ??= createVerifier(publicKey, crypto.subtle);
    } else if (type === init.type) {
      this.#document = decodeBody(init, body).document;
      this.#begin(this.#document);
    } else if (type === chunk.type) await this.#take(decodeBody(chunk, body));
    else if (type === ping.type) {
      this.#link.send(encodeMessage(pong, { sentAt: decodeBody(ping, body).sentAt, clock: Date.now() }));
    }
  }

  #begin(document: Bytes): void {
    const start = decodeInit(document);
    if (!this.#transmuxer || this.#container !== start.container) {
      this.#transmuxer = createTransmuxer(start.container, { origin: 0 });
      this.#container = start.container;
    }
    this.#count(this.#transmuxer.start(start));
  }

  async #take(received: Chunk): Promise<void> {
    const verify = await this.#verify;
    if (!verify || !(await verifyChunk(this.#channel, received, verify))) {
      this.rejected++;
      return;
    }
    this.firstChunkAt ??= performance.now();
    this.verified++;
    const { sequence } = received.header;
    if (this.#expected > 0 && sequence !== this.#expected) this.#count(this.#transmuxer?.gap() ?? []);
    this.#expected = sequence + 1;
    this.#count(this.#transmuxer?.push(received.payload) ?? []);
  }

  #count(events: readonly TransmuxEvent[]): void {
    for (const event of events) {
      if (event.type === 'fragment') {
        this.seconds[event.kind] += event.end - event.start;
        this.tracks[event.kind]?.bytes.push(event.bytes);
      } else if (event.type === 'init') {
        const { track } = event;
        this.codecs[event.kind] = track.codecString;
        const timescale = track.kind === 'audio' ? track.sampleRate : TICKS_PER_SECOND;
        this.tracks[event.kind] = { bytes: [event.bytes], timescale };
      } else if (event.type !== 'metadata') this.complaints.push(JSON.stringify(event));
    }
  }
}
