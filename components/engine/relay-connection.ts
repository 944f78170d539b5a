// Keeps a link to the relay for whoever wants something of a channel: connects, watches that it lives, and connects again for ever, with backoff and jitter.

import type { Bytes } from '../../core/bytes.ts';
import { CloseCode, type Link } from '../../core/link.ts';
import type { Millis } from '../../core/time.ts';
import { decodeBody, encodeMessage } from '../../core/wire/framing.ts';
import { goaway, ping, pong, refused } from '../../core/wire/index.ts';
import type { Refused } from '../../core/wire/refused.ts';
import { backoff } from './backoff.ts';
import { type ChannelDocument, type DocumentAnswer, fetchChannelDocument, readReply } from './channel-document.ts';
import type { DocumentReply, EngineFault, RelayTransport } from './engine-messages.ts';
import { RelayClock } from './relay-clock.ts';
import { raceToRelay } from './relay-race.ts';
import { chooseTransports, favour } from './transport-choice.ts';

const CONNECT_TIMEOUT_MS = 8_000;
const FETCH_TIMEOUT_MS = 4_000;
const PING_MS = 1_000;
/** The first pings follow each other quickly, so that the relay's clock is known soon. */
const FIRST_PINGS = 3;
/** A relay sends a beacon or a pong at least once a second: silent for this long, it is gone. */
const SILENCE_MS = 2_500;
/** A link that held this long was a good one: the next attempt comes at once. */
const GOOD_LINK_MS = 5_000;
/** Longest wait that a relay may ask for. */
const MAX_RETRY_MS = 15_000;

/** Which channel of which relay. */
export interface RelayConnectionOptions {
  /** The relay's absolute URL. */
  readonly relay: string;
  readonly name: string;
  /** In the order in which they are tried. */
  readonly transports: readonly RelayTransport[];
  /** For the document; empty or left out for none. */
  readonly token?: string;
  /** Makes the link, in place of the document and the transports. */
  readonly createLink?: (signal: AbortSignal) => Promise<Link>;
  /** Somebody else asks for the document the first time, and tells by `answered`. */
  readonly isAsked?: boolean;
}

/** What the connection tells its owner. */
export interface RelayConnectionOwner {
  /** The relay has been found; the link is being made. */
  found?(document: ChannelDocument): void;
  /** The first message on each link. */
  greeting(): Bytes;
  /** A link is up and the greeting sent. */
  opened(transport: RelayTransport): void;
  /** A message other than those about the connection itself. May throw `ProtocolViolation`, which closes the link. */
  received(type: number, body: Bytes): void;
  clock(offset: Millis, roundTripMs: Millis): void;
  /** The link is gone, or none could be made; another attempt follows. Without a reason it was left. */
  lost(reason: string | undefined): void;
  /** The relay doesn't know such a name. */
  refused(fault: EngineFault): void;
  /** The relay says no: whether that is for good. */
  isFinal(refusal: Refused): boolean;
}

/** One channel's connection. */
export class RelayConnection {
  readonly #options: RelayConnectionOptions;
  readonly #owner: RelayConnectionOwner;
  readonly #clock = new RelayClock();
  #ended = new AbortController();
  /** The page asks for the document the first time. */
  #asked: Promise<DocumentReply | undefined> | undefined;
  /** Shown when the document is asked for. */
  token: string;
  /** Tells what the page was answered. */
  answered: (reply: DocumentReply | undefined) => void = () => {};
  #wake: () => void = () => {};
  #link: Link | undefined;
  #isAsleep = false;
  /** Won the last race. */
  #winner: RelayTransport | undefined;

  constructor(options: RelayConnectionOptions, owner: RelayConnectionOwner) {
    this.#options = options;
    this.#owner = owner;
    this.token = options.token ?? '';
    if (options.isAsked) {
      this.#asked = new Promise(resolve => {
        this.answered = resolve;
      });
    }
    void this.#run(this.#ended.signal);
  }

  /** Sends a message, if there is a link. */
  send(message: Bytes): void {
    this.#link?.send(message);
  }

  /** Leaves, or comes back. */
  sleep(isAsleep: boolean): void {
    this.#isAsleep = isAsleep;
    if (isAsleep) this.#link?.close(CloseCode.done, 'nobody watches');
    else this.#wake();
  }

  /** Tries again now, if it is waiting to. */
  wake(): void {
    if (!this.#isAsleep) this.#wake();
  }

  /** Leaves. */
  close(): void {
    this.#ended.abort();
    this.#wake();
    this.#link?.close(CloseCode.done, 'the viewer leaves');
  }

  async #run(signal: AbortSignal): Promise<void> {
    let attempt = 0;
    while (!signal.aborted) {
      let retryAfterMs: Millis | undefined;
      try {
        const link = await this.#connect(signal);
        if (!link) return;
        const openedAt = performance.now();
        const end = await this.#serve(link);
        if (signal.aborted || end.final) return;
        if (performance.now() - openedAt >= GOOD_LINK_MS) attempt = 0;
        retryAfterMs = end.retryAfterMs;
        this.#owner.lost(this.#isAsleep ? undefined : end.reason);
      } catch (error) {
        if (signal.aborted) return;
        this.#winner = undefined;
        this.#owner.lost(error instanceof Error ? error.message : String(error));
      }
      const wait = retryAfterMs ?? backoff(attempt++, Math.random());
      await new Promise<void>(resolve => {
        const timer = this.#isAsleep ? undefined : setTimeout(resolve, wait);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Undefined when the relay refuses for good. Throws when there is no way through. */
  async #connect(signal: AbortSignal): Promise<Link | undefined> {
    const { transports, createLink } = this.#options;
    const attempt = new AbortController();
    const abort = () => attempt.abort();
    signal.addEventListener('abort', abort, { once: true });
    const fetchTimer = setTimeout(abort, FETCH_TIMEOUT_MS);
    const connectTimer = setTimeout(abort, CONNECT_TIMEOUT_MS);
    try {
      if (createLink) return await createLink(attempt.signal);
      const answer = await this.#document(attempt.signal);
      clearTimeout(fetchTimer);
      if (answer.type === 'refused') {
        this.#owner.refused(answer.fault);
        return undefined;
      }
      this.#owner.found?.(answer.document);
      const chosen = chooseTransports(transports, {
        userAgent: navigator.userAgent,
        hasWebTransport: typeof WebTransport !== 'undefined',
      });
      const link = await raceToRelay(answer.document, favour(this.#winner, chosen), attempt.signal);
      this.#winner = link.transport === 'webtransport' ? 'webtransport' : 'websocket';
      return link;
    } finally {
      clearTimeout(fetchTimer);
      clearTimeout(connectTimer);
      signal.removeEventListener('abort', abort);
    }
  }

  async #document(signal: AbortSignal): Promise<DocumentAnswer> {
    const { relay, name } = this.#options;
    const asked = await this.#asked;
    this.#asked = undefined;
    signal.throwIfAborted();
    return asked ? readReply(asked, name) : fetchChannelDocument(relay, name, signal, this.token);
  }

  /** Reads a link to its end. */
  async #serve(link: Link): Promise<LinkEnd> {
    let end: Partial<LinkEnd> = {};
    let heardAt = performance.now();
    let pings = 0;
    this.#link = link;
    this.#clock.reset();
    link.receive = (type, body) => {
      heardAt = performance.now();
      if (type === pong.type) this.#takePong(body);
      else if (type === ping.type) {
        const { sentAt } = decodeBody(ping, body);
        link.send(encodeMessage(pong, { sentAt, clock: Date.now() }));
      } else if (type === refused.type) end = this.#takeRefusal(body);
      else if (type === goaway.type) {
        const { retryAfterMs, reason } = decodeBody(goaway, body);
        // Not all viewers at once.
        end = { reason, retryAfterMs: Math.min(retryAfterMs, MAX_RETRY_MS) * (1 + Math.random() / 4) };
        link.close(CloseCode.goingAway, 'as asked');
      } else this.#owner.received(type, body);
    };
    const sendPing = () => {
      pings++;
      link.send(encodeMessage(ping, { sentAt: Math.round(performance.now()) }));
    };
    const timer = setInterval(() => {
      const now = performance.now();
      if (now - heardAt > SILENCE_MS) link.close(CloseCode.failed, 'the relay is silent');
      else if (pings < FIRST_PINGS || now - lastPing >= PING_MS - 20) {
        lastPing = now;
        sendPing();
      }
    }, 200);
    let lastPing = performance.now();
    if (this.#ended.signal.aborted || this.#isAsleep) link.close(CloseCode.done, 'the viewer leaves');
    link.send(this.#owner.greeting());
    this.#owner.opened(link.transport === 'webtransport' ? 'webtransport' : 'websocket');
    sendPing();
    const close = await link.closed;
    clearInterval(timer);
    this.#link = undefined;
    return { reason: close.reason || `the link ended (${close.code})`, ...end };
  }

  #takePong(body: Bytes): void {
    const { sentAt, clock } = decodeBody(pong, body);
    const zero = performance.timeOrigin;
    this.#clock.take(zero + sentAt, zero + performance.now(), clock);
    const { offset, roundTripMs } = this.#clock;
    if (offset !== undefined && roundTripMs !== undefined) this.#owner.clock(offset, roundTripMs);
  }

  #takeRefusal(body: Bytes): Partial<LinkEnd> {
    const refusal = decodeBody(refused, body);
    return { reason: refusal.reason, final: this.#owner.isFinal(refusal) };
  }
}

interface LinkEnd {
  readonly reason: string;
  readonly retryAfterMs?: Millis;
  /** There is no point in coming back. */
  readonly final?: boolean;
}
