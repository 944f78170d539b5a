// Where a player is on its way from nothing to pictures.

import type { Supply } from './engine-messages.ts';

/** `waiting`: nobody broadcasts (yet, or for the moment). `failed` is final until the next `start()`. */
export type LivePlayerState = 'idle' | 'connecting' | 'waiting' | 'buffering' | 'playing' | 'ended' | 'failed';

const HAVE_FUTURE_DATA = 3;

/** What is on the screen counts before what the network does: a buffer plays on while the relay is away. */
export function stateOf(video: HTMLVideoElement, supply: Supply, before: LivePlayerState): LivePlayerState {
  if (video.ended) return supply === 'live' ? 'buffering' : 'ended';
  // The controller seeks only to what is buffered, which takes a moment.
  const isJumping = video.seeking && before === 'playing';
  if (video.readyState >= HAVE_FUTURE_DATA || isJumping) return 'playing';
  return supply === 'live' ? 'buffering' : supply;
}
