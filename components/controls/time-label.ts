// Where one is in a recording, and how long it is.

import { html, type TemplateResult } from 'lit';
import type { ControlView } from './control-view.ts';
import { formatClock } from './format-number.ts';

/** `0:12 / 3:45`; in the place of the live badge. */
export function timeLabel({ seekable, video }: ControlView): TemplateResult {
  const { start, end } = seekable ?? { start: 0, end: 0 };
  // A frame short of a minute is a minute.
  const [at, whole] = [Math.min(video.currentTime, end), end].map(time => formatClock(time - start + 0.1));
  return html`<span class="live-badge behind" part="time"><bdi class="distance" dir="ltr">${at} / ${whole}</bdi></span>`;
}
