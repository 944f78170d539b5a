// Pulls what another program orders, and tells it how that goes.

import { closestTo } from '../core/channel-pattern.ts';
import { type ChannelKeys, type IngestOrder, type IngestReport, readOrder } from '../core/ingest-orders.ts';
import type { Ingest, IngestOptions } from './ingest.ts';
import type { RtmpOptions } from './rtmp/listen-rtmp.ts';
import { anyOf } from './rtmp/stream-keys.ts';
import type { ReadyOptions } from './sources/ready-source.ts';
import type { Log, Source } from './sources/source.ts';
import { sourceFault } from './sources/source-fault.ts';

type Pull = Extract<IngestOrder, { type: 'pull' }>;

/** What differs from one ingest to the other. */
export type PullOptions = Pick<IngestOptions, 'source' | 'channel' | 'publishKey' | 'loop' | 'broke'>;

export interface SupervisedOptions {
  /** Waits until a source gives something. Rejects when it never will, and when the signal aborts. */
  readonly ready: (
    order: Pick<Pull, 'source' | 'loop'>,
    waiting: Pick<ReadyOptions, 'broke' | 'signal'>,
  ) => Promise<Source>;
  /** Feeds a channel. May reject. */
  readonly start: (options: PullOptions) => Promise<Ingest>;
  readonly report: (report: IngestReport) => void;
  readonly log: Log;
}

/** A source that is pulled, or about to be. */
interface Running {
  readonly channel: string;
  readonly over: Promise<void>;
  /** Ends it; set before it has begun as well. */
  stop(unpublish: boolean): void;
}

export class Supervised {
  readonly #options: SupervisedOptions;
  readonly #pulls = new Map<number, Running>();
  /** The end of what fed a channel last: two at once would take it from each other. */
  readonly #lastOf = new Map<string, Promise<void>>();
  #mayPublish = anyOf([]);
  #keys: readonly string[] = [];
  #channels: readonly (ChannelKeys & Pick<RtmpOptions, 'mayPublish'>)[] = [];

  constructor(options: SupervisedOptions) {
    this.#options = options;
  }

  /** Who may push, and how that feeds a channel. */
  readonly encoders: Pick<RtmpOptions, 'mayPublish' | 'start'> = {
    mayPublish: (channel, key) => {
      const own = closestTo(channel, this.#channels);
      return own ? own.mayPublish(channel, key) : this.#mayPublish(channel, key);
    },
    start: (channel, source) => {
      const [publishKey = ''] = closestTo(channel, this.#channels)?.keys ?? this.#keys;
      return this.#options.start({ source, channel, publishKey, loop: false });
    },
  };

  /** Takes an order; a line that holds none is told in the log. */
  take(line: string): void {
    const order = readOrder(line);
    if (order?.type === 'keys') {
      this.#keys = order.keys;
      this.#mayPublish = anyOf(order.keys);
      this.#channels = order.channels.map(({ name, keys }) => ({ name, keys, mayPublish: anyOf(keys) }));
    } else if (order?.type === 'pull') this.#pull(order);
    else if (order) this.#pulls.get(order.id)?.stop(order.unpublish);
    else this.#options.log.warn({ characters: line.length }, 'a line on standard input is no order');
  }

  /** Ends all; the broadcasts are not over, as whoever ordered them may come back. */
  async close(): Promise<void> {
    const pulls = [...this.#pulls.values()];
    for (const pull of pulls) pull.stop(false);
    await Promise.all(pulls.map(({ over }) => over));
  }

  #pull(order: Pull): void {
    const { id, channel } = order;
    const before = this.#lastOf.get(channel);
    const waiting = new AbortController();
    let ingest: Ingest | undefined;
    let asked: boolean | undefined;
    const over = (async () => {
      await before;
      if (asked !== undefined) return;
      const report = await this.#run(order, waiting.signal, started => {
        ingest = started;
        if (asked !== undefined) void started.stop({ unpublish: asked });
      });
      if (asked === undefined) this.#options.report(report);
    })().finally(() => {
      waiting.abort();
      this.#pulls.delete(id);
      if (this.#lastOf.get(channel) === over) this.#lastOf.delete(channel);
    });
    this.#lastOf.set(channel, over);
    this.#pulls.set(id, {
      channel,
      over,
      stop(unpublish) {
        asked ??= unpublish;
        waiting.abort();
        void ingest?.stop({ unpublish: asked });
      },
    });
  }

  async #run(order: Pull, signal: AbortSignal, began: (ingest: Ingest) => void): Promise<IngestReport> {
    const { ready, report, start } = this.#options;
    const { id, channel, key: publishKey, loop } = order;
    try {
      const fault = await sourceFault(order.source);
      if (fault) return { type: 'over', id, finished: false, reason: fault };
      const broke = (reason: string) => report({ type: 'broken', id, reason });
      const source = await ready(order, { broke, signal });
      const ingest = await start({ source, channel, publishKey, loop, broke });
      began(ingest);
      const { code, reason } = await ingest.done;
      return { type: 'over', id, finished: code === 'finished', reason };
    } catch (error) {
      return { type: 'over', id, finished: false, reason: error instanceof Error ? error.message : String(error) };
    }
  }
}
