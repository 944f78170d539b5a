// The relay's figures: looks every ten seconds, and keeps what it saw for an hour, by the minute for a day.

import type { AdminLoad, AdminSeries } from '../../core/admin/answers.ts';
import { isRecordingSwarm } from '../../core/recording/recording-id.ts';
import type { Millis } from '../../core/time.ts';
import type { Channel, ChannelWatcher } from '../channels/channel.ts';
import { LoadMeter } from './load-meter.ts';
import { QualityBoard, type QualitySummary } from './quality-board.ts';
import type { Sample } from './series-ring.ts';
import { Sighting } from './sighting.ts';
import { SAMPLE_MS, TimeSeries } from './time-series.ts';
import { Traffic } from './traffic.ts';

export interface FiguresOptions {
  /** All there are at this moment. */
  readonly channels: () => Iterable<Channel>;
  readonly clock: () => Millis;
  readonly steady: () => Millis;
}

/** Channels whose figures are kept; those that were idle for longest go first. */
const MAX_CHANNELS = 100;
/** The clocks may drift apart by so much before times are told anew. */
const MAX_DRIFT: Millis = 1_000;

export class Figures implements ChannelWatcher {
  readonly quality: QualityBoard;
  /** Told whenever it has looked. */
  onLook: () => void = () => {};
  readonly #options: FiguresOptions;
  readonly #load = new LoadMeter();
  readonly #traffic = new Traffic();
  readonly #whole = new TimeSeries();
  readonly #ofChannels = new Map<string, TimeSeries>();
  readonly #liveSince = new WeakMap<Channel, Millis>();
  readonly #timer: NodeJS.Timeout;
  #lookedAt: Millis;
  #rates = { bytesOutPerSecond: 0, bytesInPerSecond: 0 };
  /** From the steady clock to the wall's. */
  #offset: Millis;

  constructor(options: FiguresOptions) {
    const { clock, steady } = options;
    this.#options = options;
    this.quality = new QualityBoard({ clock, steady });
    this.#lookedAt = steady();
    this.#offset = clock() - steady();
    this.#timer = setInterval(() => this.look(), SAMPLE_MS);
    this.#timer.unref();
  }

  /** Of about the last ten seconds. */
  get load(): AdminLoad {
    return { ...this.#load.load, ...this.#rates };
  }

  /** Since when a channel is live, Unix milliseconds; undefined while it isn't. */
  liveSince(channel: Channel): Millis | undefined {
    return this.#liveSince.get(channel);
  }

  /** Unix milliseconds for a time of the steady clock. */
  readonly wallTime = (steady: Millis): Millis => steady + this.#offset;

  /** Of the whole relay, or of a channel; undefined when nothing is known of that one. `from`: Unix milliseconds. */
  series({ channel, from, stepMs }: { channel?: string; from: Millis; stepMs: Millis }): AdminSeries | undefined {
    const series = channel === undefined ? this.#whole : this.#ofChannels.get(channel);
    const drift = this.#options.clock() - this.#options.steady() - this.#offset;
    if (Math.abs(drift) > MAX_DRIFT) this.#offset += drift;
    return series?.read(from - this.#offset, stepMs, this.wallTime);
  }

  stateChanged(channel: Channel): void {
    if (channel.state !== 'live') this.#liveSince.delete(channel);
    else if (!this.#liveSince.has(channel)) this.#liveSince.set(channel, this.#options.clock());
  }

  /** Looks at everything there is, which is due every ten seconds. */
  look(): void {
    const now = this.#options.steady();
    const seconds = Math.max(0.1, (now - this.#lookedAt) / 1_000);
    this.#lookedAt = now;
    this.#load.turn();
    const whole = new Sighting();
    for (const channel of this.#options.channels()) {
      const flow = this.#traffic.since(channel);
      whole.add(channel, flow);
      const seen = new Sighting().add(channel, flow);
      if (isRecordingSwarm(channel.name)) continue;
      const series = this.#seriesOf(channel.name, seen.isIdle);
      if (!seen.isIdle && series) series.usedAt = now;
      series?.add(sample(seen.gauges(seconds), this.quality.of(channel.name)), now);
    }
    const gauges = whole.gauges(seconds);
    this.#rates = {
      bytesOutPerSecond: Math.round(gauges.bytesOutPerSecond),
      bytesInPerSecond: Math.round((gauges.bitrateKbps * 1_000) / 8),
    };
    this.#whole.add(sample({ ...gauges, cpu: this.#load.load.cpu }, this.quality.total), now);
    this.quality.sweep();
    this.onLook();
  }

  /** Looks no more. */
  close(): void {
    clearInterval(this.#timer);
    this.#load.close();
  }

  #seriesOf(channel: string, isIdle: boolean): TimeSeries | undefined {
    let series = this.#ofChannels.get(channel);
    if (series || isIdle) return series;
    if (this.#ofChannels.size >= MAX_CHANNELS) this.#forgetOne();
    if (this.#ofChannels.size >= MAX_CHANNELS) return undefined;
    series = new TimeSeries();
    this.#ofChannels.set(channel, series);
    return series;
  }

  /** The one that was idle for longest, if one is. */
  #forgetOne(): void {
    let [oldest, usedAt] = ['', this.#options.steady() - SAMPLE_MS * 2];
    for (const [name, series] of this.#ofChannels) if (series.usedAt < usedAt) [oldest, usedAt] = [name, series.usedAt];
    this.#ofChannels.delete(oldest);
  }
}

function sample(gauges: Sample['gauges'], { stallsPerViewerMinute, latencyMs, nat, places }: QualitySummary): Sample {
  const { p50: latencyP50, p95: latencyP95 } = latencyMs;
  return { gauges: { ...gauges, stallsPerViewerMinute, latencyP50, latencyP95 }, counts: { nat, places } };
}
