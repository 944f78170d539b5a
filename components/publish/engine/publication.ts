// A camera, a microphone or a screen on its way to a channel: what a page holds of it. Encoding and the link are in a worker.

import { createWorker } from './create-worker.ts';
import { keepKey, keptKey } from './kept-key.ts';
import {
  type MediaKind,
  NO_STATS,
  type PublicationError,
  type PublicationErrorCode,
  type PublicationState,
  type PublishSettings,
  type PublishStats,
} from './publication-face.ts';
import type { PublishCommand, PublishEvent } from './publish-messages.ts';
import { sendTrack } from './track-source.ts';

export type { MediaKind, PublicationError, PublicationErrorCode, PublicationState, PublishSettings, PublishStats };
export { NO_STATS };

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
  #token: string;
  #state: PublicationState = 'idle';
  #error: PublicationError | null = null;
  #stats: PublishStats = NO_STATS;
  #farewell: Promise<void> | undefined;
  #stopped: () => void = () => {};

  constructor(options: PublicationOptions) {
    super();
    this.#options = options;
    this.#token = options.token;
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

  /** Shows the relay another token, now and from now on: nothing is interrupted when the one before ends. */
  setToken(token: string): void {
    if (token === this.#token) return;
    this.#token = token;
    this.#send({ type: 'token', token });
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
    const { relay, channel, settings = {}, createWorker: make = createWorker } = this.#options;
    if (!this.#token) {
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
    this.#send({ type: 'start', relay: address, channel, token: this.#token, settings, key: keptKey(relay, channel) });
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
