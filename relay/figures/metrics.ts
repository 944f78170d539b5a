// The relay's figures as Prometheus reads them. No label has more than about a hundred values.

import process from 'node:process';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Millis } from '../../core/time.ts';
import { NAT_KINDS, type QualityReport } from '../../core/wire/quality-report.ts';
import type { Channel } from '../channels/channel.ts';
import type { Recordings } from '../recording/recordings.ts';
import { peerShare } from '../swarm/swarm-ledger.ts';
import { ChannelLabels } from './channel-labels.ts';
import type { Figures } from './figures.ts';
import { Traffic } from './traffic.ts';

export interface MetricsOptions {
  readonly channels: Iterable<Channel>;
  readonly sessions: Iterable<{
    readonly link: { readonly transport: string };
    readonly role?: { readonly kind: string } | undefined;
  }>;
  readonly figures: Figures;
  readonly recordings: Pick<Recordings, 'bytes' | 'freeBytes' | 'stopped'>;
  readonly isDraining: () => boolean;
  readonly about: { readonly version: string; readonly runtime: string; readonly startedAt: Millis };
  /** Of a steady clock. */
  readonly steady: () => Millis;
}

const SECONDS = [0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30];
const STATES = ['waiting', 'live', 'ended'] as const;

export class Metrics {
  readonly #options: MetricsOptions;
  readonly #registry = new Registry();
  readonly #labels = new ChannelLabels();
  readonly #traffic = new Traffic();
  readonly #ofChannels: (Counter | Gauge | Histogram)[] = [];
  readonly #received = this.#channelCounter('received_bytes_total', 'Bytes of chunks taken from publishers');
  readonly #sent = this.#channelCounter('sent_bytes_total', 'Bytes of chunks sent to viewers');
  readonly #pulled = this.#channelCounter(
    'pulled_bytes_total',
    'The part of those sent that viewers asked for one by one',
  );
  readonly #stalls = this.#channelCounter('viewer_stalls_total', 'Times that playback ran dry, as viewers tell');
  readonly #stalled = this.#channelCounter(
    'viewer_stalled_seconds_total',
    'How long playback was dry, as viewers tell',
  );
  readonly #played = this.#channelCounter('viewer_played_seconds_total', 'How long viewers have watched, as they tell');
  readonly #latency = this.#channelHistogram(
    'viewer_latency_seconds',
    'From capture to showing, every ten seconds of a viewer',
  );
  readonly #startup = this.#channelHistogram('viewer_startup_seconds', 'From the wish to watch to the first picture');
  readonly #viewers = this.#channelGauge('viewers', 'Viewers at this moment');
  readonly #bitrate = this.#channelGauge('bitrate_bits_per_second', 'Of the stream');
  readonly #share = this.#channelGauge(
    'peer_share_ratio',
    'The share of the bytes that members of the swarm got from each other, over 30 s',
  );
  readonly #copies = this.#channelGauge('copies_ratio', 'How often the relay sent each byte of the stream, over 30 s');

  constructor(options: MetricsOptions) {
    this.#options = options;
    options.figures.quality.onReport = (channel, report) => this.#reported(channel, report);
    options.figures.onLook = () => this.#count();
    this.#addRelay();
    this.#addNetwork();
  }

  readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE;

  /** The text that Prometheus reads. */
  async text(): Promise<string> {
    const { channels, steady } = this.#options;
    this.#count();
    const now = steady();
    for (const label of this.#labels.expire(now))
      for (const metric of this.#ofChannels) metric.remove({ channel: label });
    for (const gauge of [this.#viewers, this.#bitrate, this.#share, this.#copies]) gauge.reset();
    for (const channel of channels) this.#show(channel, this.#labels.of(channel.name, now));
    return this.#registry.metrics();
  }

  #show(channel: Channel, label: string): void {
    this.#viewers.inc({ channel: label }, channel.viewers.size);
    if (channel.state !== 'live') return;
    this.#bitrate.inc({ channel: label }, (channel.bytesPerSecond ?? 0) * 8);
    // Of those that go together a sum would mean nothing.
    if (label !== channel.name) return;
    const share = channel.swarm ? peerShare(channel.swarm.received) : null;
    if (share !== null) this.#share.set({ channel: label }, share);
    const { recent } = channel.copies;
    if (recent !== null) this.#copies.set({ channel: label }, recent);
  }

  /** Adds up what channels have counted since the last time. */
  #count(): void {
    const now = this.#options.steady();
    for (const channel of this.#options.channels) {
      const flow = this.#traffic.since(channel);
      const labels = { channel: this.#labels.of(channel.name, now) };
      this.#received.inc(labels, flow.in);
      this.#sent.inc(labels, flow.out);
      this.#pulled.inc(labels, flow.pulled);
    }
  }

  #reported(name: string, { stalls, stalledMs, playedMs, latencyMs, startupMs }: QualityReport): void {
    const labels = { channel: this.#labels.of(name, this.#options.steady()) };
    this.#stalls.inc(labels, stalls);
    this.#stalled.inc(labels, stalledMs / 1_000);
    this.#played.inc(labels, playedMs / 1_000);
    if (latencyMs > 0) this.#latency.observe(labels, latencyMs / 1_000);
    if (startupMs > 0) this.#startup.observe(labels, startupMs / 1_000);
  }

  #addRelay(): void {
    const { about, channels, figures, isDraining, recordings, sessions } = this.#options;
    const { version, runtime, startedAt } = about;
    this.#gauge('info', 'Which relay this is', ['version', 'runtime'], gauge => gauge.set({ version, runtime }, 1));
    this.#gauge('start_time_seconds', 'When it was started, Unix time', [], gauge => gauge.set(startedAt / 1_000));
    this.#gauge('draining', 'Whether it takes nobody new', [], gauge => gauge.set(isDraining() ? 1 : 0));
    this.#gauge('channels', 'Channels by how they are', ['state'], gauge => {
      for (const state of STATES) gauge.set({ state }, 0);
      for (const { state } of channels) gauge.inc({ state });
    });
    this.#gauge('links', 'Links by transport, and by what they are for', ['transport', 'kind'], gauge => {
      gauge.reset();
      for (const { link, role } of sessions) gauge.inc({ transport: link.transport, kind: role?.kind ?? 'none' });
    });
    const load = () => figures.load;
    this.#gauge('cpu_cores', 'Processor time over the last ten seconds, in cores', [], gauge => gauge.set(load().cpu));
    this.#gauge('resident_memory_bytes', 'Memory of the process', [], gauge => gauge.set(load().memoryBytes));
    this.#gauge('event_loop_delay_seconds', 'The worst of the last ten to twenty seconds', [], gauge =>
      gauge.set(load().eventLoopDelayMs / 1_000),
    );
    const cpu = new Counter({
      name: 'p2p_live_cpu_seconds_total',
      help: 'Processor time of the process',
      registers: [this.#registry],
      collect() {
        const { user, system } = process.cpuUsage();
        this.reset();
        this.inc((user + system) / 1e6);
      },
    });
    cpu.reset();
    this.#gauge('recordings_bytes', 'What is kept of broadcasts', [], gauge => gauge.set(recordings.bytes));
    this.#gauge('recordings_free_bytes', 'Room on the disk', [], gauge =>
      gauge.set(recordings.freeBytes ?? Number.NaN),
    );
    this.#gauge('recordings_stopped', 'Whether nothing can be recorded', [], gauge =>
      gauge.set(recordings.stopped ? 1 : 0),
    );
  }

  #addNetwork(): void {
    const { quality } = this.#options.figures;
    this.#gauge('viewers_by_nat', 'Viewers by what their network lets through', ['nat'], gauge => {
      const { nat } = quality.total;
      for (const kind of NAT_KINDS) gauge.set({ nat: kind }, nat[kind] ?? 0);
    });
    // Some six hundred time zones would be too many.
    this.#gauge('viewers_by_region', 'Viewers by the first part of their time zone', ['region'], gauge => {
      gauge.reset();
      for (const [place, count] of Object.entries(quality.total.places))
        gauge.inc({ region: place.split('/')[0]! }, count); // split gives at least one
    });
  }

  #gauge(name: string, help: string, labelNames: string[], collect: (gauge: Gauge) => void): void {
    const registers = [this.#registry];
    new Gauge({
      ...{ name: `p2p_live_${name}`, help, labelNames, registers },
      collect() {
        collect(this);
      },
    });
  }

  #channelGauge(name: string, help: string): Gauge<'channel'> {
    return this.#ofChannel(new Gauge({ ...this.#named(name, help), labelNames: ['channel'] }));
  }

  #channelCounter(name: string, help: string): Counter<'channel'> {
    return this.#ofChannel(new Counter({ ...this.#named(name, help), labelNames: ['channel'] }));
  }

  #channelHistogram(name: string, help: string): Histogram<'channel'> {
    return this.#ofChannel(new Histogram({ ...this.#named(name, help), labelNames: ['channel'], buckets: SECONDS }));
  }

  #ofChannel<Metric extends Counter | Gauge | Histogram>(metric: Metric): Metric {
    this.#ofChannels.push(metric);
    return metric;
  }

  #named(name: string, help: string) {
    return { name: `p2p_live_${name}`, help, registers: [this.#registry] };
  }
}
