// A link: one way to send messages to one other party. The relay, the ingester and the viewer see nothing of what carries it.

import type { Bytes } from './bytes.ts';

/** What carries a link. */
export type Transport = 'webtransport' | 'websocket' | 'datachannel' | 'memory';

/** Why a link ended. `code` 0 is an orderly end; others are `CloseCode`. */
export interface LinkClose {
  readonly code: number;
  readonly reason: string;
}

/** Codes that a party gives when it closes a link. */
export const CloseCode = { done: 0, protocolViolation: 1, refused: 2, goingAway: 3, tooSlow: 4, failed: 5 } as const;

/**
 * Carries whole messages (type, length, body) in order per lane. Lane 0 is the control stream; lanes 1…`lanes` carry chunks.
 * A link with `lanes` 0 carries everything on lane 0. Bytes handed to `receive` are views that stay valid.
 */
export interface Link {
  readonly transport: Transport;
  readonly lanes: number;
  /** Takes the messages that come in, in arrival order per lane, and is set once, by the owner, before it yields. May throw `ProtocolViolation`: the link then closes. */
  receive: (type: number, body: Bytes) => void;
  /** Called when a lane that was not `writable` is again. */
  drained: (lane: number) => void;
  /** Settles, never rejects, when the link has ended for whatever cause. */
  readonly closed: Promise<LinkClose>;
  /** Whether a lane takes another message without queueing it for long. Control messages may be sent regardless. */
  writable(lane: number): boolean;
  /** Sends one or more whole messages. The bytes are not copied and must not change. After the link has ended it does nothing. */
  send(messages: Bytes, lane?: number): void;
  close(code: number, reason: string): void;
}
