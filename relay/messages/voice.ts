// One link's part in what is said on its channel: it speaks within limits, and hears as much as it reads.

import type { Bytes } from '../../core/bytes.ts';
import type { Link } from '../../core/link.ts';
import type { Millis } from '../../core/time.ts';
import { decodeBody, encodeMessage } from '../../core/wire/framing.ts';
import { message, messageLoss, ping } from '../../core/wire/index.ts';
import type { LossCause } from '../../core/wire/message-loss.ts';
import { LagGauge } from '../sessions/lag-gauge.ts';
import type { Audience, Listener } from './audience.ts';
import { MessageCap, type MessageTerms } from './message-terms.ts';

/** Of messages, no more than this is on the way to one listener. */
const MAX_ON_THE_WAY = 1_048_576;
/** Losses are told at once, and then no more often than this. */
const TELL_EVERY_MS: Millis = 1_000;

export interface VoiceOptions {
  readonly link: Pick<Link, 'send' | 'writable'>;
  readonly audience: Audience;
  /** What others hear it called. */
  readonly name: string;
  readonly terms: MessageTerms;
  /** Whether it is on the channel by now. */
  readonly isThere: () => boolean;
  /** Why it may not speak, if so: a sentence. */
  readonly silence?: string;
}

export class Voice implements Listener {
  readonly #options: VoiceOptions;
  readonly #cap: MessageCap;
  readonly #gauge = new LagGauge();
  readonly #losses = new Map<LossCause, number>();
  #toldAt = Number.NEGATIVE_INFINITY;
  #isOver = false;

  constructor(options: VoiceOptions) {
    this.#options = options;
    const { settings, steady } = options.terms;
    this.#cap = new MessageCap(settings.perSecond, settings.kilobytesPerSecond, steady());
    options.audience.join(this);
  }

  /** Its other side says something. Throws `ProtocolViolation`. */
  speak(body: Bytes): void {
    const { isText, data } = decodeBody(message, body);
    const { audience, name, terms, silence, isThere } = this.#options;
    if (!terms.settings.enabled) this.#lose('off');
    else if (silence !== undefined || !isThere()) this.#lose('not-allowed');
    else if (!this.#cap.take(data.length, terms.steady())) this.#lose('too-fast');
    else if (!audience.say(this, { from: name, isText, data })) this.#lose('busy');
  }

  hear(messages: Bytes, count: number): void {
    const { link, audience, terms, isThere } = this.#options;
    if (!isThere()) return;
    const now = terms.steady();
    if (this.#isFull(now)) {
      audience.missed += count;
      this.#lose('missed', count);
      return;
    }
    this.#tellLosses(now);
    audience.delivered += count;
    link.send(messages);
    this.#gauge.sent(messages.length);
    this.#probe(now);
  }

  /** Its other side answered a ping. */
  pong(sentAt: Millis): void {
    const now = this.#options.terms.steady();
    this.#gauge.pong(sentAt);
    this.#probe(now);
    this.#tellLosses(now);
  }

  /** The link has ended. */
  ended(): void {
    this.#isOver = true;
    this.#options.audience.leave(this);
  }

  #probe(now: Millis): void {
    if (this.#gauge.probe(now)) this.#options.link.send(encodeMessage(ping, { sentAt: now }));
  }

  #isFull(now: Millis): boolean {
    const { onTheWay } = this.#gauge;
    return !this.#options.link.writable(0) || onTheWay > MAX_ON_THE_WAY || this.#gauge.full(now);
  }

  #lose(cause: LossCause, count = 1): void {
    const before = this.#losses.get(cause);
    this.#losses.set(cause, (before ?? 0) + count);
    const { steady, after } = this.#options.terms;
    const now = steady();
    if (now - this.#toldAt >= TELL_EVERY_MS) this.#tellLosses(now);
    else if (before === undefined) after(TELL_EVERY_MS, () => this.#tellLosses(steady()));
  }

  /** Nothing is told over a full link: the answer to a ping says when there is room. */
  #tellLosses(now: Millis): void {
    if (this.#isOver || this.#losses.size === 0 || this.#isFull(now)) return;
    if (now - this.#toldAt < TELL_EVERY_MS - 50) return;
    this.#toldAt = now;
    for (const [cause, count] of this.#losses) {
      this.#options.link.send(encodeMessage(messageLoss, { cause, count, reason: this.#reason(cause) }));
    }
    this.#losses.clear();
  }

  #reason(cause: LossCause): string {
    const { perSecond, kilobytesPerSecond, channelPerSecond, channelKilobytesPerSecond } = this.#options.terms.settings;
    switch (cause) {
      case 'too-fast':
        return `dropped: one sender may send ${perSecond} messages and ${kilobytesPerSecond} kB a second`;
      case 'busy':
        return `dropped: the channel carries ${channelPerSecond} messages and ${channelKilobytesPerSecond} kB a second, fewer the more people it has`;
      case 'off':
        return 'dropped: this relay carries no messages';
      case 'not-allowed':
        return `dropped: ${this.#options.silence ?? 'who has not been let in can not send'}`;
      case 'missed':
        return 'messages were missed: the link was full';
    }
  }
}
