// Channels for players that are not ours: as a stream over HTTP, and as HLS.

import type { Container } from '../../core/init-document.ts';
import type { Millis } from '../../core/time.ts';
import type { Pass } from '../access/pass.ts';
import type { Channel, ChannelWatcher } from '../channels/channel.ts';
import type { Channels } from '../channels/channels.ts';
import type { LiveConfig } from '../config/live-config.ts';
import { type HlsNumbers, HlsStream } from './hls-stream.ts';
import { StreamViewer } from './stream-viewer.ts';

/** A channel that is expected to begin has this long. */
export const START_MS: Millis = 10_000;
/** So long after the last request there is no need for segments any more. */
const IDLE_MS: Millis = 30_000;
const CHECK_MS: Millis = 1_000;
/** Numbers of segments count on from the seconds since then, so that they are higher after a restart, too. */
const FIRST_DAY: Millis = Date.UTC(2026, 0);

export interface OutputsOptions {
  readonly channels: () => Channels;
  readonly live: LiveConfig;
  /** Unix milliseconds. */
  readonly clock: () => Millis;
  /** Milliseconds of a steady clock. */
  readonly steady: () => Millis;
}

export class Outputs {
  /** To be told what happens on channels. */
  readonly watcher: ChannelWatcher = { stateChanged: channel => this.#stateChanged(channel) };
  readonly #options: OutputsOptions;
  readonly #streams = new Set<StreamViewer>();
  readonly #hls = new Map<Channel, HlsStream>();
  readonly #numbers = new WeakMap<Channel, HlsNumbers>();
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(options: OutputsOptions) {
    this.#options = options;
  }

  get enabled(): boolean {
    return this.#options.live.current.outputs.enabled;
  }

  /** Players that have a stream open, by container. */
  get streams(): number {
    return this.#streams.size;
  }

  /** The channel, if it is on air or may soon be: it pauses, or the relay fetches it itself. */
  find(name: string): Channel | undefined {
    const { channels, live } = this.#options;
    if (live.channel(name).source) return channels().get(name);
    const channel = channels().find(name);
    const isThere = channel?.state === 'live' || (channel?.state === 'waiting' && channel.mainTrack !== undefined);
    return isThere ? channel : undefined;
  }

  /** A stream that is to be read until its end; undefined where there are too many. */
  open(channel: Channel, container: Container, pass: Pass): StreamViewer | undefined {
    const { live, clock, steady } = this.#options;
    if (this.#streams.size >= live.current.outputs.streams) return undefined;
    const ended = (viewer: StreamViewer) => this.#streams.delete(viewer);
    const startsBy = steady() + START_MS;
    const viewer = new StreamViewer({ channel, container, startsBy, pass, clock, steady, ended });
    this.#streams.add(viewer);
    this.#watch();
    viewer.join();
    return viewer;
  }

  /** The channel as HLS, which is made from now on; undefined where there is no room for one more. */
  hls(channel: Channel): HlsStream | undefined {
    const now = this.#options.steady();
    let stream = this.#hls.get(channel);
    if (stream) stream.askedAt = now;
    else if (this.#hasMemory) {
      stream = new HlsStream(channel, this.#numbersOf(channel), now);
      this.#hls.set(channel, stream);
      this.#watch();
      channel.join(stream);
      if (channel.state === 'ended') stream.finish();
    }
    return stream;
  }

  /** The channel as HLS, if somebody asked for it lately. */
  heldHls(name: string): HlsStream | undefined {
    const channel = this.#options.channels().find(name);
    return channel && this.#hls.get(channel);
  }

  /** Ends all streams. */
  close(): void {
    for (const viewer of this.#streams) viewer.end();
    for (const stream of this.#hls.values()) this.#drop(stream);
    this.#rest();
  }

  get #hasMemory(): boolean {
    let bytes = 0;
    for (const stream of this.#hls.values()) bytes += stream.bytes;
    return bytes < this.#options.live.current.outputs.hlsMegabytes * 1e6;
  }

  #numbersOf(channel: Channel): HlsNumbers {
    let numbers = this.#numbers.get(channel);
    if (!numbers) {
      const seconds = Math.max(0, Math.floor((this.#options.clock() - FIRST_DAY) / 1_000));
      numbers = { segment: seconds, init: seconds, discontinuities: seconds };
      this.#numbers.set(channel, numbers);
    }
    return numbers;
  }

  #stateChanged(channel: Channel): void {
    const hls = this.#hls.get(channel);
    if (channel.state === 'ended') {
      hls?.finish();
      for (const viewer of this.#streams) if (viewer.channel === channel) viewer.finish();
    } else if (channel.state === 'live') hls?.resume();
  }

  #watch(): void {
    this.#timer ??= setInterval(() => this.#check(), CHECK_MS);
  }

  #check(): void {
    const now = this.#options.steady();
    for (const viewer of this.#streams) viewer.check();
    for (const stream of this.#hls.values()) {
      stream.listed.expire(now);
      if (now - stream.askedAt > IDLE_MS) this.#drop(stream);
    }
    if (this.#streams.size + this.#hls.size === 0) this.#rest();
  }

  #drop(stream: HlsStream): void {
    this.#hls.delete(stream.channel);
    stream.channel.leave(stream);
    stream.close();
  }

  #rest(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
