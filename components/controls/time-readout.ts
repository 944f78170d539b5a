// The readout of how long one has watched, and how far behind the camera the picture is.

import { css, html, LitElement } from 'lit';
import { strings } from '../strings.ts';

/** Seconds as `m:ss` or `h:mm:ss`. */
export function formatElapsed(seconds: number): string {
  const whole = Number.isFinite(seconds) ? Math.max(0, Math.floor(seconds)) : 0;
  const two = (value: number) => String(value).padStart(2, '0');
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** `elapsed` and `latency` in seconds; without a latency (NaN) only the first is shown. */
export class TimeReadout extends LitElement {
  static override properties = { elapsed: { type: Number }, latency: { type: Number } };
  static override styles = css`
    :host {
      display: inline-flex; gap: 6px; align-items: center; padding-inline: 6px; white-space: nowrap;
      font-size: 13px; font-variant-numeric: tabular-nums; color: rgb(255 255 255 / 0.92);
    }
    :host([hidden]) { display: none; }
    .latency { color: rgb(255 255 255 / 0.72); }
  `;

  declare elapsed: number;
  declare latency: number;

  constructor() {
    super();
    this.elapsed = 0;
    this.latency = Number.NaN;
  }

  override render() {
    const time = formatElapsed(this.elapsed);
    const latency = Number.isFinite(this.latency) ? Math.max(0, this.latency).toFixed(1) : '';
    return html`<span role="img" dir="ltr" aria-label=${strings.elapsed(time)} title=${strings.elapsed(time)}>${time}</span>${
      latency
        ? html`<span aria-hidden="true">·</span><span class="latency" role="img" dir="ltr" aria-label=${strings.latencySpoken(latency)}
            title=${strings.latencySpoken(latency)}>${strings.latency(latency)}</span>`
        : ''
    }`;
  }
}
