// A publisher and a viewer in a few lines, for the relay's tests.

import assert from 'node:assert/strict';
import type { Bytes } from '../../../core/bytes.ts';
import type { Chunk, ChunkHeader } from '../../../core/chunk.ts';
import { encodeInit, initId } from '../../../core/init-document.ts';
import type { Link } from '../../../core/link.ts';
import { createSigner, type Signer, signChunk } from '../../../core/signature.ts';
import type { Beacon } from '../../../core/wire/beacon.ts';
import type { ChannelState } from '../../../core/wire/channel-state.ts';
import { decodeBody, encodeMessage } from '../../../core/wire/framing.ts';
import type { Goaway } from '../../../core/wire/goaway.ts';
import {
  beacon,
  challenge,
  channelState,
  chunk,
  goaway,
  init,
  ping,
  pong,
  prove,
  publish,
  published,
  refused,
  skipped,
  subscribe,
  unpublish,
} from '../../../core/wire/index.ts';
import { proofMac, proofMessage } from '../../../core/wire/proof.ts';
import type { Refused } from '../../../core/wire/refused.ts';
import type { Skipped } from '../../../core/wire/skipped.ts';

/** Waits until a condition holds. */
export async function until(what: string, holds: () => boolean, ms = 15_000): Promise<void> {
  const end = Date.now() + ms;
  while (!holds()) {
    if (Date.now() > end) assert.fail(`${what}: not within ${ms} ms`);
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}

/** An encoded init document. */
export const DOCUMENT = encodeInit({ container: 'flv', timestampOffset: 0, bytes: Uint8Array.of(70, 76, 86) });

export const newSigner = (): Promise<Signer> => createSigner(crypto.getRandomValues(new Uint8Array(32)), crypto.subtle);

/** A header with everything filled in. */
export function headerOf(part: Partial<ChunkHeader> & { sequence: number; group: number }): ChunkHeader {
  return {
    track: 0,
    epoch: 1_000,
    discontinuity: false,
    end: false,
    timestamp: (part.sequence - 1_000) * 3_600,
    duration: 3_600,
    entry: 0,
    initId: initId(DOCUMENT),
    capturedAt: Date.now(),
    ...part,
  };
}

/** Answers pings; hands on the rest. */
function listen(link: Link, take: (type: number, body: Bytes) => void): void {
  link.receive = (type, body) => {
    if (type !== ping.type) take(type, body);
    else link.send(encodeMessage(pong, { sentAt: decodeBody(ping, body).sentAt, clock: Date.now() }));
  };
}

export class TestPublisher {
  readonly link: Link;
  readonly channel: string;
  readonly signer: Signer;
  refusal: Refused | undefined;
  nextSequence: number | undefined;
  #sequence = 1_000;
  #group = 1_000;

  /** Asks to publish at once. */
  constructor(link: Link, options: { channel: string; publishKey: string; signer: Signer; version?: number }) {
    this.link = link;
    this.channel = options.channel;
    this.signer = options.signer;
    listen(link, (type, body) => {
      if (type === challenge.type) void this.#prove(decodeBody(challenge, body).nonce, options.publishKey);
      else if (type === published.type) this.nextSequence = decodeBody(published, body).nextSequence;
      else if (type === refused.type) this.refusal = decodeBody(refused, body);
    });
    const { publicKey } = options.signer;
    link.send(encodeMessage(publish, { version: options.version ?? 1, channel: options.channel, publicKey }));
  }

  async #prove(nonce: Bytes, publishKey: string): Promise<void> {
    const message = proofMessage(nonce, this.channel, this.signer.publicKey);
    const signature = await this.signer.sign(message);
    this.link.send(encodeMessage(prove, { mac: proofMac(publishKey, message), signature }));
  }

  /** Waits until the relay has agreed, then sends the init document. */
  async begin(): Promise<void> {
    await until('published or refused', () => this.nextSequence !== undefined || this.refusal !== undefined);
    assert.equal(this.refusal, undefined);
    this.#sequence = Math.max(this.#sequence, this.nextSequence ?? 0);
    this.link.send(encodeMessage(init, { track: 0, document: DOCUMENT }));
  }

  /** Signs and sends the next chunks; the first starts a group. */
  async group(chunks: number, payloadSize = 1_000): Promise<void> {
    this.#group = this.#sequence;
    for (let i = 0; i < chunks; i++) {
      const header = headerOf({ sequence: this.#sequence++, group: this.#group });
      this.send(await signChunk(this.channel, header, new Uint8Array(payloadSize), this.signer));
    }
  }

  send(signed: Chunk): void {
    this.link.send(encodeMessage(chunk, signed));
  }

  unpublish(): void {
    this.link.send(encodeMessage(unpublish, {}));
  }
}

export class TestViewer {
  readonly link: Link;
  readonly states: ChannelState[] = [];
  readonly sequences: number[] = [];
  readonly beacons: Beacon[] = [];
  readonly skips: Skipped[] = [];
  inits = 0;
  bytes = 0;
  refusal: Refused | undefined;
  goaway: Goaway | undefined;

  constructor(link: Link, channel: string, version = 1) {
    this.link = link;
    listen(link, (type, body) => {
      if (type === chunk.type) {
        this.sequences.push(decodeBody(chunk, body).header.sequence);
        this.bytes += body.length;
      } else if (type === channelState.type) this.states.push(decodeBody(channelState, body));
      else if (type === init.type) this.inits++;
      else if (type === beacon.type) this.beacons.push(decodeBody(beacon, body));
      else if (type === skipped.type) this.skips.push(decodeBody(skipped, body));
      else if (type === refused.type) this.refusal = decodeBody(refused, body);
      else if (type === goaway.type) this.goaway = decodeBody(goaway, body);
    });
    link.send(encodeMessage(subscribe, { version, channel }));
  }

  get state(): string | undefined {
    return this.states.at(-1)?.state;
  }
}
