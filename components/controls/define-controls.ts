// Registers the controls' tags, when the first element is made and not at import.

import { FullscreenButton } from './fullscreen-button.ts';
import { LiveBadge } from './live-badge.ts';
import { MuteButton } from './mute-button.ts';
import { PlayButton } from './play-button.ts';
import { StopButton } from './stop-button.ts';
import { TimeReadout } from './time-readout.ts';
import { VolumeSlider } from './volume-slider.ts';

const tags = {
  'p2p-live-play-button': PlayButton,
  'p2p-live-stop-button': StopButton,
  'p2p-live-mute-button': MuteButton,
  'p2p-live-volume-slider': VolumeSlider,
  'p2p-live-live-badge': LiveBadge,
  'p2p-live-time-readout': TimeReadout,
  'p2p-live-fullscreen-button': FullscreenButton,
};

/** Defines the controls unless another copy of this library has. */
export function defineControls(): void {
  for (const [tag, control] of Object.entries(tags)) {
    if (!customElements.get(tag)) customElements.define(tag, control);
  }
}
