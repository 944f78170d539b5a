// A publication at work, in the worker: tracks -> encoders -> packer -> relay, at the rate that uplink and processor bear.

import { Publisher, type PublisherEnd } from '../../../core/publish/publisher.ts';
import type { Millis } from '../../../core/time.ts';
import { createChannelKey, signerOf } from './channel-key.ts';
import { MediaIntake } from './media-intake.ts';
import type { PublicationError, PublicationState } from './publication-face.ts';
import { publishLog } from './publish-log.ts';
import type { PublishCommand, PublishEvent } from './publish-messages.ts';
import { RateController } from './rate-controller.ts';
import { RelayConnector } from './relay-connector.ts';
import { type Rates, StatMeter } from './stat-meter.ts';
import { steadyClock } from './steady-clock.ts';
import { StreamPacker } from './stream-packer.ts';

type Start = Extract<PublishCommand, { type: 'start' }>;

const TICK_MS: Millis = 50;
const STATS_MS: Millis = 1_000;
const RATE_MS: Millis = 250;
const PING_MS: Millis = 500;
/** What waits longer is given up: whoever watches wants to see now. */
const TOO_LATE_MS: Millis = 2_000;
const WINDOW_BYTES = 2_097_152;
const DEFAULTS = {
  width: 1_280,
  height: 720,
  frameRate: 30,
  videoKbps: 1_500,
  audioKbps: 64,
  keyframeSeconds: 1,
  chunkMs: 100,
};

/** One publication from start to stop. */
export class PublishEngine {
  readonly #tell: (event: PublishEvent) => void;
  readonly #meter = new StatMeter(steadyClock.now());
  #settings = DEFAULTS;
  #publisher: Publisher | undefined;
  #packer: StreamPacker | undefined;
  #intake: MediaIntake | undefined;
  #rate = new RateController(DEFAULTS);
  #rates: Rates | undefined;
  #state: PublicationState = 'idle';
  #timer: ReturnType<typeof setInterval> | undefined;
  #toldAt: Millis = 0;
  #ratedAt: Millis = 0;
  #droppedBefore = 0;
  #strain = 0;

  constructor(tell: (event: PublishEvent) => void) {
    this.#tell = tell;
  }

  handle(command: PublishCommand): void {
    switch (command.type) {
      case 'start':
        this.#start(command).catch(error => this.#fail('engine', String(error)));
        return;
      case 'source':
        this.#intake?.setSource(command.kind, command.source);
        return;
      case 'frame':
        if (this.#intake) this.#intake.takeFrame(command.frame);
        else command.frame.close();
        return;
      case 'sound':
        this.#intake?.takeSound(command.sound);
        return;
      case 'mute':
        this.#intake?.mute(command.kind, command.muted);
        return;
      case 'token':
        this.#publisher?.renew(command.token);
        return;
      case 'wake':
        this.#publisher?.wake();
        return;
      case 'stop':
        void this.#stop();
    }
  }

  async #start({ relay, channel, token, settings, key }: Start): Promise<void> {
    this.#settings = { ...DEFAULTS, ...settings };
    this.#rate = new RateController(this.#settings);
    const intake = this.#createIntake();
    this.#intake = intake;
    this.#enter('connecting');
    const channelKey = key ?? (await createChannelKey());
    if (!key) this.#tell({ type: 'key', key: channelKey });
    const signer = await signerOf(channelKey);
    if (this.#state !== 'connecting') return;
    const connector = new RelayConnector(relay, channel);
    const publisher: Publisher = new Publisher({
      channel,
      token,
      signer,
      clock: steadyClock,
      log: publishLog,
      random: Math.random,
      connect: signal => connector.connect(signal),
      backoff: { firstMs: 250, capMs: 4_000, wellMs: 5_000 },
      pingMs: PING_MS,
      windowBytes: WINDOW_BYTES,
      published: nextSequence => {
        this.#packer?.raise(nextSequence);
        this.#packer ??= new StreamPacker({
          channel,
          signer,
          clock: steadyClock,
          chunkMs: this.#settings.chunkMs,
          firstSequence: Math.max(nextSequence, Math.round(publisher.relayClock.at(steadyClock.now()))),
          toRelay: steady => publisher.relayClock.at(steady),
          init: document => publisher.init(document),
          chunk: chunk => {
            publisher.chunk(chunk);
            if (publisher.stats.connected) this.#enter('live');
          },
          failed: error => this.#fail('engine', String(error)),
        });
        this.#packer.announce(intake.kinds);
        intake.open();
        intake.wantKey();
      },
      relayDown: () => {
        if (this.#state === 'live') this.#enter('reconnecting');
      },
    });
    this.#publisher = publisher;
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    void publisher.ended.then(end => this.#ended(end));
  }

  async #stop(): Promise<void> {
    if (this.#state === 'ended' || this.#state === 'failed') return;
    const publisher = this.#publisher;
    const packer = this.#packer;
    this.#enter('ended');
    this.#close();
    await packer?.end();
    await publisher?.stop({ unpublish: true });
    this.#tell({ type: 'stopped' });
  }

  #createIntake(): MediaIntake {
    const { counts } = this.#meter;
    return new MediaIntake({
      settings: this.#settings,
      plan: () => this.#rate.plan,
      announce: kinds => {
        this.#packer?.announce(kinds);
        this.#intake?.wantKey();
      },
      picture: picture => {
        counts.videoBytes += picture.data.length;
        counts.encoded++;
        this.#packer?.picture(picture);
      },
      sound: sound => {
        counts.audioBytes += sound.data.length;
        this.#packer?.sound(sound);
      },
      failed: message => this.#fail('unsupported', message),
    });
  }

  #tick(): void {
    const publisher = this.#publisher;
    const intake = this.#intake;
    if (!publisher || !intake || !this.#packer) return;
    const now = steadyClock.now();
    intake.tick(now);
    if (publisher.waitingMs > TOO_LATE_MS) {
      publisher.dropWaiting();
      intake.wantKey();
    }
    if (now - this.#ratedAt >= RATE_MS) this.#adapt(publisher, intake, now);
    if (now - this.#toldAt >= STATS_MS) this.#tellStats(publisher, intake, now);
  }

  #adapt(publisher: Publisher, intake: MediaIntake, now: Millis): void {
    this.#ratedAt = now;
    const { dropped } = intake.pictures;
    // Of eight looks, how many saw frames left out.
    this.#strain = this.#strain * 0.875 + (dropped > this.#droppedBefore ? 1 : 0);
    this.#droppedBefore = dropped;
    this.#rate.update({
      now,
      waitingMs: publisher.stats.connected ? publisher.waitingMs + publisher.roundTrips.waitingMs(now) : 0,
      sentKbps: this.#rates?.sentKbps ?? 0,
      audioKbps: this.#rates?.audioKbps ?? 0,
      isOverloaded: this.#strain > 4,
    });
  }

  #tellStats(publisher: Publisher, intake: MediaIntake, now: Millis): void {
    this.#toldAt = now;
    const { bytes, sessions, dropped } = publisher.stats;
    this.#meter.counts.sentBytes = bytes;
    this.#meter.counts.captured = intake.captured;
    this.#rates = this.#meter.take(now);
    const { transport } = publisher;
    this.#tell({
      type: 'stats',
      stats: {
        ...this.#rates,
        ...intake.pictures.size,
        targetKbps: intake.kinds.video ? this.#rate.plan.videoKbps : 0,
        videoCodec: intake.pictures.codec,
        audioCodec: intake.audioCodec,
        droppedFrames: intake.pictures.dropped,
        droppedChunks: dropped,
        roundTripMs: Math.round(publisher.roundTrips.latestMs ?? 0),
        waitingMs: Math.round(publisher.waitingMs),
        reconnects: Math.max(0, sessions - 1),
        transport: transport === 'webtransport' || transport === 'websocket' ? transport : '',
        bytesSent: bytes,
      },
    });
  }

  #ended(end: PublisherEnd): void {
    if (end.code === 'stopped') return;
    const code = end.code === 'refused' ? end.refusal : 'engine';
    const known =
      code === 'not-allowed' ||
      code === 'taken' ||
      code === 'replaced' ||
      code === 'bad-name' ||
      code === 'bad-version';
    this.#fail(known ? code : 'engine', end.reason);
  }

  #fail(code: PublicationError['code'], message: string): void {
    if (this.#state === 'failed' || this.#state === 'ended') return;
    this.#enter('failed', { code, message });
    this.#close();
    void this.#publisher?.stop({ unpublish: true });
  }

  #close(): void {
    clearInterval(this.#timer);
    this.#intake?.close();
  }

  #enter(state: PublicationState, error: PublicationError | null = null): void {
    if (state === this.#state || this.#state === 'ended' || this.#state === 'failed') return;
    this.#state = state;
    this.#tell({ type: 'state', state, error });
  }
}
