// Keeps the tiles as large as their box allows.

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { layoutTiles } from './tile-layout.ts';

interface Host extends ReactiveControllerHost {
  readonly renderRoot: HTMLElement | DocumentFragment;
}

/** Writes `--tile-width` and `--tile-height` on the host's `.grid`, when the box or the number of tiles changes. */
export class TileGrid implements ReactiveController {
  readonly #host: Host;
  readonly #observer = new ResizeObserver(() => this.#lay());
  #grid: HTMLElement | undefined;
  #written = '';

  constructor(host: Host) {
    this.#host = host;
    host.addController(this);
  }

  hostUpdated(): void {
    const found = this.#host.renderRoot.querySelector('.grid');
    const grid = found instanceof HTMLElement ? found : undefined;
    if (grid !== this.#grid) {
      if (this.#grid) this.#observer.unobserve(this.#grid);
      if (grid) this.#observer.observe(grid);
      this.#grid = grid;
      this.#written = '';
    }
    this.#lay();
  }

  hostDisconnected(): void {
    this.#observer.disconnect();
    this.#grid = undefined;
  }

  #lay(): void {
    const grid = this.#grid;
    if (!grid) return;
    const { clientWidth, clientHeight, childElementCount } = grid;
    if (childElementCount === 0) return;
    const gap = Number.parseFloat(getComputedStyle(grid).columnGap) || 0;
    const { width, height, columns } = layoutTiles(childElementCount, {
      width: clientWidth,
      height: clientHeight,
      gap,
    });
    const sizes = `--tile-width: ${width}px; --tile-height: ${height}px; padding-inline: ${Math.floor((clientWidth - columns * width - (columns - 1) * gap) / 2)}px`;
    if (sizes === this.#written) return;
    this.#written = sizes;
    grid.style.cssText = sizes;
  }
}
