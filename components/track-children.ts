// The <track> children of the element: the video shows copies of them.

import type { ReactiveController, ReactiveControllerHost } from 'lit';

const ATTRIBUTES = ['kind', 'src', 'srclang', 'label', 'default'];

/** Keeps the copies like the children, and fires the copies' `load` and `error` on them. What they hold is in the video's `textTracks`. */
export class TrackChildren implements ReactiveController {
  readonly #host: HTMLElement;
  readonly #video: HTMLVideoElement;
  readonly #copies = new Map<Element, HTMLTrackElement>();
  readonly #observer = new MutationObserver(() => this.#copy());

  constructor(host: ReactiveControllerHost & HTMLElement, video: HTMLVideoElement) {
    this.#host = host;
    this.#video = video;
    host.addController(this);
  }

  hostConnected(): void {
    this.#observer.observe(this.#host, { childList: true, subtree: true, attributeFilter: ATTRIBUTES });
    this.#copy();
  }

  hostDisconnected(): void {
    this.#observer.disconnect();
  }

  #copy(): void {
    const children = new Set(this.#host.querySelectorAll(':scope > track'));
    for (const [child, copy] of this.#copies) {
      if (children.has(child)) continue;
      copy.remove();
      this.#copies.delete(child);
    }
    for (const child of children) this.#like(child, this.#copies.get(child) ?? document.createElement('track'));
  }

  #like(child: Element, copy: HTMLTrackElement): void {
    for (const name of ATTRIBUTES) {
      const value = child.getAttribute(name);
      if (value === copy.getAttribute(name)) continue;
      if (value === null) copy.removeAttribute(name);
      else copy.setAttribute(name, value);
    }
    if (this.#copies.has(child)) return;
    this.#copies.set(child, copy);
    for (const type of ['load', 'error']) copy.addEventListener(type, () => child.dispatchEvent(new Event(type)));
    this.#video.append(copy);
  }
}
