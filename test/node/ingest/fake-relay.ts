// The relay's end of a link in memory, as far as a publisher sees it; keeps what it was sent.

import { randomBytes } from 'node:crypto';
import type { Bytes } from '../../../core/bytes.ts';
import { equalBytes, toHex } from '../../../core/bytes.ts';
import { type Chunk, startsGroup } from '../../../core/chunk.ts';
import { decodeInit, initId } from '../../../core/init-document.ts';
import type { Link } from '../../../core/link.ts';
import { memoryLinkPair } from '../../../core/links/memory-link.ts';
import { createVerifier, verifyChunk } from '../../../core/signature.ts';
import { decodeBody, encodeMessage } from '../../../core/wire/framing.ts';
import {
  challenge,
  chunk,
  init,
  ping,
  pong,
  prove,
  publish,
  published,
  refused,
  unpublish,
} from '../../../core/wire/index.ts';
import { proofMac, proofMessage } from '../../../core/wire/proof.ts';
import type { RefusalCode } from '../../../core/wire/refused.ts';

export const PUBLISH_KEY = 'correct horse';

export class FakeRelay {
  chunks: Chunk[] = [];
  inits: Bytes[] = [];
  faults: string[] = [];
  sessions = 0;
  unpublished = false;
  refuseWith: RefusalCode | undefined;
  /** Milliseconds by which its clock is ahead. */
  clockAhead = 0;
  /** What `published` says; undefined: one after the last chunk. */
  nextSequence: number | undefined;
  link: Link | undefined;
  unreachable = false;
  /** Full memory of the last session only. */
  sessionStart = 0;
  #now: () => number;

  constructor(now: () => number = () => performance.timeOrigin + performance.now()) {
    this.#now = now;
  }

  readonly connect = async (): Promise<Link> => {
    if (this.unreachable) throw new Error('the relay is away');
    const [theirs, ours] = memoryLinkPair();
    this.#serve(ours);
    return theirs;
  };

  /** All payloads in order. */
  get payload(): Buffer {
    return Buffer.concat(this.chunks.map(one => one.payload));
  }

  #serve(link: Link): void {
    this.link = link;
    this.sessionStart = this.chunks.length;
    const nonce = new Uint8Array(randomBytes(32));
    let channel = '';
    let publicKey: Bytes = new Uint8Array(32);
    let live = false;
    const known = new Set<string>();
    let last: number | undefined;
    link.receive = (type, body) => {
      if (type === publish.type) {
        ({ channel, publicKey } = decodeBody(publish, body));
        if (this.refuseWith) {
          link.send(encodeMessage(refused, { code: this.refuseWith, reason: 'because the test says so' }));
          link.close(2, 'refused');
          return;
        }
        link.send(encodeMessage(challenge, { nonce }));
      } else if (type === prove.type) {
        const proof = decodeBody(prove, body);
        const message = proofMessage(nonce, channel, publicKey);
        if (!equalBytes(proof.mac, proofMac(PUBLISH_KEY, message))) {
          link.send(encodeMessage(refused, { code: 'not-allowed', reason: 'wrong publish key' }));
          link.close(2, 'refused');
          return;
        }
        live = true;
        this.sessions++;
        const lastChunk = this.chunks.at(-1);
        const next = this.nextSequence ?? (lastChunk ? lastChunk.header.sequence + 1 : 0);
        link.send(encodeMessage(published, { nextSequence: next }));
      } else if (type === ping.type) {
        const { sentAt } = decodeBody(ping, body);
        link.send(encodeMessage(pong, { sentAt, clock: Math.round(this.#now() + this.clockAhead) }));
      } else if (type === init.type) {
        const { document } = decodeBody(init, body);
        decodeInit(document);
        known.add(toHex(initId(document)));
        this.inits.push(document);
      } else if (type === chunk.type) {
        if (!live) this.faults.push('a chunk before published');
        const one = decodeBody(chunk, body);
        const { header } = one;
        if (!known.has(toHex(header.initId))) this.faults.push(`chunk ${header.sequence} before its init`);
        if (last !== undefined && header.sequence <= last)
          this.faults.push(`sequence ${header.sequence} after ${last}`);
        if (last === undefined && !startsGroup(header) && header.sequence !== this.chunks.at(-1)!.header.sequence + 1) {
          this.faults.push('a session begins in mid-group');
        }
        last = header.sequence;
        this.chunks.push(one);
        void this.#verify(channel, publicKey, one);
      } else if (type === unpublish.type) {
        this.unpublished = true;
      }
    };
  }

  async #verify(channel: string, publicKey: Bytes, one: Chunk): Promise<void> {
    const verify = await createVerifier(publicKey, crypto.subtle);
    if (!(await verifyChunk(channel, one, verify))) this.faults.push(`bad signature on ${one.header.sequence}`);
  }
}
