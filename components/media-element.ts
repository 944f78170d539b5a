// What <p2p-live> has of HTMLMediaElement because its inner video has it.

import { LitElement } from 'lit';

/** The inner video, and the members of HTMLVideoElement that are simply handed on to it. */
export abstract class MediaElement extends LitElement {
  declare static readonly NETWORK_EMPTY: 0;
  declare static readonly NETWORK_IDLE: 1;
  declare static readonly NETWORK_LOADING: 2;
  declare static readonly NETWORK_NO_SOURCE: 3;
  declare static readonly HAVE_NOTHING: 0;
  declare static readonly HAVE_METADATA: 1;
  declare static readonly HAVE_CURRENT_DATA: 2;
  declare static readonly HAVE_FUTURE_DATA: 3;
  declare static readonly HAVE_ENOUGH_DATA: 4;
  declare readonly NETWORK_EMPTY: 0;
  declare readonly NETWORK_IDLE: 1;
  declare readonly NETWORK_LOADING: 2;
  declare readonly NETWORK_NO_SOURCE: 3;
  declare readonly HAVE_NOTHING: 0;
  declare readonly HAVE_METADATA: 1;
  declare readonly HAVE_CURRENT_DATA: 2;
  declare readonly HAVE_FUTURE_DATA: 3;
  declare readonly HAVE_ENOUGH_DATA: 4;

  static {
    const network = ['EMPTY', 'IDLE', 'LOADING', 'NO_SOURCE'].map((word, value) => [`NETWORK_${word}`, value] as const);
    const have = ['NOTHING', 'METADATA', 'CURRENT_DATA', 'FUTURE_DATA', 'ENOUGH_DATA'].map(
      (word, value) => [`HAVE_${word}`, value] as const,
    );
    for (const target of [MediaElement, MediaElement.prototype])
      for (const [name, value] of [...network, ...have]) Object.defineProperty(target, name, { value });
  }

  protected readonly video: HTMLVideoElement = document.createElement('video');

  constructor() {
    super();
    this.video.playsInline = true;
    this.video.part.add('video');
  }

  /** 0–1; throws as HTMLMediaElement does outside of that. */
  get volume(): number {
    return this.video.volume;
  }
  set volume(volume: number) {
    this.video.volume = volume;
  }
  get muted(): boolean {
    return this.video.muted;
  }
  set muted(muted: boolean) {
    this.video.muted = muted;
  }
  /** The `muted` attribute: as with `<video>`, only what it is at the beginning mutes. */
  get defaultMuted(): boolean {
    return this.hasAttribute('muted');
  }
  set defaultMuted(muted: boolean) {
    this.toggleAttribute('muted', muted);
    if (!this.hasUpdated) this.video.muted = muted;
  }
  get preservesPitch(): boolean {
    return this.video.preservesPitch;
  }
  set preservesPitch(preserves: boolean) {
    this.video.preservesPitch = preserves;
  }
  /** Seconds: Infinity while live, NaN before there is anything. */
  get duration(): number {
    return this.video.duration;
  }
  get seeking(): boolean {
    return this.video.seeking;
  }
  get readyState(): number {
    return this.video.readyState;
  }
  get buffered(): TimeRanges {
    return this.video.buffered;
  }
  get played(): TimeRanges {
    return this.video.played;
  }
  get videoWidth(): number {
    return this.video.videoWidth;
  }
  get videoHeight(): number {
    return this.video.videoHeight;
  }
  get currentSrc(): string {
    return this.video.currentSrc;
  }
  get textTracks(): TextTrackList {
    return this.video.textTracks;
  }
  get sinkId(): string {
    return this.video.sinkId;
  }

  addTextTrack(kind: TextTrackKind, label?: string, language?: string): TextTrack {
    return this.video.addTextTrack(kind, label, language);
  }
  canPlayType(type: string): CanPlayTypeResult {
    return this.video.canPlayType(type);
  }
  setSinkId(sinkId: string): Promise<void> {
    return this.video.setSinkId(sinkId);
  }
  getVideoPlaybackQuality(): VideoPlaybackQuality {
    return this.video.getVideoPlaybackQuality();
  }
  requestVideoFrameCallback(callback: VideoFrameRequestCallback): number {
    return this.video.requestVideoFrameCallback(callback);
  }
  cancelVideoFrameCallback(handle: number): void {
    this.video.cancelVideoFrameCallback(handle);
  }
  requestPictureInPicture(): Promise<PictureInPictureWindow> {
    return this.video.requestPictureInPicture();
  }
  /** What is shown, as a stream. Throws `NotSupportedError` where the browser can't (Safari). */
  captureStream(): MediaStream {
    // Not in TypeScript's DOM; Firefox still has a prefix.
    const capture: unknown = Reflect.get(this.video, 'captureStream') ?? Reflect.get(this.video, 'mozCaptureStream');
    if (typeof capture !== 'function') throw new DOMException('this browser has no captureStream', 'NotSupportedError');
    return capture.call(this.video);
  }
}
