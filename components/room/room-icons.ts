// The pictures on a room's buttons and tiles: 24 × 24, in the colour of the text around them.

import { svg } from 'lit';

const icon = (d: string) => svg`<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
  <path d=${d} fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"/>
</svg>`;

const stand = 'M6 11.5a6 6 0 0 0 12 0M12 17.5v3.2m-3 0h6';
const lens = 'm15.5 10.6 4.4-2.9c.5-.3 1.1 0 1.1.6v7.4c0 .6-.6.9-1.1.6l-4.4-2.9';

export const microphoneIcon = icon(`M12 3.3a3 3 0 0 1 3 3v5.2a3 3 0 0 1-6 0V6.3a3 3 0 0 1 3-3Z${stand}`);
export const microphoneOffIcon = icon(
  'M15 9.5V6.3a3 3 0 0 0-5.7-1.3M9 9.2v2.3a3 3 0 0 0 4.6 2.5M6 11.5a6 6 0 0 0 9.6 4.8M18 11.5c0 .8-.2 1.6-.5 2.4M12 17.5v3.2m-3 0h6M4 3.8l16 16.4',
);
export const cameraIcon = icon(
  `M4.5 6h9.5a1.5 1.5 0 0 1 1.5 1.5v9a1.5 1.5 0 0 1-1.5 1.5H4.5A1.5 1.5 0 0 1 3 16.500v-9A1.5 1.5 0 0 1 4.500 6Z${lens}`,
);
export const cameraOffIcon = icon(
  `M9 6h5a1.5 1.5 0 0 1 1.5 1.5v5M15.500 16.300c0 .9-.6 1.700-1.500 1.700H4.500A1.500 1.500 0 0 1 3 16.500v-9c0-.7.4-1.200 1-1.400${lens}M3.500 3.800l16 16.400`,
);
export const leaveIcon = icon(
  'M14.500 7.500V5.500a1.500 1.500 0 0 0-1.500-1.500H6a1.500 1.500 0 0 0-1.500 1.500v13A1.500 1.500 0 0 0 6 20h7a1.500 1.500 0 0 0 1.500-1.500v-2M9.500 12h11m0 0-3.300-3.300M20.500 12l-3.300 3.300',
);
