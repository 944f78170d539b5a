// Brings together what the page wants, what the devices give and what becomes of it on its way to the relay.

import type { ReactiveController } from 'lit';
import { relayUrl } from '../relay-url.ts';
import { TokenRenewal } from '../token-renewal.ts';
import { type BroadcastHost, type PublicationFace, type PublicationFactory, wishOf } from './broadcast-host.ts';
import { Capture, type LostInput } from './capture.ts';
import { adviceFor, captureFailure, captureObstacle } from './capture-failure.ts';
import { type MediaKind, NO_STATS, type PublishStats } from './engine/publication.ts';
import { cameraConstraints } from './media-wish.ts';
import { OnAirPromise } from './on-air-promise.ts';
import type { PublishError, PublishErrorCode, PublishSource, PublishState, PublishWarning } from './publish-state.ts';
import type { PublishStrings } from './publish-strings.ts';

/** Owns the devices and the publication and decides when there are any; fires `statechange`, `error`, `warning` and `stats` on the host. */
export class Broadcast implements ReactiveController {
  readonly capture = new Capture();
  /** What is captured now; the same object all the time. */
  readonly stream = new MediaStream();
  readonly #host: BroadcastHost;
  readonly #create: PublicationFactory;
  readonly #words: () => PublishStrings;
  readonly #onAir = new OnAirPromise();
  #state: PublishState = 'idle';
  #error: PublishError | null = null;
  #warning: PublishWarning | null = null;
  #publication: PublicationFace | undefined;
  #stats: PublishStats = NO_STATS;
  #detach = new AbortController();
  #preparing: Promise<void> | undefined;
  /** What began before the latest stop is void. */
  #attempt = 0;
  #liveSince: number | null = null;
  #liveUntil: number | null = null;
  #isTokenRenewed = false;
  readonly #renewal = new TokenRenewal(token => this.setToken(token));

  constructor(host: BroadcastHost, create: PublicationFactory, words: () => PublishStrings) {
    this.#host = host;
    this.#create = create;
    this.#words = words;
    host.addController(this);
    this.capture.addEventListener('change', event => this.#onTrack((event as CustomEvent<MediaKind>).detail)); // as it says
    this.capture.addEventListener('lost', event => this.#onLost((event as CustomEvent<LostInput>).detail)); // as it says
  }

  get state(): PublishState {
    return this.#state;
  }
  get error(): PublishError | null {
    return this.#error;
  }
  /** What went wrong last and has not been mended or dismissed. */
  get warning(): PublishWarning | null {
    return this.#warning;
  }
  get stats(): PublishStats {
    return this.#stats;
  }
  /** Whether there is, or is about to be, something on its way to the relay. */
  get isPublishing(): boolean {
    return this.#state === 'connecting' || this.#state === 'live' || this.#state === 'reconnecting';
  }
  /** Seconds since it went on air, or that it was. */
  get seconds(): number {
    return this.#liveSince === null ? 0 : ((this.#liveUntil ?? performance.now()) - this.#liveSince) / 1000;
  }

  /** An element that is only moved is back within the same task, and stays on air. */
  hostDisconnected(): void {
    queueMicrotask(() => {
      if (this.#host.isConnected) return;
      void this.stop();
      this.#enter('idle');
    });
  }

  /** Asks for the devices, for a preview. Rejects as getUserMedia does; with AbortError when stopped meanwhile. */
  prepare(): Promise<void> {
    if (this.#state === 'ready' || this.isPublishing) return Promise.resolve();
    if (this.#preparing) return this.#preparing;
    const preparing = this.#ask().finally(() => {
      if (preparing === this.#preparing) this.#preparing = undefined;
    });
    this.#preparing = preparing;
    return preparing;
  }

  /** Goes on air. Resolves when the relay takes it; rejects with what `error` says, or with AbortError when stopped before. */
  async start(): Promise<void> {
    if (!this.isPublishing) {
      const relay = relayUrl(this.#host.relay);
      const words = this.#words();
      if (!relay) throw this.#fail('bad-relay', words.badRelay(this.#host.relay));
      if (!this.#host.channel) throw this.#fail('no-channel', adviceFor(words, 'no-channel'));
      await this.prepare();
      this.#liveSince = this.#liveUntil = null;
      this.#isTokenRenewed = false;
      this.#onAir.renew();
      void this.#publish(relay);
    }
    return this.#onAir.promise;
  }

  /** Off the air, and the devices given back. Resolves when the relay was told. */
  async stop(): Promise<void> {
    const publication = this.#release();
    this.#onAir.reject(new DOMException('The broadcast was stopped.', 'AbortError'));
    if (this.#state !== 'ended') this.#enter(this.#liveSince === null ? 'idle' : 'ended');
    await publication?.stop();
  }

  /** Sends silence, or sound again. */
  setMuted(muted: boolean): void {
    this.#publication?.setMuted('audio', muted);
  }

  /** Hides the picture, and turns the camera itself off; or shows it again. Rejects as getUserMedia does. */
  async setCameraOff(off: boolean): Promise<void> {
    this.#publication?.setMuted('video', off);
    const isOpen = this.#state === 'ready' || this.isPublishing;
    if (!isOpen || this.source !== 'camera') return;
    if (off) this.capture.set('camera', null);
    else if (!this.capture.has('camera')) await this.choose('camera');
  }

  /** Takes the host's present camera or microphone. */
  async choose(input: 'camera' | 'microphone'): Promise<void> {
    await this.capture.choose(input, wishOf(this.#host));
    this.dismiss();
  }

  /** Takes the host's present source; when that can't be had, the one before stays. */
  async changeSource(): Promise<void> {
    this.#tellMissing(await this.#open());
  }

  /** Takes the host's present size, as far as the device can. */
  async resize(): Promise<void> {
    await this.capture.video?.applyConstraints(cameraConstraints({ ...wishOf(this.#host), camera: '' }));
  }

  /** The warning has been seen. */
  dismiss(): void {
    this.#warning = null;
    this.#host.requestUpdate();
  }

  get source(): PublishSource {
    return this.#host.srcObject ? 'own' : this.#host.source;
  }

  async #ask(): Promise<void> {
    const { source } = this;
    const words = this.#words();
    const obstacle = captureObstacle(source);
    if (obstacle) throw this.#fail(obstacle, adviceFor(words, obstacle));
    const before = this.#state;
    const attempt = this.#attempt;
    this.#error = null;
    this.#enter('asking');
    try {
      this.#tellMissing(await this.#open());
      this.#enter('ready');
    } catch (error) {
      if (attempt !== this.#attempt) throw error;
      const code = captureFailure(error, source);
      if (code) this.#fail(code, adviceFor(words, code, error instanceof Error ? error.message : String(error)));
      else this.#enter(before === 'failed' ? 'idle' : before);
      throw error;
    }
  }

  async #open() {
    const { srcObject } = this.#host;
    if (!srcObject) return this.capture.open(wishOf(this.#host));
    this.capture.take(srcObject);
    return [];
  }

  async #publish(relay: string): Promise<void> {
    const { channel, tokenProvider, resolution, frameRate, videoKbps, audioKbps, muted, cameraOff } = this.#host;
    const attempt = this.#attempt;
    this.#enter(this.#liveSince === null ? 'connecting' : 'reconnecting');
    let { token } = this.#host;
    try {
      if (tokenProvider) token = await tokenProvider(channel);
    } catch {
      // What a server says to a page's own request is nothing for its visitors.
      if (attempt === this.#attempt) this.#fail('no-token', adviceFor(this.#words(), 'no-token'));
      return;
    }
    if (attempt !== this.#attempt) return;
    const { video, audio } = this.capture;
    const width = Math.round((resolution * 8) / 9) * 2;
    const settings = { width, height: resolution, frameRate, videoKbps, audioKbps };
    const publication = this.#create({ relay, channel, token, video, audio, settings });
    this.#publication = publication;
    this.#detach = new AbortController();
    const { signal } = this.#detach;
    publication.addEventListener('statechange', () => this.#onState(publication, relay), { signal });
    publication.addEventListener('stats', () => this.#onStats(publication), { signal });
    if (tokenProvider) this.#renewal.begin(token, () => tokenProvider(channel));
    if (muted) publication.setMuted('audio', true);
    if (cameraOff) publication.setMuted('video', true);
    publication.start();
    this.#onState(publication, relay);
  }

  #onState(publication: PublicationFace, relay: string): void {
    if (publication !== this.#publication) return;
    const { state, error } = publication;
    if (state === 'failed' && error) {
      // A token's time runs out while one is on air: the page may have another.
      const isExpired = error.code === 'not-allowed' && this.#liveSince !== null && !this.#isTokenRenewed;
      if (isExpired && this.#host.tokenProvider) {
        this.#isTokenRenewed = true;
        this.#detach.abort();
        void this.#publish(relay);
      } else this.#fail(error.code, adviceFor(this.#words(), error.code, error.message));
    } else if (state === 'live') {
      this.#liveSince ??= performance.now();
      this.#isTokenRenewed = false;
      this.#enter('live');
      this.#onAir.resolve();
    } else if (state === 'reconnecting' && this.#state === 'live') this.#enter('reconnecting');
  }

  /** Shows the relay another token while one is on air. */
  setToken(token: string): void {
    this.#publication?.setToken(token);
  }

  #onStats({ stats }: PublicationFace): void {
    this.#stats = stats;
    this.#host.requestUpdate();
    this.#host.dispatchEvent(new CustomEvent('stats', { detail: stats }));
  }

  #onTrack(kind: MediaKind): void {
    const track = this.capture[kind];
    for (const each of this.stream.getTracks()) if (each.kind === kind && each !== track) this.stream.removeTrack(each);
    if (track) this.stream.addTrack(track);
    // Of a camera that is off, the publication makes a black picture.
    if (track || kind === 'audio' || !this.#host.cameraOff) this.#publication?.setTrack(kind, track);
    // Black is better than the last picture of a camera that is gone.
    if (kind === 'video') this.#publication?.setMuted('video', !track || this.#host.cameraOff);
    this.#host.requestUpdate();
  }

  #onLost({ input }: LostInput): void {
    const { video, audio } = this.capture;
    if (video || audio) {
      if (input !== 'tone') this.#warn(input === 'screen' ? 'screen-ended' : `${input}-lost`);
    } else if (input === 'camera' || input === 'microphone')
      this.#fail('device-lost', adviceFor(this.#words(), 'device-lost'));
    else void this.stop();
  }

  #tellMissing([input]: readonly string[]): void {
    this.dismiss();
    if (input === 'camera' || input === 'microphone') this.#warn(`no-${input}`);
  }

  #warn(code: PublishWarning['code']): void {
    this.#warning = { code, message: this.#words().warnings[code] };
    this.#host.requestUpdate();
    this.#host.dispatchEvent(new CustomEvent('warning', { detail: this.#warning }));
  }

  /** Gives everything back; what is left to do with the publication is the caller's. */
  #release(): PublicationFace | undefined {
    const publication = this.#publication;
    this.#attempt++;
    this.#renewal.end();
    this.#detach.abort();
    this.#publication = undefined;
    this.#preparing = undefined;
    this.#liveUntil ??= performance.now();
    this.#warning = null;
    this.#stats = NO_STATS;
    this.capture.close();
    return publication;
  }

  #fail(code: PublishErrorCode, message: string): Error {
    void this.#release()?.stop();
    this.#error = { code, message };
    this.#enter('failed');
    this.#host.dispatchEvent(new CustomEvent('error', { detail: this.#error }));
    const failure = new DOMException(message, code === 'denied' ? 'NotAllowedError' : 'OperationError');
    this.#onAir.reject(failure);
    return failure;
  }

  #enter(state: PublishState): void {
    if (state === this.#state) return;
    const previous = this.#state;
    this.#state = state;
    if (state !== 'failed') this.#error = null;
    this.#host.requestUpdate();
    this.#host.dispatchEvent(new CustomEvent('statechange', { detail: { state, previous } }));
  }
}
