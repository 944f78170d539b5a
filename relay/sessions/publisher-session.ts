// One publisher on a link: proves its keys, then every chunk is checked before the channel takes it.

import type { Bytes } from '../../core/bytes.ts';
import { equalBytes } from '../../core/bytes.ts';
import type { Chunk } from '../../core/chunk.ts';
import { ProtocolViolation } from '../../core/errors.ts';
import type { Link } from '../../core/link.ts';
import { createVerifier, type Verify, verifyChunk } from '../../core/signature.ts';
import type { Millis } from '../../core/time.ts';
import { decodeBody, encodeMessage } from '../../core/wire/framing.ts';
import {
  challenge,
  chunk as chunkMessage,
  init as initMessage,
  prove,
  published,
  unpublish,
} from '../../core/wire/index.ts';
import { proofMac, proofMessage } from '../../core/wire/proof.ts';
import type { Prove } from '../../core/wire/prove.ts';
import type { RefusalCode } from '../../core/wire/refused.ts';
import { type AccessAnswer, denied } from '../access/access-answer.ts';
import type { Pass } from '../access/pass.ts';
import type { Channel, Publisher } from '../channels/channel.ts';
import { RateCap } from './rate-cap.ts';
import type { Role } from './role.ts';
import type { SessionContext } from './session-context.ts';
import { SwarmSeat } from './swarm-seat.ts';

/** The part of a session that its publisher uses. */
interface Host {
  readonly link: Pick<Link, 'send' | 'writable'>;
  readonly address: string;
  refuse(code: RefusalCode, reason: string): void;
  /** For the token, if it shows one. */
  readonly pass: Pass;
}

/** What a publisher's first message said about itself. */
interface Claim {
  readonly publicKey: Bytes;
  /** Absent: it proves the publish key. */
  readonly token?: string;
}

/** What waits for its turn, in the order it came. */
type Work =
  | { readonly type: 'init'; readonly track: number; readonly document: Bytes }
  | { readonly type: 'chunk'; readonly chunk: Chunk; readonly genuine: Promise<boolean> }
  | { readonly type: 'unpublish' }
  /** The link has ended. */
  | { readonly type: 'left' };

/** Chunks that may wait for their verification: about a second of the fastest stream. */
const MAX_WAITING = 4_096;

export class PublisherSession implements Role, Publisher {
  readonly kind = 'publisher';
  readonly channel: Channel;
  readonly publicKey: Bytes;
  readonly #host: Host;
  readonly #context: SessionContext;
  readonly #nonce: Bytes;
  readonly #token: string | undefined;
  readonly #rate: RateCap;
  readonly #seat: SwarmSeat;
  #verify: Verify | undefined;
  #state: 'challenged' | 'checking' | 'live' | 'over' = 'challenged';
  #queue: Work[] = [];
  #working = false;

  constructor(host: Host, channel: Channel, { publicKey, token }: Claim, context: SessionContext) {
    this.#host = host;
    this.channel = channel;
    this.publicKey = publicKey.slice();
    this.#token = token;
    this.#context = context;
    this.#rate = new RateCap(context.access.publishBytesPerSecond(channel.name), context.steady());
    const { steady, log } = context;
    this.#seat = new SwarmSeat({ link: host.link, channel, role: 'source', address: host.address, steady, log });
    this.#nonce = crypto.getRandomValues(new Uint8Array(32));
    host.link.send(encodeMessage(challenge, { nonce: this.#nonce }));
  }

  receive(type: number, body: Bytes): void {
    if (this.#state === 'over') return;
    if (type === prove.type) {
      if (this.#state !== 'challenged') throw new ProtocolViolation('prove came twice');
      this.#state = 'checking';
      void this.#check(decodeBody(prove, body));
      return;
    }
    // Whoever has proven its keys may stand in for the relay.
    if (this.#state === 'live' && this.#seat.receive(type, body)) return;
    const known = type === initMessage.type || type === chunkMessage.type || type === unpublish.type;
    if (!known) return; // room to grow
    if (this.#state !== 'live') throw new ProtocolViolation(`message type ${type} came before published`);
    const bytesPerSecond = this.#context.access.publishBytesPerSecond(this.channel.name);
    this.#rate.perSecond = bytesPerSecond;
    if (!this.#rate.take(body.length, this.#context.steady())) {
      this.#refuse('too-fast', `at most ${(bytesPerSecond * 8) / 1e6} Mbit/s are accepted`);
      return;
    }
    const work = this.#read(type, body);
    if (work) this.#enqueue(work);
  }

  heard(): void {
    this.#seat.heard();
  }

  pong(sentAt: Millis): void {
    this.#seat.pong(sentAt);
  }

  // What came before the end counts first: the last chunks, and perhaps that the broadcast is over.
  ended(): void {
    this.#seat.ended();
    if (this.#state === 'live') this.#enqueue({ type: 'left' });
    else this.#leave();
  }

  #leave(): void {
    this.#state = 'over';
    this.channel.close(this, 'waiting');
  }

  replace(): void {
    this.#refuse('replaced', 'the same key has begun to publish from elsewhere');
  }

  async #check(proof: Prove): Promise<void> {
    const message = proofMessage(this.#nonce, this.channel.name, this.publicKey);
    const denial = this.#token === undefined ? this.#keyFault(proof, message) : await this.#host.pass.show(this.#token);
    if (denial && !denial.ok) {
      const code = denial.code === 'unavailable' ? denial.code : 'not-allowed';
      if (this.#state === 'checking') this.#refuse(code, denial.reason); // else the link has ended meanwhile
      return;
    }
    this.#verify = await createVerifier(this.publicKey, crypto.subtle);
    const genuine = await this.#verify(proof.signature, message);
    if (this.#state !== 'checking') return; // the link has ended meanwhile
    if (!genuine) this.#refuse('not-allowed', 'the proof is not signed with the channel key');
    else this.#open();
  }

  #keyFault(proof: Prove, message: Bytes): AccessAnswer | undefined {
    const keys = this.#context.access.publishKeysOf(this.channel.name);
    return keys.some(key => equalBytes(proofMac(key, message), proof.mac)) ? undefined : denied('wrong publish key');
  }

  #open(): void {
    const older = this.channel.publisher;
    if (older && !equalBytes(older.publicKey, this.publicKey)) {
      this.#refuse('taken', `somebody else publishes ${this.channel.name}`);
      return;
    }
    older?.replace();
    this.#state = 'live';
    this.channel.open(this);
    this.#context.log.info({ channel: this.channel.name }, 'publishing');
    this.#host.link.send(encodeMessage(published, { nextSequence: this.channel.nextSequence }));
  }

  #read(type: number, body: Bytes): Work | undefined {
    if (type === unpublish.type) return { type: 'unpublish' };
    if (type === initMessage.type) return { type: 'init', ...decodeBody(initMessage, body) };
    try {
      const chunk = decodeBody(chunkMessage, body);
      return { type: 'chunk', chunk, genuine: verifyChunk(this.channel.name, chunk, this.#verify!) }; // set before live
    } catch (error) {
      if (!(error instanceof ProtocolViolation)) throw error;
      this.#refuse('bad-chunk', error.message);
      return undefined;
    }
  }

  #enqueue(work: Work): void {
    if (this.#queue.length >= MAX_WAITING && work.type !== 'left') {
      this.#refuse('too-fast', 'chunks come faster than they can be verified');
      return;
    }
    this.#queue.push(work);
    if (this.#working) return;
    this.#working = true;
    void this.#work();
  }

  async #work(): Promise<void> {
    while (this.#queue.length > 0 && this.#state === 'live') {
      const queue = this.#queue;
      this.#queue = [];
      for (const work of queue) {
        const fault = await this.#do(work);
        if (this.#state !== 'live') break;
        if (fault) this.#refuse('bad-chunk', fault);
      }
    }
    this.#queue = [];
    this.#working = false;
  }

  async #do(work: Work): Promise<string | undefined> {
    if (work.type === 'unpublish') {
      this.#state = 'over';
      this.channel.close(this, 'ended');
      this.#context.log.info({ channel: this.channel.name }, 'ended');
      return undefined;
    }
    if (work.type === 'left') {
      this.#leave();
      return undefined;
    }
    if (work.type === 'init') {
      try {
        return this.channel.addInit(work.track, work.document);
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    }
    const { header } = work.chunk;
    if (!(await work.genuine)) return `chunk ${header.sequence}: the signature is not the channel key's`;
    const fault = this.#state === 'live' ? this.channel.addChunk(work.chunk) : undefined;
    return fault && `chunk ${header.sequence}: ${fault}`;
  }

  #refuse(code: RefusalCode, reason: string): void {
    this.#state = 'over';
    this.channel.close(this, 'waiting');
    this.#host.refuse(code, reason);
  }
}
