// Puts a MediaSource, or a worker's handle to one, behind a video, and takes it away again.

/** What one video shows. */
export class VideoSource {
  readonly #video: HTMLVideoElement;
  #objectUrl: string | undefined;
  #attached = false;

  constructor(video: HTMLVideoElement) {
    this.#video = video;
  }

  /** Replaces what was attached before. */
  attach(source: MediaSource | MediaSourceHandle): void {
    this.#revoke();
    this.#attached = true;
    const video = this.#video;
    if ('ManagedMediaSource' in globalThis) video.disableRemotePlayback = true; // without, it never opens
    if (typeof MediaSourceHandle !== 'undefined' && source instanceof MediaSourceHandle) {
      video.removeAttribute('src');
      // MediaProvider includes handles (Media Source Extensions §6), which the DOM library does not know yet.
      Reflect.set(video, 'srcObject', source);
      return;
    }
    this.#objectUrl = URL.createObjectURL(source as MediaSource); // not a handle, so it is the other of the two
    video.srcObject = null;
    video.src = this.#objectUrl;
  }

  /** Leaves the video empty. */
  detach(): void {
    if (!this.#attached) return;
    this.#attached = false;
    this.#revoke();
    this.#video.srcObject = null;
    this.#video.removeAttribute('src');
    this.#video.load();
  }

  #revoke(): void {
    if (this.#objectUrl !== undefined) URL.revokeObjectURL(this.#objectUrl);
    this.#objectUrl = undefined;
  }
}
