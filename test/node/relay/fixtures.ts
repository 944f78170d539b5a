// Parties that talk to a relay in its own process: publishers that sign, viewers that note what they get.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { WebSocket } from 'ws';
import { type Bytes, equalBytes } from '../../../core/bytes.ts';
import { assembleChunk, type Chunk, type ChunkHeader, encodeHeader } from '../../../core/chunk.ts';
import { encodeInit, initId } from '../../../core/init-document.ts';
import type { Link, LinkClose } from '../../../core/link.ts';
import { webSocketLink } from '../../../core/links/web-socket-link.ts';
import { createSigner, type Signer, signChunk } from '../../../core/signature.ts';
import { type Codec, WIRE_VERSION } from '../../../core/wire/codec.ts';
import { decodeBody, encodeMessage } from '../../../core/wire/framing.ts';
import * as wire from '../../../core/wire/index.ts';
import { proofMac, proofMessage } from '../../../core/wire/proof.ts';
import type { RelayConfigInput } from '../../../relay/config/config.ts';
import { type Relay, startRelay } from '../../../relay/relay.ts';
import { until } from '../../support/until.ts';

export const PUBLISH_KEY = 'a publish key of the relay tests';

/** An empty directory that is gone after the tests of this file. */
export function temporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'p2p-live-relay-'));
  after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A relay on Node at a free port, closed after the tests of this file. */
export async function testRelay(config: RelayConfigInput = {}): Promise<Relay> {
  const relay = await startRelay({
    host: '127.0.0.1',
    port: 0,
    webTransport: { enabled: false },
    logLevel: 'silent',
    publishKeys: [PUBLISH_KEY],
    ...config,
  });
  after(() => relay.close());
  return relay;
}

/** A chunk whose signature is nobody's. */
export function unsignedChunk(header: Partial<ChunkHeader> & { readonly sequence: number }, size = 1): Chunk {
  const group = header.group ?? header.sequence;
  const whole: ChunkHeader = {
    ...{ track: 0, group, epoch: 0, discontinuity: false, end: false, timestamp: header.sequence, duration: 1 },
    ...{ entry: 0, initId: new Uint8Array(8), capturedAt: 0 },
    ...header,
  };
  return assembleChunk(whole, encodeHeader(whole, size), new Uint8Array(64), new Uint8Array(size));
}

/** An encoded FLV init document, another one for each number. */
export function initDocument(number: number): Bytes {
  return encodeInit({ container: 'flv', timestampOffset: 0, bytes: Uint8Array.of(number) });
}

/** One end of a link, and everything that came over it. */
export class Party {
  readonly link: Link;
  readonly messages: { readonly type: number; readonly body: Bytes }[] = [];
  end: LinkClose | undefined;

  constructor(link: Link) {
    this.link = link;
    link.receive = (type, body) => {
      if (type === wire.ping.type) this.send(wire.pong, { ...decodeBody(wire.ping, body), clock: 0 });
      this.messages.push({ type, body });
    };
    void link.closed.then(end => {
      this.end = end;
    });
  }

  send<Message>(codec: Codec<Message>, message: Message): void {
    this.link.send(encodeMessage(codec, message));
  }

  /** All messages of a type so far. */
  all<Message>(codec: Codec<Message>): Message[] {
    return this.messages.filter(({ type }) => type === codec.type).map(({ body }) => decodeBody(codec, body));
  }

  /** Waits for the first message of a type (or the nth, counted from 1). */
  async gets<Message>(codec: Codec<Message>, nth = 1): Promise<Message> {
    await until(
      () => this.all(codec).length >= nth,
      () =>
        `${codec.name} no. ${nth} comes; got types ${this.messages.map(({ type }) => type).slice(-30)}, end ${JSON.stringify(this.end)}`,
      15_000,
    );
    return this.all(codec)[nth - 1]!; // until() returned, so it is there
  }

  /** Sequences of the chunks that came. */
  get sequences(): number[] {
    return this.all(wire.chunk).map(({ header }) => header.sequence);
  }

  /** Waits until the chunk with this sequence has come. */
  async getsChunk(sequence: number): Promise<void> {
    await until(
      () => this.sequences.includes(sequence),
      () => `chunk ${sequence} comes; got ${this.sequences.slice(-20)}, end ${JSON.stringify(this.end)}`,
      15_000,
    );
  }

  async ends(): Promise<LinkClose> {
    await until(() => this.end !== undefined, 'the link ends', 15_000);
    return this.end!; // until() returned
  }
}

/** A party on a real WebSocket, and the socket below it. */
export async function overWebSocket(relay: Pick<Relay, 'port'>): Promise<{ party: Party; socket: WebSocket }> {
  const socket = new WebSocket(`ws://127.0.0.1:${relay.port}/p2p-live`);
  const party = new Party(webSocketLink(socket));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return { party, socket };
}

/** A viewer in memory that has subscribed. */
export function viewer(relay: Relay, channel: string): Party {
  const party = new Party(relay.connect());
  party.send(wire.subscribe, { version: WIRE_VERSION, channel });
  return party;
}

/** The channel key made of 32 times this byte. */
export function signerOf(byte: number): Promise<Signer> {
  return createSigner(new Uint8Array(32).fill(byte), crypto.subtle);
}

/** Asks to publish and proves it, right or wrong. */
export async function prove(
  party: Party,
  channel: string,
  signer: Signer,
  options: { readonly key?: string; readonly signature?: Bytes } = {},
): Promise<void> {
  party.send(wire.publish, { version: WIRE_VERSION, channel, publicKey: signer.publicKey });
  const { nonce } = await party.gets(wire.challenge);
  const message = proofMessage(nonce, channel, signer.publicKey);
  const signature = options.signature ?? (await signer.sign(message));
  party.send(wire.prove, { mac: proofMac(options.key ?? PUBLISH_KEY, message), signature });
}

/** A publisher that the relay has let in, and its source: groups of chunks that count up. */
export class TestPublisher {
  readonly party: Party;
  readonly channel: string;
  readonly signer: Signer;
  next: number;
  #group = 0;
  #init: Bytes = new Uint8Array(8);

  constructor(party: Party, channel: string, signer: Signer, next: number) {
    this.party = party;
    this.channel = channel;
    this.signer = signer;
    this.next = next;
  }

  /** Sends an init document, which the chunks from now on name. */
  init(number = 1): void {
    const document = initDocument(number);
    this.#init = initId(document);
    this.party.send(wire.init, { track: 0, document });
  }

  /** Makes the next chunk without sending it. */
  async make(options: { group?: boolean; size?: number; sequence?: number } = {}): Promise<Chunk> {
    const sequence = options.sequence ?? this.next;
    if (options.group) this.#group = sequence;
    this.next = sequence + 1;
    const { header } = unsignedChunk({ sequence, group: this.#group, initId: this.#init });
    const payload = crypto.getRandomValues(new Uint8Array(options.size ?? 100));
    return signChunk(this.channel, header, payload, this.signer);
  }

  /** Sends a group of chunks; returns the sequence of the last. */
  async group(count = 3, size?: number): Promise<number> {
    for (let i = 0; i < count; i++) this.party.send(wire.chunk, await this.make({ group: i === 0, size }));
    return this.next - 1;
  }
}

/** Publishes over a link of its own in memory, or as the party given, beginning with an init document. */
export async function publisher(over: Relay | Party, channel: string, signer: Signer): Promise<TestPublisher> {
  const party = over instanceof Party ? over : new Party(over.connect());
  await prove(party, channel, signer);
  const { nextSequence } = await party.gets(wire.published);
  const made = new TestPublisher(party, channel, signer, Math.max(nextSequence, 1_000));
  made.init();
  return made;
}

/** Whether all that a viewer got is in order: no chunk twice, none before its init document. */
export function faultOfOrder(party: Party): string | undefined {
  const inits: Bytes[] = [];
  let last = -1;
  for (const { type, body } of party.messages) {
    if (type === wire.init.type) inits.push(initId(decodeBody(wire.init, body).document));
    if (type !== wire.chunk.type) continue;
    const { header } = decodeBody(wire.chunk, body);
    if (header.sequence <= last) return `chunk ${header.sequence} after ${last}`;
    last = header.sequence;
    if (!inits.some(id => equalBytes(id, header.initId))) return `chunk ${last} before its init document`;
  }
  return undefined;
}
