// The pictures on a room's buttons and tiles: 24 × 24, in the colour of the text around them.

import { svg } from 'lit';

const icon = (d: string) => svg`<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
  <path d=${d} fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"/>
</svg>`;

const stand = 'M6 11.5a6 6 0 0 0 12 0M12 17.5v3.2m-3 0h6';
const lens = 'M15.5 10.6l4.4-2.9c.5-.3 1.1 0 1.1.6v7.4c0 .6-.6.9-1.1.6l-4.4-2.9';

export const microphoneIcon = icon(`M12 3.3a3 3 0 0 1 3 3v5.2a3 3 0 0 1-6 0V6.3a3 3 0 0 1 3-3Z${stand}`);
export const microphoneOffIcon = icon(
  'M15 9.5V6.3a3 3 0 0 0-5.7-1.3M9 9.2v2.3a3 3 0 0 0 4.6 2.5M6 11.5a6 6 0 0 0 9.6 4.8M18 11.5c0 .8-.2 1.6-.5 2.4M12 17.5v3.2m-3 0h6M4 3.8l16 16.4',
);
export const cameraIcon = icon(
  `M4.5 6h9.5a1.5 1.5 0 0 1 1.5 1.5v9a1.5 1.5 0 0 1-1.5 1.5H4.5A1.5 1.5 0 0 1 3 16.5v-9A1.5 1.5 0 0 1 4.5 6Z${lens}`,
);
export const cameraOffIcon = icon(
  `M9 6h5a1.5 1.5 0 0 1 1.5 1.5v5M15.5 16.3c0 .9-.6 1.7-1.5 1.7H4.5A1.5 1.5 0 0 1 3 16.5v-9c0-.7.4-1.2 1-1.4${lens}M3.5 3.8l16 16.4`,
);
export const leaveIcon = icon(
  'M14.5 7.5V5.5a1.5 1.5 0 0 0-1.5-1.5H6a1.5 1.5 0 0 0-1.5 1.5v13A1.5 1.5 0 0 0 6 20h7a1.5 1.5 0 0 0 1.5-1.5v-2M9.5 12h11m0 0-3.3-3.3M20.5 12l-3.3 3.3',
);
