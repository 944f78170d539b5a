// Lets the video play, as far as the browser allows it without a touch.

/** What the starter asks of its owner. */
export interface VideoStarterOwner {
  /** It should be playing, and there is something to play. */
  readonly isWanted: () => boolean;
  readonly onChange: () => void;
  /** It may not play at all. */
  readonly onBlocked: (cause: DOMException) => void;
}

/** Gives up the sound where that is what it takes, and nobody but the page itself asked for it. */
export class VideoStarter {
  /** Nobody touched anything: the page has `autoplay`, so sound may be given up in order to play at all. */
  byItself = false;
  readonly #video: HTMLVideoElement;
  readonly #owner: VideoStarterOwner;
  #soundBlocked = false;

  constructor(video: HTMLVideoElement, owner: VideoStarterOwner) {
    this.#video = video;
    this.#owner = owner;
    for (const type of ['loadedmetadata', 'canplay']) video.addEventListener(type, () => void this.begin());
    video.addEventListener('volumechange', () => this.#onVolume());
  }

  /** It plays, but muted, as the browser allows sound only after a touch. */
  get soundBlocked(): boolean {
    return this.#soundBlocked;
  }

  async begin(): Promise<void> {
    const { muted, ended } = this.#video;
    // A video that has ended would start over.
    if (ended || !this.#owner.isWanted()) return;
    try {
      await this.#video.play();
    } catch (cause) {
      const blocked = cause instanceof DOMException && cause.name === 'NotAllowedError';
      // Anything else is a load or a pause that came between; the next `canplay` tries again, and the player tells of errors.
      if (!blocked || !this.#owner.isWanted()) return;
      if (muted || !this.byItself) this.#owner.onBlocked(cause);
      else this.#giveUpSound();
    }
  }

  #giveUpSound(): void {
    this.#video.muted = true;
    this.#soundBlocked = true;
    this.#owner.onChange();
    void this.begin();
  }

  #onVolume(): void {
    if (!this.#video.muted) this.#soundBlocked = false;
    this.#owner.onChange();
  }
}
