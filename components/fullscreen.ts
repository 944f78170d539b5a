// Full screen for the whole element, or for its video where the browser has nothing else (iPhone).

import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Safari on iPhone: only a video can fill the screen. */
interface WebKitVideo extends HTMLVideoElement {
  webkitEnterFullscreen?(): void;
}

/** Follows whether the host fills the screen, and makes it do so. */
export class Fullscreen implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #video: WebKitVideo;
  readonly #changed = () => this.#host.requestUpdate();

  constructor(host: ReactiveControllerHost & HTMLElement, video: WebKitVideo) {
    this.#host = host;
    this.#video = video;
    host.addController(this);
  }

  hostConnected(): void {
    document.addEventListener('fullscreenchange', this.#changed);
  }

  hostDisconnected(): void {
    document.removeEventListener('fullscreenchange', this.#changed);
  }

  get available(): boolean {
    return document.fullscreenEnabled || typeof this.#video.webkitEnterFullscreen === 'function';
  }

  get active(): boolean {
    return this.#host.matches(':fullscreen');
  }

  /** Fills the screen or gives it back. A browser that refuses leaves all as it is. */
  async toggle(): Promise<void> {
    if (this.active) return document.exitFullscreen();
    if (!document.fullscreenEnabled) return this.#video.webkitEnterFullscreen?.();
    await this.#host.requestFullscreen();
  }
}
