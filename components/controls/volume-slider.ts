// The control that sets how loud it is.

import { css, html, LitElement } from 'lit';
import { strings } from '../strings.ts';
import { WishEvent } from './wish.ts';

/** A slider over 0–1 that shows 0 while `muted`. */
export class VolumeSlider extends LitElement {
  static override shadowRootOptions: ShadowRootInit = { mode: 'open', delegatesFocus: true };
  static override properties = { volume: { type: Number }, muted: { type: Boolean, reflect: true } };
  static override styles = css`
    :host { display: inline-flex; align-items: center; inline-size: 72px; block-size: 40px; --toward: right; }
    :host([hidden]) { display: none; }
    :host(:dir(rtl)) { --toward: left; }
    input {
      appearance: none; inline-size: 100%; block-size: 40px; margin: 0; background: none; color: inherit; cursor: pointer; border-radius: 8px;
      --track: linear-gradient(to var(--toward), currentColor var(--filled, 0%), rgb(255 255 255 / 0.32) var(--filled, 0%));
    }
    input::-webkit-slider-runnable-track { block-size: 4px; border-radius: 2px; background: var(--track); }
    input::-moz-range-track { block-size: 4px; border-radius: 2px; background: var(--track); }
    input::-webkit-slider-thumb { appearance: none; inline-size: 14px; block-size: 14px; margin-block-start: -5px; border-radius: 50%; background: currentColor; box-shadow: 0 0 3px rgb(0 0 0 / 0.5); }
    input::-moz-range-thumb { inline-size: 14px; block-size: 14px; border: 0; border-radius: 50%; background: currentColor; }
    input:focus-visible { outline: 2px solid var(--p2p-live-focus-color, #fff); outline-offset: -3px; }
    @media (forced-colors: active) { input { appearance: auto; } }
  `;

  /** 0–1 */
  declare volume: number;
  declare muted: boolean;

  constructor() {
    super();
    this.volume = 1;
    this.muted = false;
  }

  get #percent(): number {
    return this.muted ? 0 : Math.round(this.volume * 100);
  }

  override render() {
    const percent = this.#percent;
    return html`<input
      type="range" part="slider" min="0" max="100" step="5" .value=${String(percent)}
      aria-label=${strings.volume} aria-valuetext=${strings.percent(percent)} title=${strings.volume} @input=${this.#slide}
    >`;
  }

  /** Through the object model: a strict `style-src` forbids style attributes. */
  override updated(): void {
    this.renderRoot.querySelector('input')?.style.setProperty('--filled', `${this.#percent}%`);
  }

  #slide(event: Event): void {
    if (event.target instanceof HTMLInputElement)
      this.dispatchEvent(new WishEvent({ to: 'volume', volume: event.target.valueAsNumber / 100 }));
  }
}
