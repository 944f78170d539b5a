// Opens and shuts the panel of figures, whose code comes when it is first opened.

import { html, nothing, type ReactiveControllerHost } from 'lit';
import type { ControlView } from './controls/control-view.ts';
import type { StatsPanel } from './stats-panel.ts';

/** Keeps the panel of one element, which fires `stats` once a second. */
export class StatsDrawer {
  readonly #host: ReactiveControllerHost & HTMLElement;
  #panel: StatsPanel | undefined;
  #view: ControlView | undefined;
  #open = false;
  #failed = false;

  constructor(host: ReactiveControllerHost & HTMLElement) {
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

  template(view: ControlView) {
    this.#view = view;
    const { strings } = view;
    if (!this.#open) return nothing;
    return html`<section class="stats" part="stats-panel" aria-label=${strings.statistics}>${
      this.#failed ? strings.noStatistics : nothing
    }</section>`;
  }

  #draw(): void {
    const { stats, strings } = this.#view ?? {};
    if (stats && strings) this.#panel?.show(stats, strings, performance.now());
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
