// The picture in a window of its own, above all others.

import type { ReactiveControllerHost } from 'lit';

/** Follows whether the video is there, and puts it there or takes it back. */
export class PictureInPicture {
  readonly #video: HTMLVideoElement;

  constructor(host: ReactiveControllerHost, video: HTMLVideoElement) {
    this.#video = video;
    for (const type of ['enterpictureinpicture', 'leavepictureinpicture', 'loadedmetadata'])
      video.addEventListener(type, () => host.requestUpdate());
  }

  /** Firefox has it without an interface for pages. */
  get available(): boolean {
    return document.pictureInPictureEnabled === true && !this.#video.disablePictureInPicture;
  }

  get active(): boolean {
    const root = this.#video.getRootNode();
    return root instanceof ShadowRoot && root.pictureInPictureElement === this.#video;
  }

  async toggle(): Promise<void> {
    if (this.active) await document.exitPictureInPicture();
    else await this.#video.requestPictureInPicture();
  }
}
