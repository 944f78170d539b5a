// The pictures of the dashboard: 24 × 24, in the colour of the text around them.

import { type SVGTemplateResult, svg } from 'lit';

const icon = (paths: SVGTemplateResult) =>
  svg`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${paths}</svg>`;
const stroke = (d: string) =>
  icon(
    svg`<path d=${d} fill="none" stroke="currentColor" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round"/>`,
  );

/** By what they stand for. */
export const adminIcons = {
  overview: stroke('M3.5 20.5h17M6 17v-5m4 5V7m4 10v-7m4 7V4'),
  channels: stroke(
    'M12 12v.1M8.8 15.2a4.5 4.5 0 0 1 0-6.4m6.4 0a4.5 4.5 0 0 1 0 6.4M6 18a8.5 8.5 0 0 1 0-12m12 0a8.5 8.5 0 0 1 0 12',
  ),
  recordings: stroke(
    'M4.5 5h15A1.5 1.5 0 0 1 21 6.5v11a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17.5v-11A1.5 1.5 0 0 1 4.5 5ZM10 9v6l5-3Z',
  ),
  log: stroke('M5 6h14M5 10.5h14M5 15h9m-9 4.5h6'),
  add: stroke('M12 5v14M5 12h14'),
  back: stroke('m14.5 5.5-6.5 6.5 6.5 6.5'),
  play: stroke('M7.5 5v14l11-7Z'),
  stop: stroke('M7 7h10v10H7Z'),
  remove: stroke(
    'M4.5 6.5h15M9.5 6.5v-2h5v2m-8 0 .8 12.5a1 1 0 0 0 1 1h7.400a1 1 0 0 0 1-1l.8-12.5M10 10.5v5.5m4-5.5v5.5',
  ),
  download: stroke('M12 4v11m-4.5-4.5L12 15l4.5-4.5M4.5 19.5h15'),
  close: stroke('m6.5 6.5 11 11m0-11-11 11'),
  leave: stroke('M14 4.5H6A1.5 1.5 0 0 0 4.5 6v12A1.5 1.5 0 0 0 6 19.5h8M10 12h10.5m-3.5-3.5L20.5 12 17 15.5'),
  auto: stroke('M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Zm0 0v17M12 7h5.5M12 12h8m-8 5h5.5'),
  light: stroke(
    'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8Zm0-5v1.5m0 15V21M3 12h1.5m15 0H21M5.6 5.600l1.1 1.100m10.6 10.6 1.1 1.100m0-12.8-1.1 1.100M6.7 17.300l-1.1 1.1',
  ),
  dark: stroke('M19.5 14.200A8 8 0 0 1 9.8 4.5a8 8 0 1 0 9.7 9.700Z'),
  warning: stroke('M12 4 2.8 19.5h18.400Zm0 6v4.5m0 2.5v.1'),
  open: stroke('M13.5 4.5h6v6m0-6-8.5 8.5M18 14v4.5a1 1 0 0 1-1 1H5.5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1H10'),
  mark: icon(
    svg`<circle cx="12" cy="12" r="3.2" fill="currentColor"/><g fill="none" stroke="currentColor" stroke-width="1.7" stroke-linecap="round"><path d="M12 8.5V4.600M9 13.700l-3.3 2M15 13.700l3.3 2"/></g><g fill="currentColor"><circle cx="12" cy="3.6" r="1.7"/><circle cx="4.6" cy="16.4" r="1.7"/><circle cx="19.4" cy="16.4" r="1.7"/></g>`,
  ),
} as const;
