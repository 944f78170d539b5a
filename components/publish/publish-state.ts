// What <p2p-publish> can be doing, and why it can have failed.

import type { PublicationErrorCode } from './engine/publication.ts';

/** What is shown to the viewers. `own`: a stream that the page itself handed in. */
export type PublishSource = 'camera' | 'screen' | 'microphone' | 'own';

/**
 * `asking`: the browser asks its user for the devices; `ready`: there is a picture, and nobody else sees it; `live`: on air;
 * `reconnecting`: the relay is away, it goes on by itself; `ended`: off the air, as asked; `failed`: see `error`.
 */
export type PublishState = 'idle' | 'asking' | 'ready' | 'connecting' | 'live' | 'reconnecting' | 'ended' | 'failed';

/** Why there is no broadcast: what the relay or the engine said, or what came in the way here. */
export type PublishErrorCode =
  | PublicationErrorCode
  /** The user, the browser or the page's own permissions policy said no. */
  | 'denied'
  /** There is no such device. */
  | 'no-device'
  /** Another program has it. */
  | 'busy'
  /** It was unplugged, and nothing else is left to send. */
  | 'device-lost'
  /** Browsers lend devices to secure pages only. */
  | 'insecure'
  /** The browser shares no screens. */
  | 'no-screen'
  | 'bad-relay'
  | 'no-channel'
  /** `tokenProvider` threw or rejected. */
  | 'no-token';

/** Why a broadcast failed. `message` is one sentence for people. */
export interface PublishError {
  readonly code: PublishErrorCode;
  readonly message: string;
}

/** Something went wrong and the broadcast goes on. */
export interface PublishWarning {
  readonly code: 'no-camera' | 'no-microphone' | 'camera-lost' | 'microphone-lost' | 'screen-ended';
  readonly message: string;
}
