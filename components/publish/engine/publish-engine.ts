// A publication at work, in the worker: tracks -> encoders -> packer -> relay, at the rate that uplink and processor bear.

import { Publisher, type PublisherEnd } from '../../../core/publish/publisher.ts';
import type { Millis } from '../../../core/time.ts';
import { CaptureClock } from './capture-clock.ts';
import { createChannelKey, signerOf } from './channel-key.ts';
import { FramePacer } from './frame-pacer.ts';
import { PictureEncoder } from './picture-encoder.ts';
import { PictureFiller } from './picture-filler.ts';
import type { MediaKind, PublicationError, PublicationState } from './publication.ts';
import { publishLog } from './publish-log.ts';
import type { PublishCommand, PublishEvent, RawSound, TrackSource } from './publish-messages.ts';
import { RateController } from './rate-controller.ts';
import { RelayConnector } from './relay-connector.ts';
import { SoundEncoder } from './sound-encoder.ts';
import { type Rates, StatMeter } from './stat-meter.ts';
import { steadyClock } from './steady-clock.ts';
import { StreamPacker } from './stream-packer.ts';
import { TrackReader } from './track-reader.ts';

type Start = Extract<PublishCommand, { type: 'start' }>;

const TICK_MS: Millis = 50;
const STATS_MS: Millis = 1_000;
const RATE_MS: Millis = 250;
const PING_MS: Millis = 500;
/** What waits longer is given up: whoever watches wants to see now. */
const TOO_LATE_MS: Millis = 2_000;
/** Sound that is not here by then is silence. */
const SOUND_PATIENCE_MS: Millis = 200;
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
  readonly #readers = {
    video: new TrackReader({ frame: frame => this.#takeFrame(frame), sound: () => {} }),
    audio: new TrackReader({ frame: frame => frame.close(), sound: sound => this.#takeSound(sound) }),
  };
  readonly #clocks = { video: new CaptureClock(), audio: new CaptureClock() };
  readonly #muted = { video: false, audio: false };
  /** What there is or was: a stream that had sound goes on with silence. */
  readonly #kinds = { video: false, audio: false };
  readonly #meter = new StatMeter(steadyClock.now());
  #settings = DEFAULTS;
  #publisher: Publisher | undefined;
  #packer: StreamPacker | undefined;
  #pictures: PictureEncoder | undefined;
  #sounds: SoundEncoder | undefined;
  #filler: PictureFiller | undefined;
  #pacer = new FramePacer();
  #rate = new RateController(DEFAULTS);
  #rates: Rates | undefined;
  #state: PublicationState = 'idle';
  #timer: ReturnType<typeof setInterval> | undefined;
  #toldAt: Millis = 0;
  #ratedAt: Millis = 0;
  #droppedBefore = 0;
  #strain = 0;
  /** Capture time of the last picture. */
  #pictureAt: Millis = 0;
  /** When sound came last. */
  #soundAt: Millis = 0;

  constructor(tell: (event: PublishEvent) => void) {
    this.#tell = tell;
  }

  handle(command: PublishCommand): void {
    switch (command.type) {
      case 'start':
        this.#start(command).catch(error => this.#fail('engine', String(error)));
        return;
      case 'source':
        this.#setSource(command.kind, command.source);
        return;
      case 'frame':
        this.#takeFrame(command.frame);
        return;
      case 'sound':
        this.#takeSound(command.sound);
        return;
      case 'mute':
        this.#muted[command.kind] = command.muted;
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
        this.#announce();
        this.#pictures?.wantKey();
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

  #setSource(kind: MediaKind, source: TrackSource): void {
    this.#clocks[kind].restart();
    this.#readers[kind].read(source);
    if (source.type === 'none') return;
    this.#kinds[kind] = true;
    this.#announce();
  }

  #announce(): void {
    this.#packer?.announce(this.#kinds);
  }

  #takeFrame(frame: VideoFrame): void {
    const now = steadyClock.now();
    const at = this.#clocks.video.place(frame.timestamp, now);
    this.#meter.counts.captured++;
    if (!this.#packer || this.#muted.video) frame.close();
    else {
      this.#filler ??= new PictureFiller();
      this.#filler.keep(frame, at);
      this.#encode(frame, at);
    }
  }

  #encode(frame: VideoFrame, at: Millis): void {
    const { plan } = this.#rate;
    if (at <= this.#pictureAt || !this.#pacer.take(at, plan.frameRate)) frame.close();
    else {
      this.#pictureAt = at;
      this.#pictures ??= this.#createPictures();
      this.#pictures.encode(frame, at, plan);
    }
  }

  #takeSound(sound: RawSound): void {
    this.#soundAt = steadyClock.now();
    const at = this.#clocks.audio.place(sound.time, this.#soundAt);
    if (!this.#packer) return;
    this.#sounds ??= this.#createSounds();
    this.#sounds.encode(sound, at, this.#muted.audio);
  }

  #createPictures(): PictureEncoder {
    const { width, height, keyframeSeconds } = this.#settings;
    return new PictureEncoder({
      width,
      height,
      keyframeMs: keyframeSeconds * 1_000,
      encoded: picture => {
        this.#meter.counts.videoBytes += picture.data.length;
        this.#meter.counts.encoded++;
        this.#packer?.picture(picture);
      },
      failed: message => this.#fail('unsupported', message),
    });
  }

  #createSounds(): SoundEncoder {
    return new SoundEncoder({
      kbps: this.#settings.audioKbps,
      encoded: sound => {
        this.#meter.counts.audioBytes += sound.data.length;
        this.#packer?.sound(sound);
      },
      failed: message => this.#fail('unsupported', message),
    });
  }

  #tick(): void {
    const publisher = this.#publisher;
    if (!publisher || !this.#packer) return;
    const now = steadyClock.now();
    this.#fillUp(now);
    if (publisher.waitingMs > TOO_LATE_MS) {
      publisher.dropWaiting();
      this.#pictures?.wantKey();
    }
    if (now - this.#ratedAt >= RATE_MS) this.#adapt(publisher, now);
    if (now - this.#toldAt >= STATS_MS) this.#tellStats(publisher, now);
  }

  // Where nothing comes from a track the stream's time goes on all the same.
  #fillUp(now: Millis): void {
    if (this.#kinds.audio) {
      this.#sounds ??= this.#createSounds();
      if (now - this.#soundAt > SOUND_PATIENCE_MS) this.#sounds.fill(now - SOUND_PATIENCE_MS / 2);
    }
    if (!this.#kinds.video) return;
    this.#filler ??= new PictureFiller();
    const size = this.#pictures?.size;
    const frame = this.#filler.take(now, this.#muted.video, size?.width ? size : this.#settings);
    if (frame) this.#encode(frame, now);
  }

  #adapt(publisher: Publisher, now: Millis): void {
    this.#ratedAt = now;
    const dropped = this.#pictures?.dropped ?? 0;
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

  #tellStats(publisher: Publisher, now: Millis): void {
    this.#toldAt = now;
    const { bytes, sessions, dropped } = publisher.stats;
    this.#meter.counts.sentBytes = bytes;
    this.#rates = this.#meter.take(now);
    const { transport } = publisher;
    this.#tell({
      type: 'stats',
      stats: {
        ...this.#rates,
        ...(this.#pictures?.size ?? { width: 0, height: 0 }),
        targetKbps: this.#kinds.video ? this.#rate.plan.videoKbps : 0,
        videoCodec: this.#pictures?.codec ?? '',
        audioCodec: this.#sounds?.codec ?? '',
        droppedFrames: this.#pictures?.dropped ?? 0,
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
    for (const reader of Object.values(this.#readers)) reader.close();
    this.#pictures?.close();
    this.#sounds?.close();
    this.#filler?.close();
  }

  #enter(state: PublicationState, error: PublicationError | null = null): void {
    if (state === this.#state || this.#state === 'ended' || this.#state === 'failed') return;
    this.#state = state;
    this.#tell({ type: 'state', state, error });
  }
}
