// What the element needs of whatever plays behind its <video>: the engine's LivePlayer, or a stand-in in tests.

import type { MessageData } from './engine/outgoing-message.ts';
import type { PlayerStats } from './engine/player-stats.ts';
import type { SwarmPolicy } from './engine/swarm-policy.ts';

/** Where a player is on its way from nothing to pictures. `failed` is final: a retry takes a new player. */
export type PlayerState = 'idle' | 'connecting' | 'waiting' | 'buffering' | 'playing' | 'ended' | 'failed';

/** Why nothing plays: a literal `code` for programs, and one sentence for people. */
export interface PlayerError {
  readonly code: string;
  readonly message: string;
}

/** Where a viewer may go, in seconds on the video's own clock. */
export interface SeekableSpan {
  readonly start: number;
  readonly end: number;
}

/** What to play. */
export interface PlayerTarget {
  /** The relay's absolute URL. */
  readonly relay: string;
  /** The channel's name, or `recordings/<id>` for a recording. */
  readonly name: string;
  /** What lets the viewer watch; empty for nothing. */
  readonly token: string;
  /** Seconds between capture and showing that the player aims at. */
  readonly targetLatency: number;
}

/** What to play, and on what terms. */
export interface PlayerOptions extends PlayerTarget {
  readonly swarm: SwarmPolicy;
  /** Whether peers may be connected: to be asked before the first connection; playing must not wait for the answer. */
  readonly consent: () => Promise<boolean>;
}

/**
 * Fills one video element with one live channel. It never plays, pauses or mutes the video: that is the element's part.
 * Fires `statechange`, `error`, `stats`, and with a `detail` `metadata`, `warning` and `message`.
 */
export interface Player extends EventTarget {
  readonly state: PlayerState;
  readonly error: PlayerError | null;
  readonly stats: PlayerStats;
  /** Seconds. */
  targetLatency: number;
  /** Takes effect at once. */
  swarm: SwarmPolicy;
  /** Another one is shown to the relay while it plays. */
  token: string;
  start(): void;
  /** Closes the connection and empties the video. The player is of no further use. */
  stop(): void;
  /** What can be sought to: the relay's window, up to the live edge; null before the first picture. */
  readonly seekable: SeekableSpan | null;
  /** Where `seekToLive` goes, in seconds on the video's clock; null before the first picture, and in a recording. */
  readonly liveEdge: number | null;
  /** Goes to a time, in seconds on the video's clock, also outside of what is buffered; what lies outside of `seekable` is clamped to it. */
  seek(time: number): void;
  /** Back to the live edge. */
  seekToLive(): void;
  /** To everybody on the channel; false while it is not connected. Throws `RangeError` above 16 KiB. */
  send(message: MessageData): boolean;
}

/** Makes the player behind a video. */
export type PlayerFactory = (video: HTMLVideoElement, options: PlayerOptions) => Player;

/** Makes players on terms that it knows itself. */
export type PlayerSource = (video: HTMLVideoElement, target: PlayerTarget) => Player;
