// What a session is once its first message has said so: a viewer, a publisher or a member of a room.

import type { Bytes } from '../../core/bytes.ts';
import type { Millis } from '../../core/time.ts';
import type { Channel } from '../channels/channel.ts';

export interface Role {
  readonly kind: 'viewer' | 'publisher' | 'member';
  readonly channel: Channel;
  /** Takes any message but ping and pong. Throws `ProtocolViolation`. */
  receive(type: number, body: Bytes): void;
  /** Something came over the link, whatever it is. */
  heard(): void;
  /** The other side answered a ping. */
  pong(sentAt: Millis): void;
  /** The link has ended. */
  ended(): void;
}
