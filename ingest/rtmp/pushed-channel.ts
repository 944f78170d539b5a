// One channel that encoders push: who holds it, who may take it over, and when it ends.

import type { Clock } from '../../core/publish/clock.ts';
import type { Log } from '../../core/publish/log.ts';
import type { Millis } from '../../core/time.ts';
import type { Ingest, IngestOutcome } from '../ingest.ts';
import type { Source } from '../sources/source.ts';
import { PushedSource } from './pushed-source.ts';
import type { RtmpConnection, Sink, Verdict } from './rtmp-connection.ts';

export interface PushedChannelOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Feeds the channel from the source. May reject. */
  readonly start: (channel: string, source: Source) => Promise<Ingest>;
  /** How long a channel waits for its encoder to come back before it ends, or is left to wait at the relay. */
  readonly graceMs: Millis;
}

interface Holder {
  readonly connection: RtmpConnection;
  /** Aborts when it holds the channel no longer. */
  readonly left: AbortController;
}

/** How long whoever holds a channel has to show that it is alive when another with the key asks for it. */
const CONTEST_MS: Millis = 2_000;
/** What comes within this time may have been on its way before. */
const IN_FLIGHT_MS: Millis = 500;
/** How long an encoder waits for the relay. */
const READY_MS: Millis = 8_000;

/** Ends for good when no encoder has held it for a while: `gone`. */
export class PushedChannel {
  readonly gone: Promise<void>;
  readonly #name: string;
  readonly #options: PushedChannelOptions;
  readonly #source: PushedSource;
  #ingest: Ingest | undefined;
  #holder: Holder | undefined;
  #lingering: AbortController | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #ending = false;
  #tellGone = () => {};

  constructor(name: string, options: PushedChannelOptions) {
    this.#name = name;
    this.#options = options;
    this.#source = new PushedSource(`the encoder of ${name}`, options.clock);
    this.#source.drained = () => this.#holder?.connection.resume();
    this.gone = new Promise(resolve => {
      this.#tellGone = resolve;
    });
  }

  /** An encoder with the right key asks for the channel; one at a time is answered. `gone`: ask a new one. */
  claim(connection: RtmpConnection): Promise<Verdict | 'gone'> {
    const verdict = this.#turn.then(() => this.#decide(connection));
    this.#turn = verdict.catch(() => {});
    return verdict;
  }

  /** Ends at once; `unpublish` tells viewers that the broadcast is over. */
  async close(options: { unpublish: boolean }): Promise<void> {
    this.#dismiss('the server leaves');
    await this.#end(options.unpublish);
  }

  async #decide(connection: RtmpConnection): Promise<Verdict | 'gone'> {
    if (this.#ending) return 'gone';
    if (this.#holder && !(await this.#giveUp(this.#holder))) {
      return { accepted: false, code: 'NetStream.Publish.BadName', reason: `somebody else publishes ${this.#name}` };
    }
    this.#lingering?.abort();
    const fault = await this.#ready();
    if (fault) return fault;
    if (this.#ending) return 'gone';
    const left = new AbortController();
    this.#holder = { connection, left };
    this.#source.begin();
    this.#options.log.info({ channel: this.#name, address: connection.address }, 'an encoder publishes');
    return { accepted: true, sink: this.#sinkOf(connection, left) };
  }

  // Whether the holder has left, or is silent: an encoder that comes back leaves a dead connection behind.
  async #giveUp({ connection, left }: Holder): Promise<boolean> {
    const { clock, log } = this.#options;
    const askedAt = clock.now();
    await clock.wait(CONTEST_MS, left.signal);
    if (left.signal.aborted) return true;
    if (connection.heardAt > askedAt + IN_FLIGHT_MS) return false;
    log.warn({ channel: this.#name, address: connection.address }, 'the encoder is silent, and another takes over');
    this.#dismiss('another encoder has taken over');
    return true;
  }

  // Starts the ingest, unless it runs; says what hinders it.
  async #ready(): Promise<Verdict | undefined> {
    if (this.#ingest) return undefined;
    const { clock, log, start } = this.#options;
    let reason = 'the channel could not be started';
    let refused = false;
    try {
      const ingest = await start(this.#name, this.#source);
      this.#ingest = ingest;
      const enough = new AbortController();
      const first = await Promise.race([
        this.#source.opened,
        ingest.done,
        clock.wait(READY_MS, enough.signal).then(() => 'late' as const),
      ]);
      enough.abort();
      if (first === undefined) {
        void ingest.done.then(outcome => this.#fail(outcome));
        return undefined;
      }
      refused = first !== 'late' && first.code === 'refused';
      reason = first === 'late' ? 'the relay does not answer' : first.reason;
    } catch (error) {
      log.error({ channel: this.#name, err: error }, reason);
    }
    await this.#end(false);
    return { accepted: false, code: refused ? 'NetStream.Publish.BadName' : 'NetStream.Publish.Failed', reason };
  }

  #sinkOf(connection: RtmpConnection, left: AbortController): Sink {
    return {
      media: tag => this.#source.push(tag),
      left: (reason, inGoodOrder) => {
        left.abort();
        if (this.#holder?.connection !== connection) return;
        this.#holder = undefined;
        const { graceMs, log } = this.#options;
        const then = inGoodOrder ? 'the broadcast ends' : 'the channel waits';
        const data = { channel: this.#name, address: connection.address };
        log[inGoodOrder ? 'info' : 'warn'](data, `${reason}: ${then} unless one comes within ${graceMs / 1_000} s`);
        void this.#linger(inGoodOrder);
      },
    };
  }

  async #linger(unpublish: boolean): Promise<void> {
    const lingering = new AbortController();
    this.#lingering = lingering;
    await this.#options.clock.wait(this.#options.graceMs, lingering.signal);
    if (!lingering.signal.aborted) await this.#end(unpublish);
  }

  #fail(outcome: IngestOutcome): void {
    if (this.#ending) return;
    this.#options.log.warn({ channel: this.#name }, `the channel is over: ${outcome.reason}`);
    this.#dismiss(outcome.reason);
    void this.#end(false);
  }

  #dismiss(reason: string): void {
    const holder = this.#holder;
    this.#holder = undefined;
    holder?.left.abort();
    holder?.connection.dismiss('NetStream.Publish.Failed', reason);
  }

  async #end(unpublish: boolean): Promise<void> {
    if (!this.#ending) {
      this.#ending = true;
      this.#lingering?.abort();
      await this.#ingest?.stop({ unpublish });
      this.#tellGone();
    }
    await this.gone;
  }
}
