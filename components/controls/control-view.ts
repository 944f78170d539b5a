// What the controls are told of the player.

import type { PlayerStats } from '../engine/player-stats.ts';
import type { PlayerState } from '../player.ts';
import type { Strings } from '../strings.ts';
import type { Wish } from './wish.ts';

/** What the controls show. Times are seconds; positions are on the video's own clock. */
export interface ControlView {
  /** Whether they are to be seen now. */
  readonly shown: boolean;
  readonly strings: Strings;
  readonly state: PlayerState;
  /** Whether it should be playing. */
  readonly wanted: boolean;
  /** Pictures of this channel have been seen. */
  readonly hasShown: boolean;
  /** Read for volume, position and what is buffered. */
  readonly video: HTMLVideoElement;
  readonly stats: PlayerStats | null;
  readonly targetLatency: number;
  /** A recording, from its beginning to its end. */
  readonly recorded: boolean;
  /** What can be sought to; null where there is no going back. */
  readonly seekable: { readonly start: number; readonly end: number } | null;
  /** Where live is; null before the first picture. */
  readonly liveEdge: number | null;
  readonly captions: { readonly available: boolean; readonly active: boolean };
  readonly fullscreen: { readonly available: boolean; readonly active: boolean };
  readonly pip: { readonly available: boolean; readonly active: boolean };
  readonly grant: (wish: Wish) => void;
}
