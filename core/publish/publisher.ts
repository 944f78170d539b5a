// Publishes a channel over a link: proves the keys, sends init and chunks, and connects again when the relay goes away.

import type { Bytes } from '../bytes.ts';
import type { Chunk } from '../chunk.ts';
import { initId } from '../init-document.ts';
import { CloseCode, type Link, type Transport } from '../link.ts';
import { type Millis, TICKS_PER_MILLI } from '../time.ts';
import { encodeMessage } from '../wire/framing.ts';
import { chunk as chunkMessage, init, ping, renewAccess, unpublish } from '../wire/index.ts';
import type { RefusalCode } from '../wire/refused.ts';
import { Backoff, type BackoffOptions } from './backoff.ts';
import { type Identity, openSession, type SessionEnd } from './publish-session.ts';
import { PublishWindow } from './publish-window.ts';
import { RelayClock } from './relay-clock.ts';
import { RoundTrips } from './round-trips.ts';

export interface PublisherOptions extends Identity {
  /** 0 ≤ x < 1. */
  readonly random: () => number;
  readonly backoff?: BackoffOptions;
  /** Milliseconds from ping to ping, 2,000 if not given; the relay is silent after five of them. */
  readonly pingMs?: Millis;
  /** Most bytes held, 4 MiB if not given. */
  readonly windowBytes?: number;
  /** Give up when the first connection fails. */
  readonly once?: boolean;
  /** The relay is ready for chunks from `nextSequence` on; called for every session. */
  readonly published: (nextSequence: number) => void;
  /** A session has begun, in which `tell` sends the relay messages about other things than publishing… */
  readonly relayUp?: (tell: (message: Bytes) => void) => void;
  /** …and has ended. */
  readonly relayDown?: () => void;
}

/** How a publisher ended. */
export type PublisherEnd =
  | { readonly code: 'stopped' }
  | { readonly code: 'refused'; readonly refusal: RefusalCode; readonly reason: string }
  | { readonly code: 'unreachable'; readonly reason: string };

/** Refusals that trying again can't change. */
const FINAL: ReadonlySet<RefusalCode> = new Set(['bad-name', 'bad-version', 'not-allowed', 'taken', 'replaced']);
/** A relay that asks to be left alone for longer is asked again all the same. */
const MAX_RETRY_MS: Millis = 60_000;
const PING_MS: Millis = 2_000;
/** A relay that was restarted is back within seconds, and all its viewers wait for what we send. */
const WAITS: BackoffOptions = { firstMs: 250, capMs: 2_000 };
/** How long an orderly end waits for what was not sent. */
const DRAIN_MS: Millis = 3_000;

/** Keeps one channel published until it is stopped or refused for good. */
export class Publisher {
  readonly relayClock = new RelayClock();
  readonly roundTrips = new RoundTrips();
  readonly ended: Promise<PublisherEnd>;
  readonly #options: PublisherOptions;
  readonly #window: PublishWindow;
  readonly #stopping = new AbortController();
  #link: Link | undefined;
  #beganAt: Millis = 0;
  #sent = { chunks: 0, bytes: 0, sessions: 0 };
  #toldDropped = 0;
  #emptied: (() => void) | undefined;
  #waking = new AbortController();
  #token: string | undefined;

  constructor(options: PublisherOptions) {
    this.#options = options;
    this.#token = options.token;
    this.#window = new PublishWindow(options.windowBytes);
    this.ended = this.#run();
  }

  /** Chunks and bytes sent, chunks dropped because the relay was away or the uplink too slow, and sessions begun. */
  get stats() {
    return { ...this.#sent, dropped: this.#window.dropped, connected: this.#link !== undefined };
  }

  /** What carries the session, if there is one. */
  get transport(): Transport | undefined {
    return this.#link?.transport;
  }

  /** How much media waits to be sent. */
  get waitingMs(): Millis {
    const waiting = this.#window.waiting;
    return waiting ? (waiting.to - waiting.from) / TICKS_PER_MILLI : 0;
  }

  /** Gives up what waits: it is too old to be of use. What follows is sent from the next group on. */
  dropWaiting(): void {
    this.#window.dropUnsent();
  }

  /** Tries again now, if it waits to; what it is connected by is asked whether it lives. */
  wake(): void {
    this.#waking.abort();
    this.#waking = new AbortController();
    this.#link?.send(this.#ping());
  }

  /** Shows another token, now and from now on, so that nothing is interrupted when the one before ends. */
  renew(token: string): void {
    this.#token = token;
    this.#link?.send(encodeMessage(renewAccess, { token }));
  }

  /** The init document of the chunks that follow. */
  init(document: Bytes): void {
    this.#window.addInit(initId(document), document);
  }

  /** The next chunk. Held while the relay is away, and dropped with its whole group when too much is held. */
  chunk(chunk: Chunk): void {
    this.#window.add(chunk);
    this.#pump();
    this.#tellDropped();
  }

  /** Ends: sends what is left, says that the broadcast is over (unless told not to), closes. */
  async stop(options: { unpublish: boolean }): Promise<void> {
    const link = this.#link;
    if (link && options.unpublish && !this.#stopping.signal.aborted) {
      const enough = new AbortController();
      await Promise.race([this.#empty(), link.closed, this.#options.clock.wait(DRAIN_MS, enough.signal)]);
      enough.abort();
      link.send(encodeMessage(unpublish, {}));
    }
    this.#stopping.abort();
    link?.close(CloseCode.done, options.unpublish ? 'the broadcast is over' : 'the publisher leaves');
    await this.ended;
  }

  async #run(): Promise<PublisherEnd> {
    const { clock, log, random } = this.#options;
    const { signal } = this.#stopping;
    const backoff = new Backoff(random, { ...WAITS, ...this.#options.backoff });
    while (!signal.aborted) {
      const end = await this.#session(signal);
      const ranMs = this.#link ? clock.now() - this.#beganAt : 0;
      this.#link = undefined;
      if (signal.aborted) break;
      if (end.refusal && FINAL.has(end.refusal)) return { code: 'refused', refusal: end.refusal, reason: end.reason };
      if (this.#options.once && this.#sent.sessions === 0) return { code: 'unreachable', reason: end.reason };
      const asked = Math.min(end.retryAfterMs ?? 0, MAX_RETRY_MS);
      const wait = Math.max(asked, backoff.next(ranMs));
      log.warn({ retryInMs: Math.round(wait) }, `${end.reason}; trying again`);
      const { signal: woken } = this.#waking;
      const stop = () => this.#waking.abort();
      signal.addEventListener('abort', stop);
      await clock.wait(wait, woken);
      signal.removeEventListener('abort', stop);
    }
    return { code: 'stopped' };
  }

  async #session(signal: AbortSignal): Promise<SessionEnd> {
    const { channel, log } = this.#options;
    const { relayClock, roundTrips } = this;
    relayClock.restart();
    roundTrips.restart();
    const session = await openSession({ ...this.#options, token: this.#token, relayClock, roundTrips, signal });
    if (session.type === 'ended') return session;
    const { link, nextSequence } = session;
    this.#sent.sessions++;
    const leftOut = this.#window.resume(nextSequence);
    log.info(
      { channel, transport: link.transport, session: this.#sent.sessions, leftOut },
      'published: the relay takes our chunks',
    );
    this.#options.published(nextSequence);
    this.#link = link;
    this.#beganAt = this.#options.clock.now();
    link.drained = () => this.#pump();
    this.#pump();
    this.#options.relayUp?.(message => link.send(message));
    const pinging = this.#keepPinging(link, session.heardAt);
    const end = await session.ended;
    this.#options.relayDown?.();
    await pinging;
    return end;
  }

  // Pings read the relay's clock, and an unanswered link is dead whatever its transport thinks.
  async #keepPinging(link: Link, heardAt: () => Millis): Promise<void> {
    const { clock, pingMs = PING_MS } = this.#options;
    const over = new AbortController();
    void link.closed.then(() => over.abort());
    while (!over.signal.aborted) {
      await clock.wait(pingMs, over.signal);
      if (over.signal.aborted) return;
      if (clock.now() - heardAt() > 5 * pingMs) return link.close(CloseCode.failed, 'the relay is silent');
      link.send(this.#ping());
      this.#tellDropped();
    }
  }

  #ping(): Bytes {
    const sentAt = Math.floor(this.#options.clock.now());
    this.roundTrips.asked(sentAt);
    return encodeMessage(ping, { sentAt });
  }

  #pump(): void {
    const link = this.#link;
    while (link?.writable(0)) {
      const next = this.#window.next();
      if (!next) {
        this.#emptied?.();
        return;
      }
      if (next.type === 'init') {
        link.send(encodeMessage(init, { track: 0, document: next.document }));
        continue;
      }
      link.send(encodeMessage(chunkMessage, next.chunk));
      this.#sent.chunks++;
      this.#sent.bytes += next.chunk.bytes.length;
    }
  }

  #empty(): Promise<void> {
    return new Promise(resolve => {
      this.#emptied = resolve;
      this.#pump();
    });
  }

  #tellDropped(): void {
    const dropped = this.#window.dropped - this.#toldDropped;
    if (dropped < 50) return;
    this.#toldDropped = this.#window.dropped;
    const why = this.#link ? 'the uplink to the relay is too slow' : 'the relay is away';
    this.#options.log.warn({ dropped }, `${why}: whole groups were dropped`);
  }
}
