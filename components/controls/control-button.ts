// What all buttons of the control bar have in common: one native button in a shadow root, a label, a wish.

import { css, html, LitElement, type PropertyDeclarations, type SVGTemplateResult } from 'lit';
import { type Wish, WishEvent } from './wish.ts';

/** A button that shows `icon`, is called `label` and, when pressed, fires `wish`. */
export abstract class ControlButton extends LitElement {
  static override shadowRootOptions: ShadowRootInit = { mode: 'open', delegatesFocus: true };
  static override properties: PropertyDeclarations = { disabled: { type: Boolean, reflect: true } };
  static override styles = css`
    :host { display: inline-flex; flex: none; }
    :host([hidden]) { display: none; }
    button {
      all: unset; box-sizing: border-box; display: inline-grid; place-items: center;
      inline-size: 40px; block-size: 40px; border-radius: 8px;
      color: inherit; cursor: pointer; -webkit-tap-highlight-color: transparent;
      transition: background-color 0.12s, transform 0.12s;
    }
    svg { display: block; inline-size: 22px; block-size: 22px; }
    button:focus-visible { outline: 2px solid var(--p2p-live-focus-color, #fff); outline-offset: -3px; }
    button:disabled { opacity: 0.35; cursor: default; }
    @media (hover: hover) { button:hover:not(:disabled) { background: rgb(255 255 255 / 0.14); } }
    button:active:not(:disabled) { transform: scale(0.94); }
    @media (prefers-reduced-motion: reduce) { button { transition: none; } button:active { transform: none; } }
    @media (forced-colors: active) { button { color: ButtonText; } }
  `;

  declare disabled: boolean;

  constructor() {
    super();
    this.disabled = false;
  }

  /** What it does when pressed, for ears and tooltips. */
  protected abstract get label(): string;
  protected abstract get icon(): SVGTemplateResult;
  protected abstract get wish(): Wish;
  /** The key that does the same, shown in the tooltip. */
  protected abstract get hotkey(): string;

  override render() {
    const tooltip = this.hotkey ? `${this.label} (${this.hotkey})` : this.label;
    return html`<button
      type="button" part="button" aria-label=${this.label} title=${tooltip}
      ?disabled=${this.disabled} @click=${this.#press}
    >${this.icon}</button>`;
  }

  #press(): void {
    this.dispatchEvent(new WishEvent(this.wish));
  }
}
