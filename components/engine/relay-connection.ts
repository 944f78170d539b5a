// Keeps a link to the relay: connects, watches that it lives, and connects again for ever, with backoff and jitter.

import type { Bytes } from '../../core/bytes.ts';
import { CloseCode, type Link } from '../../core/link.ts';
import type { Millis } from '../../core/time.ts';
import { WIRE_VERSION } from '../../core/wire/codec.ts';
import { decodeBody, encodeMessage } from '../../core/wire/framing.ts';
import { goaway, ping, pong, refused, subscribe } from '../../core/wire/index.ts';
import type { Resume } from '../../core/wire/subscribe.ts';
import { backoff } from './backoff.ts';
import { type ChannelDocument, fetchChannelDocument } from './channel-document.ts';
import type { EngineFault, EngineOptions, RelayTransport } from './engine-messages.ts';
import { loadTransmuxer } from './load-transmuxer.ts';
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

/** What the connection tells its owner. */
export interface RelayConnectionOwner {
  /** A link is up and the channel is asked for. */
  opened(transport: RelayTransport, document: ChannelDocument): void;
  /** Where to go on after a reconnection; undefined: at the newest group. */
  resume(): Resume | undefined;
  /** A message other than those about the connection itself. May throw `ProtocolViolation`, which closes the link. */
  received(type: number, body: Bytes): void;
  clock(offset: Millis, roundTripMs: Millis): void;
  /** The link is gone, or none could be made; another attempt follows. Without a reason it was left. */
  lost(reason: string | undefined): void;
  /** The relay says no, for good. */
  refused(fault: EngineFault): void;
}

/** One channel's connection. */
export class RelayConnection {
  readonly #options: EngineOptions;
  readonly #owner: RelayConnectionOwner;
  readonly #clock = new RelayClock();
  #ended = new AbortController();
  #wake: () => void = () => {};
  #link: Link | undefined;
  #isAsleep = false;
  /** Won the last race. */
  #winner: RelayTransport | undefined;

  constructor(options: EngineOptions, owner: RelayConnectionOwner) {
    this.#options = options;
    this.#owner = owner;
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
        const connected = await this.#connect(signal);
        if (!connected) return;
        const openedAt = performance.now();
        const end = await this.#serve(connected.link, connected.document);
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
  async #connect(signal: AbortSignal): Promise<{ link: Link; document: ChannelDocument } | undefined> {
    const { relay, name, transports } = this.#options;
    const attempt = new AbortController();
    const abort = () => attempt.abort();
    signal.addEventListener('abort', abort, { once: true });
    const fetchTimer = setTimeout(abort, FETCH_TIMEOUT_MS);
    const connectTimer = setTimeout(abort, CONNECT_TIMEOUT_MS);
    try {
      const answer = await fetchChannelDocument(relay, name, attempt.signal);
      clearTimeout(fetchTimer);
      if (answer.type === 'refused') {
        this.#owner.refused(answer.fault);
        return undefined;
      }
      // Loaded while the link is being made. Whether that works is seen when there is something to read.
      for (const container of answer.document.containers) loadTransmuxer(container).catch(() => undefined);
      const chosen = chooseTransports(transports, {
        userAgent: navigator.userAgent,
        hasWebTransport: typeof WebTransport !== 'undefined',
      });
      const link = await raceToRelay(answer.document, favour(this.#winner, chosen), attempt.signal);
      this.#winner = link.transport === 'webtransport' ? 'webtransport' : 'websocket';
      return { link, document: answer.document };
    } finally {
      clearTimeout(fetchTimer);
      clearTimeout(connectTimer);
      signal.removeEventListener('abort', abort);
    }
  }

  /** Reads a link to its end. */
  async #serve(link: Link, document: ChannelDocument): Promise<LinkEnd> {
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
    const resume = this.#owner.resume();
    const request = { version: WIRE_VERSION, channel: this.#options.name, ...(resume && { resume }) };
    link.send(encodeMessage(subscribe, request));
    this.#owner.opened(link.transport === 'webtransport' ? 'webtransport' : 'websocket', document);
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
    const { code, reason } = decodeBody(refused, body);
    if (code !== 'bad-name' && code !== 'bad-version' && code !== 'not-allowed') return { reason };
    this.#owner.refused({ code, message: reason });
    return { reason, final: true };
  }
}

interface LinkEnd {
  readonly reason: string;
  readonly retryAfterMs?: Millis;
  /** There is no point in coming back. */
  readonly final?: boolean;
}
