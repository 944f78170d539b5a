// What all sessions of a relay share.

import type { Millis } from '../../core/time.ts';
import type { AccessControl } from '../access/access-control.ts';
import type { Channels } from '../channels/channels.ts';
import type { QualityBoard } from '../figures/quality-board.ts';
import type { Log } from '../log.ts';
import type { MessageTerms } from '../messages/message-terms.ts';
import type { Rooms } from '../rooms/rooms.ts';
import type { RateCap } from './rate-cap.ts';

export interface SessionContext {
  readonly channels: Channels;
  readonly access: AccessControl;
  /** Bytes of the past that all viewers together may fetch. */
  readonly recalls: RateCap;
  readonly messages: MessageTerms;
  readonly rooms: Rooms;
  readonly quality: QualityBoard;
  readonly log: Log;
  /** The wall clock, Unix milliseconds. */
  readonly clock: () => Millis;
  /** Whole milliseconds of a steady clock. */
  readonly steady: () => Millis;
  readonly after: (ms: Millis, task: () => void) => void;
}
