// One's own camera as one sees it oneself.

/** A `<video>` without sound; it is drawn the wrong way round by the style sheet. */
export class Mirror {
  readonly video: HTMLVideoElement = document.createElement('video');
  #track: MediaStreamTrack | null = null;

  constructor() {
    this.video.muted = true;
    this.video.playsInline = true;
  }

  /** Shows this one from now on, or nothing. */
  show(track: MediaStreamTrack | null): void {
    if (track !== this.#track) {
      this.#track = track;
      this.video.srcObject = track && new MediaStream([track]);
    }
    // To be moved about on the page stops it.
    if (track && this.video.paused && this.video.isConnected) this.video.play().catch(() => undefined); // what isn't shown now is shown at the next turn
  }
}
