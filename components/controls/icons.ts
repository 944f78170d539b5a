// The pictures on the controls: 24 × 24, in the colour of the text around them.

import { type SVGTemplateResult, svg } from 'lit';

const icon = (paths: SVGTemplateResult) => svg`<svg viewBox="0 0 24 24" aria-hidden="true">${paths}</svg>`;

const speaker = svg`<path fill="currentColor" d="M3.5 9.6v4.8c0 .4.3.7.7.7h3.1l4.5 3.7c.5.4 1.2 0 1.2-.6V5.8c0-.6-.7-1-1.2-.6L7.3 8.9H4.2c-.4 0-.7.3-.7.7Z"/>`;
const stroke = (d: string) =>
  svg`<path d=${d} fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"/>`;

export const playIcon = icon(
  svg`<path fill="currentColor" d="M7 5.2v13.6c0 .9 1 1.5 1.8 1l10.7-6.8c.7-.4.7-1.5 0-2L8.8 4.2c-.8-.5-1.8.1-1.8 1Z"/>`,
);
export const pauseIcon = icon(
  svg`<rect x="6" y="4.5" width="4.2" height="15" rx="1.3" fill="currentColor"/><rect x="13.8" y="4.5" width="4.2" height="15" rx="1.3" fill="currentColor"/>`,
);
export const stopIcon = icon(svg`<rect x="5.5" y="5.5" width="13" height="13" rx="2" fill="currentColor"/>`);
export const loudIcon = icon(svg`${speaker}${stroke('M16.2 9a4.2 4.2 0 0 1 0 6M18.7 6.4a8 8 0 0 1 0 11.2')}`);
export const quietIcon = icon(svg`${speaker}${stroke('M16.2 9a4.2 4.2 0 0 1 0 6')}`);
export const mutedIcon = icon(svg`${speaker}${stroke('m16.4 9.4 5.2 5.2m0-5.2-5.2 5.2')}`);
export const expandIcon = icon(
  stroke('M4.5 9V5.5a1 1 0 0 1 1-1H9m6 0h3.5a1 1 0 0 1 1 1V9m0 6v3.5a1 1 0 0 1-1 1H15m-6 0H5.5a1 1 0 0 1-1-1V15'),
);
export const shrinkIcon = icon(
  stroke('M9 4.5V8a1 1 0 0 1-1 1H4.5m15 0H16a1 1 0 0 1-1-1V4.5m0 15V16a1 1 0 0 1 1-1h3.5m-15 0H8a1 1 0 0 1 1 1v3.5'),
);
export const pipIcon = icon(
  svg`${stroke('M20.5 10V6.5a1 1 0 0 0-1-1h-15a1 1 0 0 0-1 1v11a1 1 0 0 0 1 1H10')}<rect x="12.6" y="12.6" width="8.8" height="6.8" rx="1.2" fill="currentColor"/>`,
);
export const leavePipIcon = icon(
  svg`${stroke('M20.5 10V6.5a1 1 0 0 0-1-1h-15a1 1 0 0 0-1 1v11a1 1 0 0 0 1 1H10m1.2-7L7 7.9m4.2.3v3.3H7.9')}<rect x="12.6" y="12.6" width="8.8" height="6.8" rx="1.2" fill="currentColor"/>`,
);
/** `CC` on a screen. */
const cc =
  'M20.5 12V6.5a1 1 0 0 0-1-1h-15a1 1 0 0 0-1 1v11a1 1 0 0 0 1 1h15a1 1 0 0 0 1-1ZM10.6 10.4a2.1 2.1 0 1 0 0 3.2m6.5-3.2a2.1 2.1 0 1 0 0 3.2';
export const captionsIcon = icon(stroke(cc));
export const captionsOnIcon = icon(stroke(`${cc}M4 22h16`));
export const chartIcon = icon(stroke('M4.5 19.5h15M7 15.8v-4.3m5 4.3V5.5m5 10.3V9'));
export const retryIcon = icon(stroke('M19.5 12a7.5 7.5 0 1 1-2.2-5.3l2.2 2.1m0-4.3v4.3h-4.3'));
export const alertIcon = icon(stroke('M12 8.2v4.6m0 3.1v.1M12 3.2 2.6 19.4a.9.9 0 0 0 .8 1.4h17.2a.9.9 0 0 0 .8-1.4Z'));
export const offAirIcon = icon(
  stroke(
    'M12 12v.1M8.8 15.2a4.5 4.5 0 0 1 0-6.4m6.4 0a4.5 4.5 0 0 1 0 6.4M6 18a8.5 8.5 0 0 1 0-12m12 0a8.5 8.5 0 0 1 0 12',
  ),
);
export const endedIcon = icon(stroke('m8.5 12.2 2.4 2.4 4.8-5M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17Z'));
