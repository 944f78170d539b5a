// A session's seat in the swarm of its channel: reads what it says there, within limits, and tells it what concerns it.

import type { Bytes } from '../../core/bytes.ts';
import { ProtocolViolation } from '../../core/errors.ts';
import type { Link } from '../../core/link.ts';
import type { Millis } from '../../core/time.ts';
import { decodeBody, encodeMessage } from '../../core/wire/framing.ts';
import { complaint, have, joinSwarm, leaveSwarm, ping, served, signal, swarmReport } from '../../core/wire/index.ts';
import type { Channel } from '../channels/channel.ts';
import type { Log } from '../log.ts';
import { networkOf } from '../swarm/network-of.ts';
import type { SwarmMember } from '../swarm/swarm-member.ts';
import { RateCap } from './rate-cap.ts';

/** Signals that one session may send a second, and this many seconds' worth at once: connecting to 20 peers takes about 150. */
const SIGNALS = { perSecond: 20, bytesPerSecond: 32_000, burstSeconds: 10 } as const;
/** All its other messages to the swarm. */
const MESSAGES = { perSecond: 20, burstSeconds: 10 } as const;
/** What a round trip is taken for while none has been measured. */
const UNKNOWN_ROUND_TRIP: Millis = 50;

const HANDLED = new Set([joinSwarm, leaveSwarm, swarmReport, complaint, served, signal, have].map(codec => codec.type));

export interface SeatOptions {
  readonly link: Pick<Link, 'send' | 'writable'>;
  readonly channel: Channel;
  readonly role: SwarmMember['role'];
  /** How many stripes the other side counted before it lost an earlier link. */
  readonly stripes?: number;
  /** The other side's IP address. */
  readonly address: string;
  readonly quality?: SwarmMember['quality'];
  readonly steady: () => Millis;
  readonly log: Log;
}

export class SwarmSeat implements SwarmMember {
  readonly role: SwarmMember['role'];
  readonly network: string;
  readonly stripes: number | undefined;
  readonly quality: SwarmMember['quality'];
  readonly #options: SeatOptions;
  readonly #signals: RateCap;
  readonly #signalBytes: RateCap;
  readonly #messages: RateCap;
  #roundTripMs: Millis | undefined;
  #flooded = false;

  constructor(options: SeatOptions) {
    const now = options.steady();
    this.#options = options;
    this.role = options.role;
    this.stripes = options.stripes;
    this.quality = options.quality;
    this.network = networkOf(options.address);
    this.#signals = new RateCap(SIGNALS.perSecond, now, SIGNALS.burstSeconds);
    this.#signalBytes = new RateCap(SIGNALS.bytesPerSecond, now, SIGNALS.burstSeconds);
    this.#messages = new RateCap(MESSAGES.perSecond, now, MESSAGES.burstSeconds);
  }

  get roundTripMs(): Millis {
    return Math.round(this.#roundTripMs ?? UNKNOWN_ROUND_TRIP);
  }

  get ready(): boolean {
    return this.#options.link.writable(0);
  }

  /** Takes a message if it is one to the swarm; false if it isn't. Throws `ProtocolViolation`. */
  receive(type: number, body: Bytes): boolean {
    if (!HANDLED.has(type)) return false;
    if (type !== leaveSwarm.type && !this.#mayGoOn(type, body.length)) return true;
    const { channel } = this.#options;
    if (type === joinSwarm.type) this.#join(body);
    else if (type === leaveSwarm.type) channel.gathering?.leave(this);
    else if (type === swarmReport.type) channel.gathering?.report(this, decodeBody(swarmReport, body));
    else if (type === complaint.type) channel.gathering?.complain(this, decodeBody(complaint, body));
    else if (type === served.type) channel.gathering?.served(this, decodeBody(served, body));
    else if (type === have.type) channel.gathering?.placed?.(this, decodeBody(have, body));
    else this.#signal(body);
    return true;
  }

  /** Something came over the link. */
  heard(): void {
    this.#options.channel.gathering?.heard(this);
  }

  /** A ping was answered that was sent at `sentAt` of the steady clock. */
  pong(sentAt: Millis): void {
    const ms = this.#options.steady() - sentAt;
    const known = this.#roundTripMs;
    if (ms < 0 || ms > 60_000) return; // not an answer to what was asked
    // Only the quickest answers tell the distance; the others waited behind chunks.
    this.#roundTripMs = known === undefined || ms < known ? ms : known + (ms - known) / 16;
  }

  /** The link has ended. */
  ended(): void {
    this.#options.channel.gathering?.leave(this);
  }

  tell(message: Bytes): void {
    this.#options.link.send(message);
  }

  probe(): void {
    // One off, so that its answer isn't taken for that of a ping behind chunks.
    this.tell(encodeMessage(ping, { sentAt: Math.max(0, this.#options.steady() - 1) }));
  }

  #join(body: Bytes): void {
    const message = decodeBody(joinSwarm, body);
    if (message.role !== this.role) throw new ProtocolViolation(`a ${this.role} joined the swarm as ${message.role}`);
    this.#options.channel.enterSwarm().join(this, message);
  }

  #signal(body: Bytes): void {
    const { channel, log } = this.#options;
    const message = decodeBody(signal, body);
    if (channel.gathering?.signal(this, message)) return;
    log.debug(
      { channel: channel.name, to: message.peer, kind: message.kind },
      'signal dropped: not introduced or gone',
    );
  }

  #mayGoOn(type: number, bytes: number): boolean {
    const { steady, log, channel } = this.#options;
    const now = steady();
    const may =
      type === signal.type
        ? this.#signals.take(1, now) && this.#signalBytes.take(bytes, now)
        : this.#messages.take(1, now);
    if (may || this.#flooded) return may;
    this.#flooded = true; // told once: a flood must not fill the log
    log.info({ channel: channel.name, type }, 'too many messages to the swarm: the surplus is dropped');
    return false;
  }
}
