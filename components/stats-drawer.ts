// Opens and shuts the panel of figures, whose code comes when it is first opened.

import { html, nothing, type ReactiveControllerHost } from 'lit';
import type { PlayerStats } from './engine/player-stats.ts';
import type { StatsPanel } from './stats-panel.ts';
import type { Strings } from './strings.ts';

/** An element that fires `stats` once a second. */
export interface StatsHost extends ReactiveControllerHost, HTMLElement {
  readonly stats: PlayerStats | null;
}

/** Keeps the panel of one element. */
export class StatsDrawer {
  readonly #host: StatsHost;
  #panel: StatsPanel | undefined;
  #strings: Strings | undefined;
  #open = false;
  #failed = false;

  constructor(host: StatsHost) {
    this.#host = host;
    host.addEventListener('stats', () => this.#draw());
  }

  get open(): boolean {
    return this.#open;
  }

  toggle(): void {
    this.#open = !this.#open;
    this.#panel = undefined;
    this.#failed = false;
    this.#host.requestUpdate();
    if (this.#open) void this.#fill();
  }

  template(strings: Strings) {
    this.#strings = strings;
    if (!this.#open) return nothing;
    return html`<section class="stats" part="stats-panel" tabindex="0" aria-label=${strings.statistics}>${
      this.#failed ? strings.noStatistics : nothing
    }</section>`;
  }

  #draw(): void {
    const { stats } = this.#host;
    if (stats && this.#strings) this.#panel?.show(stats, this.#strings, performance.now());
  }

  async #fill(): Promise<void> {
    try {
      const { StatsPanel } = await import('./stats-panel.ts');
      await this.#host.updateComplete;
      const section = this.#host.shadowRoot?.querySelector<HTMLElement>('.stats');
      if (!section || this.#panel) return;
      this.#panel = new StatsPanel(section);
      this.#draw();
    } catch {
      // The file beside the element is missing or out of reach.
      this.#failed = true;
      this.#host.requestUpdate();
    }
  }
}
