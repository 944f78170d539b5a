// The control that says whether what is seen is live, and takes the viewer back to the edge.

import { css, html, LitElement } from 'lit';
import { strings } from '../strings.ts';
import { WishEvent } from './wish.ts';

/** A red light at the edge; grey when `still`, and with the distance when `behind` (seconds) is not 0. */
export class LiveBadge extends LitElement {
  static override shadowRootOptions: ShadowRootInit = { mode: 'open', delegatesFocus: true };
  static override properties = { behind: { type: Number }, still: { type: Boolean } };
  static override styles = css`
    :host { display: inline-flex; flex: none; }
    :host([hidden]) { display: none; }
    button {
      all: unset; box-sizing: border-box; display: inline-flex; align-items: center; gap: 7px;
      block-size: 40px; min-inline-size: 40px; padding-inline: 10px; border-radius: 8px; cursor: pointer; white-space: nowrap;
      font-size: 12px; line-height: 1; font-weight: 600; letter-spacing: 0.06em; text-transform: uppercase; font-variant-numeric: tabular-nums;
      -webkit-tap-highlight-color: transparent; transition: background-color 0.12s;
    }
    .dot { inline-size: 8px; block-size: 8px; border-radius: 50%; background: var(--p2p-live-live-color, #ff4b4b); box-shadow: 0 0 0 3px rgb(255 75 75 / 0.25); }
    .behind .dot { background: #a3a8b0; box-shadow: none; }
    .distance { text-transform: none; letter-spacing: 0; font-weight: 500; opacity: 0.82; }
    button:focus-visible { outline: 2px solid var(--p2p-live-focus-color, #fff); outline-offset: -3px; }
    @media (hover: hover) { .behind:hover { background: rgb(255 255 255 / 0.14); } }
    button:not(.behind) { cursor: default; }
    @media (forced-colors: active) { .dot { background: CanvasText; forced-color-adjust: none; } }
  `;

  /** Seconds behind the edge; 0 at the edge. */
  declare behind: number;
  /** The picture is frozen. */
  declare still: boolean;

  constructor() {
    super();
    this.behind = 0;
    this.still = false;
  }

  override render() {
    const late = this.still || this.behind > 0;
    const label = this.behind ? strings.behind(this.behind) : late ? strings.goLive : strings.atEdge;
    return html`<button
      type="button" part="button" class=${late ? 'behind' : ''} aria-label=${label} title="${label} (l)" @click=${this.#press}
    ><span class="dot"></span>${strings.live}${
      this.behind ? html`<span class="distance" dir="ltr">${strings.behindShort(this.behind)}</span>` : ''
    }</button>`;
  }

  #press(): void {
    this.dispatchEvent(new WishEvent({ to: 'live' }));
  }
}
