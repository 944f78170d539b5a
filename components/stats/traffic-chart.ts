// Draws the last minute: what came in above the axis, what was passed on below it, a bar a second.

import { html, svg } from 'lit';
import { formatRate } from './format-traffic.ts';
import { statsStrings } from './stats-strings.ts';
import { HISTORY_SECONDS, type Traffic } from './traffic-history.ts';

const HEIGHT = 100;
const BAR = 0.7;
/** Bytes a second: the axis says no less. */
const SMALLEST_SCALE = 25_000;

/** `now`: what is spoken as the present rates. */
export function trafficChart(seconds: readonly Traffic[], now: Traffic) {
  const comes = ({ pushed, pulled, relayed }: Traffic) => pushed + pulled + relayed;
  const above = roundUp(Math.max(SMALLEST_SCALE, ...seconds.map(comes)));
  const below = Math.max(above / 4, roundUp(Math.max(0, ...seconds.map(({ uploaded }) => uploaded))));
  const unit = HEIGHT / (above + below);
  const zero = above * unit;
  const first = HISTORY_SECONDS - seconds.length;
  const bars = (bottom: (traffic: Traffic) => number, size: (traffic: Traffic) => number) =>
    seconds
      .map((traffic, index) => ({
        x: first + index,
        y: zero - (bottom(traffic) + size(traffic)) * unit,
        h: size(traffic) * unit,
      }))
      .filter(({ h }) => Math.abs(h) > 0.1)
      .map(({ x, y, h }) => `M${x},${y.toFixed(1)}h${BAR}v${h.toFixed(1)}h-${BAR}z`)
      .join('');
  const label = statsStrings.spoken.chart(formatRate(comes(now)), formatRate(now.uploaded));
  return html`<figure class="chart" part="chart">
    <span class="scale" aria-hidden="true">${formatRate(above)}</span>
    <svg viewBox="0 0 ${HISTORY_SECONDS} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label=${label}>
      ${svg`
        <path class="pushed" d=${bars(
          () => 0,
          ({ pushed }) => pushed,
        )}></path>
        <path class="pulled" d=${bars(
          ({ pushed }) => pushed,
          ({ pulled }) => pulled,
        )}></path>
        <path class="relayed" d=${bars(
          ({ pushed, pulled }) => pushed + pulled,
          ({ relayed }) => relayed,
        )}></path>
        <path class="uploaded" d=${bars(
          ({ uploaded }) => -uploaded,
          ({ uploaded }) => uploaded,
        )}></path>
        <line class="axis" x1="0" x2=${HISTORY_SECONDS} y1=${zero} y2=${zero}></line>
      `}
    </svg>
    <figcaption aria-hidden="true"><span>${statsStrings.minuteAgo}</span><span>${statsStrings.now}</span></figcaption>
  </figure>`;
}

/** The next of 1, 2, 4, 5, 8 × a power of ten of bits, in bytes. */
function roundUp(bytes: number): number {
  if (bytes <= 0) return 0;
  const bits = bytes * 8;
  const power = 10 ** Math.floor(Math.log10(bits));
  const step = [1, 2, 3, 4, 5, 6, 8, 10].find(candidate => candidate * power >= bits) ?? 10;
  return (step * power) / 8;
}
