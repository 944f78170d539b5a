// What is asked of a publication and what it says of itself, on the page and in the worker alike.

import type { RelayTransport } from '../../engine/engine-messages.ts';

/** What a track of a publication is. */
export type MediaKind = 'video' | 'audio';

/**
 * `connecting` until the relay has taken the first chunk, `reconnecting` while it is away, `ended` after `stop()`;
 * `failed` when going on makes no sense: see `error`.
 */
export type PublicationState = 'idle' | 'connecting' | 'live' | 'reconnecting' | 'ended' | 'failed';

/** Why a publication failed. */
export type PublicationErrorCode =
  /** The token or its absence: wrong, expired, of another channel. */
  | 'not-allowed'
  /** Somebody else publishes the channel. */
  | 'taken'
  /** The same page publishes the channel from elsewhere. */
  | 'replaced'
  | 'bad-name'
  | 'bad-version'
  /** The browser can encode neither. */
  | 'unsupported'
  /** The worker could not be loaded or broke. */
  | 'engine';

export interface PublicationError {
  readonly code: PublicationErrorCode;
  /** For people, in English. */
  readonly message: string;
}

/** What is asked for; less is sent when uplink or processor don't do. */
export interface PublishSettings {
  /** Pixels; those of the camera when not given, at most 1,280 × 720. */
  readonly width?: number;
  readonly height?: number;
  /** Frames a second, 30 if not given. */
  readonly frameRate?: number;
  /** Kilobits a second at most, 1,500 if not given. */
  readonly videoKbps?: number;
  /** 64 if not given. */
  readonly audioKbps?: number;
  /** Seconds from keyframe to keyframe, 1 if not given. */
  readonly keyframeSeconds?: number;
  /** Milliseconds of media in a chunk, 100 if not given; rooms take 40. */
  readonly chunkMs?: number;
}

/** How it goes, over the last second where it says a second. */
export interface PublishStats {
  /** Kilobits a second that the encoders made, and that left for the relay. */
  readonly videoKbps: number;
  readonly audioKbps: number;
  readonly sentKbps: number;
  /** Kilobits a second that the video encoder is set to now; lower than asked for when the uplink is slow. */
  readonly targetKbps: number;
  /** Frames a second from the camera, and encoded. */
  readonly capturedFps: number;
  readonly encodedFps: number;
  /** Pixels of the encoded picture, 0 without one. */
  readonly width: number;
  readonly height: number;
  /** As WebCodecs spells them, e.g. `avc1.42e01f` and `opus`; empty when there is none. */
  readonly videoCodec: string;
  readonly audioCodec: string;
  /** Frames left out because encoder or uplink were too slow, in all. */
  readonly droppedFrames: number;
  /** Chunks given up as they would have come too late, in all. */
  readonly droppedChunks: number;
  /** To the relay and back; 0 while unknown. */
  readonly roundTripMs: number;
  /** What waits for the uplink, in milliseconds of media. */
  readonly waitingMs: number;
  /** Sessions after the first. */
  readonly reconnects: number;
  readonly transport: RelayTransport | '';
  readonly bytesSent: number;
}

/** Before anything was sent. */
export const NO_STATS: PublishStats = {
  videoKbps: 0,
  audioKbps: 0,
  sentKbps: 0,
  targetKbps: 0,
  capturedFps: 0,
  encodedFps: 0,
  width: 0,
  height: 0,
  videoCodec: '',
  audioCodec: '',
  droppedFrames: 0,
  droppedChunks: 0,
  roundTripMs: 0,
  waitingMs: 0,
  reconnects: 0,
  transport: '',
  bytesSent: 0,
};
