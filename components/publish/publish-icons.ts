// The pictures on the controls of <p2p-publish>: 24 × 24, in the colour of the text around them.

import { type SVGTemplateResult, svg } from 'lit';

const icon = (paths: SVGTemplateResult) =>
  svg`<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">${paths}</svg>`;
const stroke = (d: string) =>
  svg`<path d=${d} fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"/>`;

const camera =
  'M4 6.5h9a1.8 1.8 0 0 1 1.8 1.8v7.4A1.8 1.8 0 0 1 13 17.5H4a1.8 1.8 0 0 1-1.8-1.8V8.3A1.8 1.8 0 0 1 4 6.5Zm10.8 4 5.2-3a.6.6 0 0 1 .9.5v8a.6.6 0 0 1-.9.5l-5.2-3';
const microphone =
  'M12 3.2a2.9 2.9 0 0 1 2.9 2.9v5.2a2.9 2.9 0 0 1-5.8 0V6.1A2.9 2.9 0 0 1 12 3.2ZM5.9 11.2a6.1 6.1 0 0 0 12.2 0M12 17.4v3.4m-3.2 0h6.4';
const slash = 'M4 3.5 20.5 20.5';

export const cameraIcon = icon(stroke(camera));
export const cameraOffIcon = icon(svg`${stroke(camera)}${stroke(slash)}`);
export const microphoneIcon = icon(stroke(microphone));
export const microphoneOffIcon = icon(svg`${stroke(microphone)}${stroke(slash)}`);
export const screenIcon = icon(
  stroke(
    'M4 4.8h16a1.2 1.2 0 0 1 1.2 1.2v9.6a1.2 1.2 0 0 1-1.2 1.2H4a1.2 1.2 0 0 1-1.2-1.2V6A1.2 1.2 0 0 1 4 4.8Zm5 15.4h6m-3-3.4v3.4M12 13.6V8.2m-2.3 2.2L12 8.1l2.3 2.3',
  ),
);
export const settingsIcon = icon(
  stroke(
    'M4 7.5h8.2m4.6 0H20M4 16.5h3.2m4.6 0H20M14.5 5.2a2.3 2.3 0 1 1 0 4.6 2.3 2.3 0 0 1 0-4.6Zm-5 9a2.3 2.3 0 1 1 0 4.6 2.3 2.3 0 0 1 0-4.6Z',
  ),
);
export const closeIcon = icon(stroke('m6.5 6.5 11 11m0-11-11 11'));
export const airIcon = icon(
  stroke(
    'M12 12v.1M8.8 15.2a4.5 4.5 0 0 1 0-6.4m6.4 0a4.5 4.5 0 0 1 0 6.4M6 18a8.5 8.5 0 0 1 0-12m12 0a8.5 8.5 0 0 1 0 12',
  ),
);
