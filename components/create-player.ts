// The player that the element uses unless it is told otherwise.

import { LivePlayer } from './engine/live-player.ts';
import { NativePlayer, playsOnlyHls } from './native/native-player.ts';
import type { PlayerFactory } from './player.ts';

export const createPlayer: PlayerFactory = (video, options) =>
  playsOnlyHls(video) ? new NativePlayer(video, options) : new LivePlayer(video, options);
