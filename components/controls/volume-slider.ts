// The control that sets how loud it is.

import { html, type TemplateResult } from 'lit';
import type { ControlView } from './control-view.ts';
import { formatNumber } from './format-number.ts';

/** A slider over 0–1 that shows 0 while muted. */
export function volumeSlider({ strings, video: { muted, volume }, grant }: ControlView): TemplateResult {
  const level = muted ? 0 : Math.round(volume * 100);
  const slide = (event: Event) => {
    if (event.target instanceof HTMLInputElement) grant({ to: 'volume', volume: event.target.valueAsNumber / 100 });
  };
  // `.style` goes through the object model: a strict `style-src` forbids style attributes.
  return html`<input
    type="range" class="slider volume-slider" part="slider volume-slider" min="0" max="100" step="5" .value=${String(level)}
    .style=${`--filled:${level}%`} aria-label=${strings.volume} title=${strings.volume}
    aria-valuetext=${formatNumber(strings, level / 100, { style: 'percent' })} @input=${slide}
  >`;
}
