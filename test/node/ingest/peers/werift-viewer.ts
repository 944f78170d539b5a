// A viewer as far as a source sees it: in the relay's swarm, connected by werift, taking stripes.

import type { RTCDataChannel } from 'werift';
import type { Bytes } from '../../../../core/bytes.ts';
import type { Chunk } from '../../../../core/chunk.ts';
import { type DataChannelLink, dataChannelLink } from '../../../../core/links/data-channel-link.ts';
import type { PeerId } from '../../../../core/peer-id.ts';
import { decodeBody, encodeMessage } from '../../../../core/wire/framing.ts';
import * as wire from '../../../../core/wire/index.ts';
import type { Signal } from '../../../../core/wire/signal.ts';
import { loadWerift } from '../../../../ingest/peers/load-werift.ts';
import { WeriftChannel } from '../../../../ingest/peers/werift-channel.ts';

const { RTCPeerConnection } = await loadWerift();

/** A chunk, and when it came (Unix ms). */
interface Arrival {
  readonly chunk: Chunk;
  readonly at: number;
}

export class WeriftViewer {
  readonly arrivals: Arrival[] = [];
  readonly adopted: number[] = [];
  readonly released: number[] = [];
  readonly link: Promise<DataChannelLink>;
  inits = 0;
  haves = 0;
  /** Why the source hung up. */
  bye: string | undefined;
  readonly #connection = new RTCPeerConnection({ iceServers: [] });
  readonly #source: PeerId;
  readonly #attempt: number;
  readonly #say: (signal: Signal) => void;

  /** `hidesAddress`: names no candidates, as a browser that hides its addresses. */
  constructor(source: PeerId, say: (signal: Signal) => void, { attempt = 7, hidesAddress = false } = {}) {
    this.#source = source;
    this.#attempt = attempt;
    this.#say = say;
    const channel = (label: string, id: number): RTCDataChannel =>
      this.#connection.createDataChannel(label, { negotiated: true, id, ordered: id === 0, protocol: '' });
    const control = new WeriftChannel(channel('control', 0));
    const chunks = new WeriftChannel(channel('chunks', 1));
    const link = dataChannelLink({ control, chunks }, { wait: ms => new Promise(r => setTimeout(r, ms).unref()) });
    link.receive = (type, body) => this.#receive(link, type, body);
    this.link = link.opened.then(isOpen => {
      if (!isOpen) throw new Error('the channels did not open');
      return link;
    });
    this.link.catch(() => {});
    this.#connection.onIceCandidate.subscribe(candidate => {
      if (candidate && !hidesAddress) this.#tell('candidate', JSON.stringify(candidate));
    });
    void this.#offer(hidesAddress);
  }

  async #offer(hidesAddress: boolean): Promise<void> {
    const { sdp } = await this.#connection.createOffer();
    if (hidesAddress) this.#tell('offer', sdp);
    await this.#connection.setLocalDescription();
    if (!hidesAddress) this.#tell('offer', this.#connection.localDescription?.sdp ?? sdp);
  }

  take({ attempt, kind, text }: Signal): void {
    if (attempt !== this.#attempt) return;
    if (kind === 'answer') void this.#connection.setRemoteDescription({ type: 'answer', sdp: text });
    else if (kind === 'candidate') void this.#connection.addIceCandidate(JSON.parse(text));
    else if (kind === 'bye') this.bye = text;
  }

  async adopt(stripe: number, count: number, from = 0): Promise<void> {
    (await this.link).send(encodeMessage(wire.adopt, { track: 0, count, stripe, from }));
  }

  async send(message: Bytes): Promise<void> {
    (await this.link).send(message);
  }

  /** Sends what is neither text nor bytes: werift throws on it where nobody catches. */
  async sendNonsense(): Promise<void> {
    await this.link;
    await this.#connection.sctp?.sctp.send(0, 99, Buffer.from('x'), { ordered: true });
  }

  /** Sends a message that is longer than anything announced. */
  async flood(bytes: number): Promise<void> {
    await this.link;
    const sctp = this.#connection.sctp;
    void sctp?.sctp.send(0, 53, Buffer.alloc(bytes), { ordered: true });
  }

  sequences(): number[] {
    return this.arrivals.map(({ chunk }) => chunk.header.sequence);
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }

  #tell(kind: Signal['kind'], text: string): void {
    this.#say({ peer: this.#source, attempt: this.#attempt, kind, text });
  }

  #receive(link: DataChannelLink, type: number, body: Bytes): void {
    if (type === wire.chunk.type) {
      this.arrivals.push({ chunk: decodeBody(wire.chunk, body), at: performance.timeOrigin + performance.now() });
    } else if (type === wire.init.type) this.inits++;
    else if (type === wire.have.type) this.haves++;
    else if (type === wire.adopted.type) this.adopted.push(decodeBody(wire.adopted, body).depth);
    else if (type === wire.release.type) this.released.push(decodeBody(wire.release, body).stripe);
    else if (type === wire.ping.type) {
      link.send(encodeMessage(wire.pong, { ...decodeBody(wire.ping, body), clock: Date.now() }));
    }
  }
}
