// What a control asks for -> the element's properties, as a page would set them.

import type { PublishWish } from './publish-view.ts';

/** Those of the element's properties that its controls set. */
export interface PublishSetup {
  muted: boolean;
  cameraOff: boolean;
  camera: string;
  microphone: string;
  resolution: number;
  maxVideoKbps: number | null;
}

/** Sets what is wished; other wishes are none of its business. */
export function grantPublishWish(wish: PublishWish, setup: PublishSetup): void {
  switch (wish.to) {
    case 'mute':
      setup.muted = !setup.muted;
      break;
    case 'picture':
      setup.cameraOff = !setup.cameraOff;
      break;
    case 'camera':
      setup.camera = wish.id;
      break;
    case 'microphone':
      setup.microphone = wish.id;
      break;
    case 'resolution':
      setup.resolution = wish.height;
      break;
    case 'bitrate':
      setup.maxVideoKbps = wish.kbps;
      break;
  }
}
