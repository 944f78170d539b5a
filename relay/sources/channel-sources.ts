// All sources that the relay pulls: who is wanted when, told to the ingest program, with what operators add and stop meanwhile.

import type { IngestOrder, IngestReport } from '../../core/ingest-orders.ts';
import type { Millis } from '../../core/time.ts';
import type { Channel, ChannelWatcher } from '../channels/channel.ts';
import type { ChannelEntry, ChannelEntryInput, ChannelSource } from '../config/channel-entry.ts';
import { ConfigError } from '../config/config-error.ts';
import type { LiveConfig } from '../config/live-config.ts';
import { IngestChild, listenAddresses } from '../ingest-child.ts';
import type { Log } from '../log.ts';
import { redactSecrets } from '../redact-secrets.ts';
import type { HttpFace } from '../runtime/runtime.ts';
import { AddedChannels } from './added-channels.ts';
import { publicAddress } from './public-address.ts';
import { PulledSource, type SourceState } from './pulled-source.ts';

export interface ChannelSourcesOptions {
  readonly live: LiveConfig;
  readonly stateDir: string;
  /** The relay's own, for channels that have none; the first publishes. */
  readonly publishKeys: () => readonly string[];
  readonly log: Log;
  /** The wall clock, Unix milliseconds. */
  readonly clock: () => Millis;
  readonly steady: () => Millis;
}

/** What the ingest program is started with. */
export interface IngestDoor {
  /** Opens a way to the relay for it alone; its address. */
  readonly open: () => Promise<HttpFace>;
  /** Who watches at this moment. */
  readonly viewersOf: (channel: string) => number;
}

/** How a channel's source fares. */
export interface SourceStatus {
  readonly name: string;
  /** Without credentials. */
  readonly url: string;
  readonly when: 'always' | 'on-demand';
  readonly state: SourceState;
  /** Why it has failed, for people. */
  readonly error: string | null;
  /** When its state began, Unix milliseconds. */
  readonly since: Millis;
}

interface Entry {
  readonly pulled: PulledSource;
  /** By which the ingest program knows it; undefined: it isn't told of it. */
  id: number | undefined;
  state: SourceState;
  since: Millis;
}

/** How often is looked whether a source's time has come or is over. */
const LOOK_MS: Millis = 250;

export class ChannelSources implements ChannelWatcher {
  readonly #options: ChannelSourcesOptions;
  readonly #added: AddedChannels;
  readonly #entries = new Map<string, Entry>();
  readonly #names = new Map<number, string>();
  #door: IngestDoor | undefined;
  #way: HttpFace | undefined;
  #child: IngestChild | undefined;
  #opening: Promise<readonly string[]> | undefined;
  #nextId = 1;
  #timer: NodeJS.Timeout | undefined;

  /** Puts in force what operators added before. Rejects with `ConfigError` when what is kept of it is damaged. */
  static async open(options: ChannelSourcesOptions): Promise<ChannelSources> {
    return new ChannelSources(options, await AddedChannels.open(options.stateDir, options.live));
  }

  private constructor(options: ChannelSourcesOptions, added: AddedChannels) {
    this.#options = options;
    this.#added = added;
  }

  /** Starts the ingest program if anything is to be pulled or listened for; where encoders push. Rejects with `ConfigError`. */
  async begin(door: IngestDoor): Promise<readonly string[]> {
    const { live } = this.#options;
    this.#configure();
    this.#door = door;
    live.onChange(() => this.#configure());
    this.#timer = setInterval(() => this.#lookAtAll(), LOOK_MS);
    this.#timer.unref();
    const { ingest, host } = live.current;
    return listenAddresses(ingest, host).length > 0 || this.#entries.size > 0 ? this.#openChild() : [];
  }

  /** How all sources fare, by name. */
  list(): SourceStatus[] {
    return [...this.#entries]
      .map(([name, { pulled, state, since }]) => {
        const { url, when } = pulled.source;
        return { name, url: publicAddress(url), when, state, error: state === 'failed' ? pulled.error : null, since };
      })
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Adds an entry of `channels`, which then counts before those of the configuration, and keeps it. Rejects with `ConfigError`. */
  add(input: ChannelEntryInput): Promise<ChannelEntry> {
    return this.#added.add(input);
  }

  /** Removes an entry that was added. Rejects with `ConfigError` where there is none. */
  remove(name: string): Promise<void> {
    return this.#added.remove(name);
  }

  /** Pulls a source now, also one that was stopped, had ended or failed. Rejects with `ConfigError` where the channel has none. */
  async start(name: string): Promise<void> {
    const { pulled } = this.#entryOf(name);
    pulled.start(this.#options.steady());
    this.#look(name);
    await this.#added.keepStopped(name, false);
  }

  /** Pulls a source no longer, also after a restart; its viewers are told that the broadcast is over. Rejects with `ConfigError` where the channel has none. */
  async stop(name: string): Promise<void> {
    const { pulled } = this.#entryOf(name);
    pulled.stop();
    this.#look(name);
    await this.#added.keepStopped(name, true);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#child?.close();
    await this.#way?.close();
  }

  viewersChanged(channel: Channel): void {
    const entry = this.#entries.get(channel.name);
    if (!entry) return;
    entry.pulled.watched(channel.viewers.size, this.#options.steady());
    this.#look(channel.name);
  }

  chunkTaken({ name }: Channel): void {
    const entry = this.#entries.get(name);
    if (entry?.id !== undefined && entry.pulled.flows(this.#options.steady())) this.#look(name);
  }

  stateChanged(channel: Channel): void {
    const entry = this.#entries.get(channel.name);
    // Whoever comes to a source on demand next would see what was shown last, before it begins anew.
    if (entry?.state === 'waiting' && channel.state === 'waiting' && channel.viewers.size === 0) channel.clear();
  }

  #entryOf(name: string): Entry {
    const entry = this.#entries.get(name);
    if (!entry) throw new ConfigError(`${name} has no source`);
    return entry;
  }

  /** What the configuration says by now. */
  #configure(): void {
    const { live } = this.#options;
    const names = new Set(
      [...live.added, ...live.current.channels].filter(({ source }) => source).map(({ name }) => name),
    );
    for (const [name, entry] of this.#entries) {
      const { source } = live.channel(name);
      if (source && entry.pulled.adjust(source)) continue;
      this.#drop(entry, source === undefined);
      this.#entries.delete(name);
    }
    for (const name of names) {
      const { source } = live.channel(name);
      if (!source || this.#entries.has(name)) continue;
      const viewers = this.#door?.viewersOf(name) ?? 0;
      const pulled = new PulledSource(source, { viewers, stopped: this.#added.isStopped(name) });
      const now = this.#options.steady();
      this.#entries.set(name, { pulled, id: undefined, state: pulled.state(now), since: this.#options.clock() });
    }
    this.#child?.tell(this.#keysOrder());
    if (this.#door && this.#entries.size > 0) {
      this.#openChild().catch((error: unknown) =>
        this.#options.log.error({ error: String(error) }, 'no source is pulled'),
      );
    }
    this.#lookAtAll();
  }

  #lookAtAll(): void {
    for (const name of this.#entries.keys()) this.#look(name);
  }

  /** Does what a source needs at this moment, and tells how it fares when that has changed. */
  #look(name: string): void {
    const entry = this.#entries.get(name);
    if (!entry) return;
    const { pulled } = entry;
    const now = this.#options.steady();
    const isWanted = pulled.isWanted(now);
    if (isWanted && entry.id === undefined) {
      entry.id = this.#nextId++;
      this.#names.set(entry.id, name);
      this.#child?.tell(this.#pullOrder(name, entry.id, pulled.source));
    } else if (!isWanted) this.#drop(entry, pulled.isStopped);
    const state = pulled.state(now);
    if (state === entry.state) return;
    entry.state = state;
    entry.since = this.#options.clock();
    const about = { channel: name, source: publicAddress(pulled.source.url), state };
    if (state === 'failed') this.#options.log.warn(about, `the source has failed: ${pulled.error}`);
    else this.#options.log.info(about, SENTENCES[state]);
  }

  #drop(entry: Entry, unpublish: boolean): void {
    const { id } = entry;
    if (id === undefined) return;
    this.#child?.tell({ type: 'drop', id, unpublish });
    this.#forget(entry, id);
    entry.pulled.dropped();
  }

  #forget(entry: Entry, id: number): void {
    this.#names.delete(id);
    entry.id = undefined;
  }

  #report(report: IngestReport): void {
    if (report.type === 'listening') return;
    const name = this.#names.get(report.id);
    const entry = name === undefined ? undefined : this.#entries.get(name);
    if (name === undefined || !entry) return; // of one that was dropped meanwhile
    const now = this.#options.steady();
    const reason = redactSecrets(report.reason);
    if (report.type === 'broken') entry.pulled.broke(reason, now);
    else {
      this.#forget(entry, report.id);
      if (report.finished) entry.pulled.ended();
      else entry.pulled.failed(reason, now);
    }
    this.#look(name);
  }

  #down(why: string): void {
    for (const [name, { id, pulled }] of this.#entries) {
      if (id === undefined) continue;
      pulled.broke(why, this.#options.steady());
      this.#look(name);
    }
  }

  #openChild(): Promise<readonly string[]> {
    return (this.#opening ??= this.#startChild());
  }

  async #startChild(): Promise<readonly string[]> {
    const { live, stateDir, log } = this.#options;
    const listen = listenAddresses(live.current.ingest, live.current.host);
    this.#way = await this.#door?.open();
    this.#child = new IngestChild({
      ...{ listen, relay: `http://127.0.0.1:${this.#way?.port}`, stateDir, log },
      orders: () => this.#orders(),
      report: report => this.#report(report),
      down: why => this.#down(why),
    });
    if (listen.length > 0) return this.#child.start();
    this.#child.startAnyway();
    return [];
  }

  *#orders(): Generator<IngestOrder> {
    yield this.#keysOrder();
    for (const [name, { id, pulled }] of this.#entries) {
      if (id !== undefined) yield this.#pullOrder(name, id, pulled.source);
    }
  }

  #keysOrder(): IngestOrder {
    const { live, publishKeys } = this.#options;
    const channels = [...live.added, ...live.current.channels].flatMap(({ name, publishKeys: keys }) =>
      keys ? [{ name, keys }] : [],
    );
    return { type: 'keys', keys: publishKeys(), channels };
  }

  #pullOrder(channel: string, id: number, { url, loop }: ChannelSource): IngestOrder {
    const { live, publishKeys } = this.#options;
    const [key = ''] = live.channel(channel).publishKeys ?? publishKeys();
    return { type: 'pull', id, channel, source: url, loop, key };
  }
}

const SENTENCES: Readonly<Record<Exclude<SourceState, 'failed'>, string>> = {
  stopped: 'the source is stopped',
  waiting: 'the source waits for somebody to watch',
  starting: 'the source is opened',
  live: 'the source is live',
};
