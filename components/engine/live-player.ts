// The player behind a <video>: starts the engine, shows what it makes, keeps near the live edge, and tells how things are.

import { isRecordingSwarm } from '../../core/recording/recording-id.ts';
import { LazyPeerConnections } from '../links/lazy-peer-connections.ts';
import type { PeerEvent } from '../links/peer-messages.ts';
import { Attendance } from './attendance.ts';
import { createWorker } from './create-worker.ts';
import { EngineHost } from './engine-host.ts';
import type { EngineEvent, EngineFault, EngineWarning, PeerTerms, RelayTransport, Supply } from './engine-messages.ts';
import { LatencyMeter } from './latency-meter.ts';
import { LiveController, type PlaybackView, type Seconds } from './live-controller.ts';
import { checkedLatency, faultOf, faultOfToken, type LivePlayerOptions } from './live-player-options.ts';
import { type LivePlayerState, stateOf } from './live-player-state.ts';
import { takesMpegAudioRaw } from './media-source-class.ts';
import { type MessageData, outgoingMessage } from './outgoing-message.ts';
import { PlayerFigures } from './player-figures.ts';
import type { PlayerStats } from './player-stats.ts';
import { changesRateSmoothly } from './rate-changes.ts';
import { Rewind } from './rewind.ts';
import { StallMeter } from './stall-meter.ts';
import { NO_PEERS, type SwarmPolicy } from './swarm-policy.ts';
import { favour } from './transport-choice.ts';
import { VideoSource } from './video-source.ts';
import { bufferedRanges, frameCounts } from './video-view.ts';

/** Which transport reached a relay last, for as long as the page lives. */
const winners = new Map<string, RelayTransport>();

const STEP_MS = 100;
const STATS_MS = 1_000;
const MAY_CHANGE_RATE = changesRateSmoothly(globalThis.navigator?.userAgent ?? '');
const HAVE_CURRENT_DATA = 2;

/**
 * Fills one video with one channel. Never plays, pauses or mutes it. Events: `statechange`, `error` (once a failure), `warning`,
 * `stats` (once a second), `metadata`, `message`; details are in the properties, or in `detail` of a CustomEvent (`warning`, `metadata`, `message`).
 */
export class LivePlayer extends EventTarget {
  readonly #video: HTMLVideoElement;
  readonly #options: LivePlayerOptions;
  readonly #controller: LiveController;
  readonly #source: VideoSource;
  readonly #figures = new PlayerFigures();
  readonly #latency = new LatencyMeter();
  readonly #stalls: StallMeter;
  readonly #rewind: Rewind;
  readonly #attendance: Attendance;
  readonly #isRecorded: boolean;
  #target: Seconds;
  #policy: SwarmPolicy;
  #token: string;
  #peers: LazyPeerConnections | undefined;
  #listeners = new AbortController();
  #host: EngineHost | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #state: LivePlayerState = 'idle';
  #error: EngineFault | null = null;
  #supply: Supply = 'connecting';
  #statsAt = 0;

  constructor(video: HTMLVideoElement, options: LivePlayerOptions) {
    super();
    this.#video = video;
    this.#source = new VideoSource(video);
    this.#options = options;
    this.#isRecorded = isRecordingSwarm(options.name);
    // No recording is too old.
    this.#target = this.#isRecorded ? Number.POSITIVE_INFINITY : checkedLatency(options.targetLatency);
    this.#controller = new LiveController(this.#target);
    this.#policy = options.swarm ?? NO_PEERS;
    this.#token = options.token ?? '';
    this.#rewind = new Rewind(video, {
      send: command => this.#host?.send(command),
      relayNow: () => this.#latency.relayTime(performance.timeOrigin + performance.now()),
      target: () => this.#controller.target,
    });
    const player = this;
    this.#attendance = new Attendance(video, {
      get isBehind() {
        return player.#controller.isBehind;
      },
      get feedsPeers() {
        return player.#figures.swarm.peers.some(({ takes }) => takes.length > 0);
      },
      get hasSound() {
        return player.#figures.audioCodec !== null;
      },
      send: command => this.#host?.send(command),
      seekToLive: () => this.seekToLive(),
    });
    this.#stalls = new StallMeter(() => this.#controller.stalled(performance.now()));
  }

  get state(): LivePlayerState {
    return this.#state;
  }

  /** Why the state is `failed`; null otherwise. */
  get error(): EngineFault | null {
    return this.#error;
  }

  /** Seconds from the source to the screen that are aimed at while nothing stalls. */
  get targetLatency(): Seconds {
    return this.#target;
  }

  set targetLatency(seconds: Seconds) {
    if (this.#isRecorded) return;
    this.#target = checkedLatency(seconds);
    this.#controller.retarget(seconds);
  }

  /** The terms on which it takes part in the swarm. */
  get swarm(): SwarmPolicy {
    return this.#policy;
  }

  set swarm(policy: SwarmPolicy) {
    this.#policy = policy;
    this.#host?.send({ type: 'swarm', policy });
  }

  /** What lets the viewer watch. Another one takes effect while it plays; the relay looks at it within a second. */
  get token(): string {
    return this.#token;
  }

  set token(token: string) {
    this.#token = token;
    const fault = faultOfToken(token);
    if (fault) this.#tell('warning', { code: 'relay', message: fault.message } satisfies EngineWarning);
    else this.#host?.send({ type: 'token', token });
  }

  /** A snapshot of this moment. */
  get stats(): PlayerStats {
    const { ranges, currentTime, latency } = this.#view();
    const range = ranges.find(([start, end]) => currentTime >= start && currentTime <= end);
    const { counters, swarm, transport, videoCodec, audioCodec, jumps, firstFrameMs } = this.#figures;
    return {
      ...counters,
      ...frameCounts(this.#video),
      ...{ swarm, transport, videoCodec, audioCodec, jumps, firstFrameMs, latency },
      targetLatency: this.#controller.target,
      buffer: range ? range[1] - currentTime : 0,
      playbackRate: this.#video.playbackRate,
      stalls: this.#stalls.count,
      inWorker: this.#host?.inWorker ?? false,
      roundTripMs: this.#latency.roundTripMs,
    };
  }

  /** What can be sought to, in seconds on the video's clock; null before the first picture. */
  get seekable(): { readonly start: Seconds; readonly end: Seconds } | null {
    return this.#figures.firstFrameMs === null ? null : this.#rewind.seekable;
  }

  /** Where `seekToLive` goes, in seconds on the video's clock; null before the first picture. */
  get liveEdge(): Seconds | null {
    return this.#figures.firstFrameMs === null ? null : this.#rewind.liveEdge;
  }

  /** Goes to a time on the video's clock, and stays behind live; what lies outside of `seekable` is clamped to it. */
  seek(time: Seconds): void {
    if (Number.isNaN(time)) throw new TypeError('NaN is no time to seek to');
    if (!this.#host) return;
    if (this.#rewind.seek(time)) this.#controller.goBehind();
    else this.#controller.seekToLive();
    this.#tick();
  }

  /** Connects. Does nothing while it is started already. */
  start(): void {
    if (this.#host) return;
    this.#reset();
    const fault = faultOf({ ...this.#options, token: this.#token });
    if (fault) {
      this.#fail(fault);
      return;
    }
    this.#listen();
    const { relay, name, transports = ['webtransport', 'websocket'], worker = 'auto' } = this.#options;
    this.#host = new EngineHost({
      worker,
      createWorker: this.#options.createWorker ?? createWorker,
      onEvent: event => this.#take(event),
    });
    const order = favour(winners.get(relay), transports);
    const mpegAudioRaw = takesMpegAudioRaw();
    this.#host.start({ relay, name, token: this.#token, transports: order, swarm: this.#policy, mpegAudioRaw });
    this.#timer = setInterval(() => this.#tick(), STEP_MS);
    this.#update();
  }

  /** Leaves the channel, empties the video and releases everything. `start()` may follow. */
  stop(): void {
    this.#release();
    this.#error = null;
    this.#enter('idle');
  }

  /** Says something to everybody on the channel; false while it is not connected. Throws `RangeError` above 16 KiB. */
  send(message: MessageData): boolean {
    const outgoing = outgoingMessage(message);
    if (this.#figures.transport === null) return false;
    this.#host?.send({ type: 'send', ...outgoing });
    return true;
  }

  /** Jumps to where the latency is the one aimed at. */
  seekToLive(): void {
    this.#rewind.seekToLive();
    this.#controller.seekToLive();
    this.#tick();
  }

  #reset(): void {
    this.#error = null;
    this.#supply = 'connecting';
    this.#figures.restart(performance.now());
    this.#latency.reset();
    this.#controller.reset();
    if (this.#isRecorded) this.#controller.goBehind();
    this.#rewind.restart(true);
    this.#stalls.reset();
  }

  #release(): void {
    clearInterval(this.#timer);
    this.#listeners.abort();
    const host = this.#host;
    this.#host = undefined;
    host?.close();
    void this.#peers?.close();
    this.#peers = undefined;
    this.#figures.transport = null;
    this.#source.detach();
  }

  #listen(): void {
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    const video = this.#video;
    const update = () => this.#update();
    for (const type of ['canplay', 'playing', 'pause', 'ended', 'emptied', 'timeupdate']) {
      video.addEventListener(type, update, { signal });
    }
    video.addEventListener('waiting', () => this.#onWaiting(), { signal });
    for (const type of ['playing', 'canplay', 'timeupdate', 'seeking', 'pause', 'emptied']) {
      video.addEventListener(type, () => this.#stalls.over(performance.now()), { signal });
    }
    video.addEventListener('loadeddata', () => this.#onFirstFrame(), { signal });
    for (const type of ['play', 'loadedmetadata', 'progress']) {
      video.addEventListener(type, () => this.#tick(), { signal });
    }
    video.addEventListener('error', () => this.#onVideoError(), { signal });
    globalThis.addEventListener('online', () => this.#host?.send({ type: 'wake' }), { signal });
    video.addEventListener('play', () => this.#onPlay(), { signal });
    this.#attendance.listen(signal);
    // Others may seek in it as well: the browser at the end, the system's own controls.
    if (this.#isRecorded) video.addEventListener('seeking', () => this.#rewind.sought(), { signal });
  }

  #take(event: EngineEvent): void {
    switch (event.type) {
      case 'ready':
        break;
      case 'supply':
        this.#supply = event.supply;
        if (event.supply === 'connecting') this.#figures.transport = null;
        this.#update();
        break;
      case 'attach':
        this.#attach(event.source);
        break;
      case 'window':
      case 'begins':
      case 'sought':
        this.#rewind.take(event);
        if (event.type === 'begins') this.#tellPlayhead(this.#view());
        break;
      case 'failed':
        this.#fail(event.fault);
        break;
      case 'warning':
        this.#tell('warning', event.warning satisfies EngineWarning);
        break;
      case 'connected':
        this.#figures.take(event);
        winners.set(this.#options.relay, event.transport);
        break;
      case 'capture':
        this.#latency.capture(event.mediaTime, event.capturedAt);
        break;
      case 'clock':
        this.#latency.clock(event.offset, event.roundTripMs);
        break;
      case 'track':
        this.#figures.take(event);
        break;
      case 'metadata':
        this.#tell('metadata', { name: event.name, value: event.value, time: event.time });
        break;
      case 'message':
        this.#tell('message', event);
        break;
      case 'counters':
        this.#figures.take(event);
        this.#controller.delay(event.swarm.delayMs / 1_000);
        break;
      case 'peers':
        this.#beginPeers(event.terms);
        break;
      case 'peer':
        void this.#peers?.handle(event.command);
        break;
    }
  }

  #attach(source: MediaSource | MediaSourceHandle): void {
    this.#latency.restart();
    this.#controller.restart();
    this.#rewind.restart(false);
    this.#source.attach(source);
  }

  #tick(): void {
    if (!this.#host) return;
    const now = performance.now();
    const view = this.#view();
    this.#stalls.check(now);
    const wish = this.#controller.step(view, now);
    if (wish.playbackRate !== undefined && MAY_CHANGE_RATE) this.#video.playbackRate = wish.playbackRate;
    if (wish.bringLive) this.#rewind.seekToLive();
    if (wish.seekTo !== undefined) {
      this.#figures.jumps++;
      this.#video.currentTime = wish.seekTo;
    }
    this.#update();
    if (now - this.#statsAt < STATS_MS - STEP_MS / 2) return;
    this.#statsAt = now;
    this.#attendance.look();
    this.#tellPlayhead(view);
    this.dispatchEvent(new Event('stats'));
  }

  #tellPlayhead({ currentTime, latency }: PlaybackView): void {
    const { target: targetLatency } = this.#controller;
    const { isBehind } = this.#controller;
    const stalls = this.#stalls.count;
    const stalledMs = this.#stalls.total(performance.now());
    const startupMs = this.#figures.firstFrameMs;
    const figures = { stalls, stalledMs, startupMs };
    this.#host?.send({ type: 'playhead', currentTime, latency, targetLatency, isBehind, ...figures });
  }

  #beginPeers({ iceServers, iceTransportPolicy, self }: PeerTerms): void {
    void this.#peers?.close();
    const { consent = async () => true } = this.#options;
    const emit = (event: PeerEvent, transfer: Transferable[]) => this.#host?.send({ type: 'peer', event }, transfer);
    this.#peers = new LazyPeerConnections({ emit, consent, iceTransportPolicy });
    void this.#peers.handle({ type: 'ice-servers', iceServers, self });
  }

  #view(): PlaybackView {
    const { currentTime, paused, seeking, readyState } = this.#video;
    const now = performance.timeOrigin + performance.now();
    const latency = readyState >= HAVE_CURRENT_DATA ? this.#latency.at(currentTime, now) : null;
    const { isPending } = this.#rewind;
    return { currentTime, ranges: bufferedRanges(this.#video), latency, paused, seeking, isPending };
  }

  #update(): void {
    // A recording that is there to its end is not over before it was seen.
    const isAhead = this.#isRecorded && this.#supply === 'ended' && !this.#video.ended;
    const supply = isAhead ? 'live' : this.#supply;
    if (this.#host) this.#enter(stateOf(this.#video, supply, this.#state));
  }

  #enter(state: LivePlayerState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.dispatchEvent(new Event('statechange'));
  }

  #fail(fault: EngineFault): void {
    if (this.#error) return;
    this.#release();
    this.#error = fault;
    this.#enter('failed');
    this.dispatchEvent(new Event('error'));
  }

  #onWaiting(): void {
    const { seeking, paused } = this.#video;
    if (!seeking && !paused && this.#figures.firstFrameMs !== null && this.#supply === 'live') {
      this.#stalls.begin(performance.now());
    }
    this.#tick();
  }

  #onFirstFrame(): void {
    this.#figures.shown(performance.now());
    this.#tellPlayhead(this.#view());
    this.#tick();
  }

  #onVideoError(): void {
    const { error } = this.#video;
    if (!error || !this.#host) return;
    this.#tell('warning', { code: 'bad-media', message: error.message || `media error ${error.code}` });
    this.#host.send({ type: 'rebuild' });
  }

  #onPlay(): void {
    if (this.#attendance.takePausedUnseen()) {
      this.#controller.restart();
      this.seekToLive();
    } else if (this.#rewind.isExpired) this.seek(0);
  }

  #tell(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
