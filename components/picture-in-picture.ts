// The picture in a window of its own, above all others.

import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Follows whether the video is there, and puts it there or takes it back. */
export class PictureInPicture implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #video: HTMLVideoElement;

  constructor(host: ReactiveControllerHost & HTMLElement, video: HTMLVideoElement) {
    this.#host = host;
    this.#video = video;
    host.addController(this);
    for (const type of ['enterpictureinpicture', 'leavepictureinpicture', 'loadedmetadata'])
      video.addEventListener(type, () => host.requestUpdate());
  }

  /** Firefox has it without an interface for pages. */
  get available(): boolean {
    return document.pictureInPictureEnabled === true && !this.#video.disablePictureInPicture;
  }

  get active(): boolean {
    return this.#host.shadowRoot?.pictureInPictureElement === this.#video;
  }

  /** The window of an element that is gone would stay, and be empty; one that is only moved is back within the same task. */
  hostDisconnected(): void {
    queueMicrotask(() => {
      // Shut by somebody else meanwhile: as well.
      if (!this.#host.isConnected && this.active) this.toggle().catch(() => undefined);
    });
  }

  async toggle(): Promise<void> {
    if (this.active) await document.exitPictureInPicture();
    else await this.#video.requestPictureInPicture();
  }
}
