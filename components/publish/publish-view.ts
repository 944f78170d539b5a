// What the drawing parts of <p2p-publish> are told, and what they may ask for.

import type { DeviceChoice } from './device-list.ts';
import type { PublishStats } from './engine/publication.ts';
import type { PublishError, PublishSource, PublishState, PublishWarning } from './publish-state.ts';
import type { PublishStrings } from './publish-strings.ts';

/** Something that the user wants. Times and rates are in the element's own units. */
export type PublishWish =
  | { readonly to: 'start' | 'stop' | 'retry' | 'mute' | 'picture' | 'settings' | 'dismiss' }
  | { readonly to: 'source'; readonly source: Exclude<PublishSource, 'own'> }
  | { readonly to: 'camera' | 'microphone'; readonly id: string }
  | { readonly to: 'resolution'; readonly height: number }
  | { readonly to: 'bitrate'; readonly kbps: number | null };

/** All that is drawn. */
export interface PublishView {
  readonly strings: PublishStrings;
  readonly state: PublishState;
  readonly error: PublishError | null;
  readonly warning: PublishWarning | null;
  readonly source: PublishSource;
  readonly stats: PublishStats;
  /** On air so far. */
  readonly seconds: number;
  readonly muted: boolean;
  readonly cameraOff: boolean;
  readonly hasVideo: boolean;
  readonly hasAudio: boolean;
  readonly canShareScreen: boolean;
  readonly settingsOpen: boolean;
  readonly cameras: readonly DeviceChoice[];
  readonly microphones: readonly DeviceChoice[];
  /** Ids of those in use; `none` without a microphone. */
  readonly camera: string;
  readonly microphone: string;
  readonly resolution: number;
  /** null: as the resolution says. */
  readonly chosenKbps: number | null;
  readonly videoKbps: number;
  readonly grant: (wish: PublishWish) => void;
}
