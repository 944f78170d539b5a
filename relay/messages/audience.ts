// Everybody on a channel who hears what is said there: bounds how much that is, and hands it out in order.

import { type Bytes, concat } from '../../core/bytes.ts';
import type { Millis } from '../../core/time.ts';
import { encodeMessage } from '../../core/wire/framing.ts';
import { message } from '../../core/wire/index.ts';
import type { Message } from '../../core/wire/message.ts';
import type { RateCap } from '../sessions/rate-cap.ts';
import { channelReserve, chargeOf, MessageCap, type MessageTerms } from './message-terms.ts';

/** Somebody on the channel. */
export interface Listener {
  /** Takes `count` messages, in one piece, or leaves them. */
  hear(messages: Bytes, count: number): void;
}

/** The first message goes out at once, those that come within this time after it together: each write costs. */
const GATHER_MS: Millis = 20;

/** What was said and has not been handed out. */
interface Said {
  readonly by: Listener;
  readonly forOthers: Bytes;
  readonly forSpeaker: Bytes;
}

export class Audience {
  /** Messages handed out, and those that passed somebody by whose link was full. */
  delivered = 0;
  missed = 0;
  readonly #terms: MessageTerms;
  readonly #cap: MessageCap;
  readonly #reserve: RateCap;
  readonly #listeners = new Set<Listener>();
  #said: Said[] = [];
  #isGathering = false;

  constructor(terms: MessageTerms) {
    this.#terms = terms;
    this.#reserve = channelReserve(terms);
    const { channelPerSecond, channelKilobytesPerSecond } = terms.settings;
    this.#cap = new MessageCap(channelPerSecond, channelKilobytesPerSecond, terms.steady());
  }

  get size(): number {
    return this.#listeners.size;
  }

  join(listener: Listener): void {
    this.#listeners.add(listener);
  }

  leave(listener: Listener): void {
    this.#listeners.delete(listener);
  }

  /** Gives a message to everybody, its speaker included; false when that is more than the channel, or the relay, carries. */
  say(by: Listener, said: Omit<Message, 'own'>): boolean {
    const now = this.#terms.steady();
    const { length } = said.data;
    if (!this.#cap.take(length, now)) return false;
    const charge = chargeOf(length, this.size);
    if (!this.#terms.deliveries.take(charge, now) && !this.#reserve.take(charge, now)) return false;
    this.#said.push({
      by,
      forOthers: encodeMessage(message, { ...said, own: false }),
      forSpeaker: encodeMessage(message, { ...said, own: true }),
    });
    if (!this.#isGathering) this.#handOut();
    return true;
  }

  #handOut(): void {
    const said = this.#said;
    if (said.length === 0) {
      this.#isGathering = false;
      return;
    }
    this.#said = [];
    this.#isGathering = true;
    this.#terms.after(GATHER_MS, () => this.#handOut());
    const speakers = new Set(said.map(({ by }) => by));
    const forOthers = concat(said.map(one => one.forOthers));
    for (const listener of this.#listeners) {
      const isSpeaker = speakers.has(listener);
      const messages = isSpeaker
        ? concat(said.map(one => (one.by === listener ? one.forSpeaker : one.forOthers)))
        : forOthers;
      listener.hear(messages, said.length);
    }
  }
}
