// A camera, a microphone or a screen on its way to a channel: what a page holds of it. Encoding and the link are in a worker.

import type { RelayTransport } from '../../engine/engine-messages.ts';
import { createWorker } from './create-worker.ts';
import { keepKey, keptKey } from './kept-key.ts';
import type { PublishCommand, PublishEvent } from './publish-messages.ts';
import { sendTrack } from './track-source.ts';

/** What a track of a publication is. */
export type MediaKind = 'video' | 'audio';

/**
 * `connecting` until the relay has taken the first chunk, `reconnecting` while it is away, `ended` after `stop()`;
 * `failed` when going on makes no sense: see `error`.
 */
export type PublicationState = 'idle' | 'connecting' | 'live' | 'reconnecting' | 'ended' | 'failed';

/** Why a publication failed. */
export type PublicationErrorCode =
  /** The token or its absence: wrong, expired, of another channel. */
  | 'not-allowed'
  /** Somebody else publishes the channel. */
  | 'taken'
  /** The same page publishes the channel from elsewhere. */
  | 'replaced'
  | 'bad-name'
  | 'bad-version'
  /** The browser can encode neither. */
  | 'unsupported'
  /** The worker could not be loaded or broke. */
  | 'engine';

export interface PublicationError {
  readonly code: PublicationErrorCode;
  /** For people, in English. */
  readonly message: string;
}

/** What is asked for; less is sent when uplink or processor don't do. */
export interface PublishSettings {
  /** Pixels; those of the camera when not given, at most 1,280 × 720. */
  readonly width?: number;
  readonly height?: number;
  /** Frames a second, 30 if not given. */
  readonly frameRate?: number;
  /** Kilobits a second at most, 1,500 if not given. */
  readonly videoKbps?: number;
  /** 64 if not given. */
  readonly audioKbps?: number;
  /** Seconds from keyframe to keyframe, 1 if not given. */
  readonly keyframeSeconds?: number;
  /** Milliseconds of media in a chunk, 100 if not given; rooms take 40. */
  readonly chunkMs?: number;
}

/** How it goes, over the last second where it says a second. */
export interface PublishStats {
  /** Kilobits a second that the encoders made, and that left for the relay. */
  readonly videoKbps: number;
  readonly audioKbps: number;
  readonly sentKbps: number;
  /** Kilobits a second that the video encoder is set to now; lower than asked for when the uplink is slow. */
  readonly targetKbps: number;
  /** Frames a second from the camera, and encoded. */
  readonly capturedFps: number;
  readonly encodedFps: number;
  /** Pixels of the encoded picture, 0 without one. */
  readonly width: number;
  readonly height: number;
  /** As WebCodecs spells them, e.g. `avc1.42e01f` and `opus`; empty when there is none. */
  readonly videoCodec: string;
  readonly audioCodec: string;
  /** Frames left out because encoder or uplink were too slow, in all. */
  readonly droppedFrames: number;
  /** Chunks given up as they would have come too late, in all. */
  readonly droppedChunks: number;
  /** To the relay and back; 0 while unknown. */
  readonly roundTripMs: number;
  /** What waits for the uplink, in milliseconds of media. */
  readonly waitingMs: number;
  /** Sessions after the first. */
  readonly reconnects: number;
  readonly transport: RelayTransport | '';
  readonly bytesSent: number;
}

export interface PublicationOptions {
  /** The relay's address, e.g. `https://relay.example`. */
  readonly relay: string;
  readonly channel: string;
  /** Proves that this page may publish the channel: see `p2p-live-relay token`. */
  readonly token: string;
  readonly video?: MediaStreamTrack | null;
  readonly audio?: MediaStreamTrack | null;
  readonly settings?: PublishSettings;
  /** The worker `p2p-publish-engine.js`; the one beside the element's script when not given. */
  readonly createWorker?: () => Worker | Promise<Worker>;
}

export const NO_STATS: PublishStats = {
  videoKbps: 0,
  audioKbps: 0,
  sentKbps: 0,
  targetKbps: 0,
  capturedFps: 0,
  encodedFps: 0,
  width: 0,
  height: 0,
  videoCodec: '',
  audioCodec: '',
  droppedFrames: 0,
  droppedChunks: 0,
  roundTripMs: 0,
  waitingMs: 0,
  reconnects: 0,
  transport: '',
  bytesSent: 0,
};

/** A worker that has not answered for this long does not work. */
const READY_MS = 8_000;
/** What waits to be sent, and telling the viewers, may take so long. */
const FAREWELL_MS = 4_000;

/**
 * Events: `statechange`, `error` (with `error` set), `stats` (once a second). The tracks stay the caller's: they are neither stopped nor changed.
 * A publication that has ended or failed may be started again.
 */
export class Publication extends EventTarget {
  readonly #options: PublicationOptions;
  readonly #tracks: Record<MediaKind, MediaStreamTrack | null>;
  readonly #muted: Record<MediaKind, boolean> = { video: false, audio: false };
  readonly #leave: Record<MediaKind, () => void> = { video: () => {}, audio: () => {} };
  #worker: Worker | undefined;
  #state: PublicationState = 'idle';
  #error: PublicationError | null = null;
  #stats: PublishStats = NO_STATS;
  #farewell: Promise<void> | undefined;
  #stopped: () => void = () => {};

  constructor(options: PublicationOptions) {
    super();
    this.#options = options;
    this.#tracks = { video: options.video ?? null, audio: options.audio ?? null };
  }

  get channel(): string {
    return this.#options.channel;
  }

  get state(): PublicationState {
    return this.#state;
  }

  get error(): PublicationError | null {
    return this.#error;
  }

  get stats(): PublishStats {
    return this.#stats;
  }

  /** Connects and goes on air. Does nothing while it is under way. */
  start(): void {
    if (this.#state === 'connecting' || this.#state === 'live' || this.#state === 'reconnecting') return;
    this.#error = null;
    this.#stats = NO_STATS;
    this.#farewell = undefined;
    this.#enter('connecting');
    addEventListener('online', this.#wake);
    this.#run().catch(error => this.#fail(error));
  }

  /** Goes off the air: sends what is left and tells viewers that the broadcast is over. Never rejects. */
  stop(): Promise<void> {
    if (this.#farewell) return this.#farewell;
    if (this.#state === 'idle' || this.#state === 'failed') return Promise.resolve();
    const worker = this.#worker;
    this.#farewell = new Promise<void>(resolve => {
      const timer = setTimeout(() => this.#stopped(), worker ? FAREWELL_MS : 0);
      this.#stopped = () => {
        clearTimeout(timer);
        worker?.terminate();
        resolve();
      };
    });
    worker?.postMessage({ type: 'stop' } satisfies PublishCommand);
    this.#release();
    this.#enter('ended');
    return this.#farewell;
  }

  /** Another camera, microphone or screen, or none, from here on. */
  setTrack(kind: MediaKind, track: MediaStreamTrack | null): void {
    if (track === this.#tracks[kind]) return;
    this.#tracks[kind] = track;
    if (this.#worker) this.#attach(kind);
  }

  /** Sends silence, or a black picture at a low rate, instead; the stream's timeline goes on. */
  setMuted(kind: MediaKind, muted: boolean): void {
    this.#muted[kind] = muted;
    this.#send({ type: 'mute', kind, muted });
  }

  async #run(): Promise<void> {
    if (typeof VideoEncoder === 'undefined' || typeof AudioEncoder === 'undefined') {
      this.#take({
        type: 'state',
        state: 'failed',
        error: { code: 'unsupported', message: 'this browser has no WebCodecs' },
      });
      return;
    }
    const { relay, channel, token, settings = {}, createWorker: make = createWorker } = this.#options;
    if (!token) {
      const message = `a token is needed that allows to publish ${channel}`;
      this.#take({ type: 'state', state: 'failed', error: { code: 'not-allowed', message } });
      return;
    }
    const worker = await make();
    if (this.#state !== 'connecting') return worker.terminate();
    this.#worker = worker;
    const timer = setTimeout(() => this.#fail('the worker does not answer'), READY_MS);
    worker.addEventListener('message', ({ data: event }: MessageEvent<PublishEvent>) => {
      if (event.type === 'ready') clearTimeout(timer);
      else if (event.type === 'stopped') this.#stopped();
      else if (worker === this.#worker) this.#take(event);
    });
    worker.addEventListener('error', event => {
      clearTimeout(timer);
      if (worker === this.#worker) this.#fail(event.message || 'the worker could not be loaded');
    });
    const address = new URL(relay, document.baseURI).href;
    this.#send({ type: 'start', relay: address, channel, token, settings, key: keptKey(relay, channel) });
    for (const kind of ['video', 'audio'] as const) {
      if (this.#muted[kind]) this.#send({ type: 'mute', kind, muted: true });
      if (this.#tracks[kind]) this.#attach(kind);
    }
  }

  #attach(kind: MediaKind): void {
    this.#leave[kind]();
    this.#leave[kind] = sendTrack(kind, this.#tracks[kind], (command, transfer) => this.#send(command, transfer));
  }

  #send(command: PublishCommand, transfer: Transferable[] = []): void {
    this.#worker?.postMessage(command, transfer);
  }

  #take(event: PublishEvent): void {
    const { relay, channel } = this.#options;
    if (event.type === 'key') keepKey(relay, channel, event.key);
    if (event.type === 'stats') {
      this.#stats = event.stats;
      this.dispatchEvent(new Event('stats'));
    }
    if (event.type !== 'state') return;
    if (event.state === 'failed') {
      this.#error = event.error;
      const worker = this.#worker;
      setTimeout(() => worker?.terminate(), FAREWELL_MS); // it may have something to tell the relay
      this.#release();
    }
    this.#enter(event.state);
    if (event.state === 'failed') this.dispatchEvent(new Event('error'));
  }

  #fail(reason: unknown): void {
    if (this.#state === 'ended' || this.#state === 'failed') return;
    const message = reason instanceof Error ? reason.message : String(reason);
    this.#take({ type: 'state', state: 'failed', error: { code: 'engine', message } });
  }

  readonly #wake = (): void => this.#send({ type: 'wake' });

  #release(): void {
    removeEventListener('online', this.#wake);
    for (const leave of Object.values(this.#leave)) leave();
    this.#leave.video = this.#leave.audio = () => {};
    this.#worker = undefined;
  }

  #enter(state: PublicationState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.dispatchEvent(new Event('statechange'));
  }
}
