// The speed that the viewer or the page wants; what the player does to keep near the live edge is not told.

/** What the rate is bound to. */
export interface ViewerRateOwner {
  /** Whether what is shown is as good as live. */
  readonly atEdge: () => boolean;
  readonly goLive: () => void;
  readonly onChange: () => void;
}

/** 1 is as fast as it happened, and all there is at the live edge: who gets there goes on with it. */
export class ViewerRate {
  readonly #video: HTMLVideoElement;
  readonly #owner: ViewerRateOwner;
  #value = 1;

  constructor(video: HTMLVideoElement, owner: ViewerRateOwner) {
    this.#video = video;
    this.#owner = owner;
    video.addEventListener('timeupdate', () => {
      if (this.#value !== 1 && owner.atEdge()) owner.goLive();
    });
    video.addEventListener('ratechange', () => {
      if (this.#value === video.playbackRate || this.#value === 1) return;
      // The player has stopped keeping the latency: what is wanted still holds. Or it keeps it again.
      if (this.#value > 1 && !owner.atEdge()) video.playbackRate = this.#value;
      else this.#tell(1);
    });
    video.addEventListener('emptied', () => this.#tell(1));
  }

  get value(): number {
    return this.#value;
  }

  /** Throws as HTMLMediaElement does. */
  set value(rate: number) {
    this.#video.playbackRate = rate;
    this.#tell(this.#video.playbackRate);
  }

  #tell(rate: number): void {
    if (rate === this.#value) return;
    this.#value = rate;
    this.#owner.onChange();
  }
}
