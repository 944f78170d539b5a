// The events of <p2p-room> by name, for whoever listens in TypeScript.

import type { ChannelMessageEvent } from '../channel-message.ts';
import type { P2pRoom } from './p2p-room.ts';
import type { RoomElementState, RoomFailure } from './room-state.ts';

/** What the element fires. */
export interface P2pRoomEventMap {
  /** It is on its way into the room, or out. */
  statechange: CustomEvent<{ readonly state: RoomElementState; readonly previous: RoomElementState }>;
  /** Somebody came or went, or switched something on or off; `members` has them. */
  memberschange: Event;
  /** Somebody in the room has sent something. */
  message: ChannelMessageEvent;
  /** One did not get in, or is neither seen nor heard. */
  error: CustomEvent<RoomFailure>;
  /** Something went wrong, and the room goes on: messages were dropped, or the relay does not answer. */
  warning: CustomEvent<{ readonly code: string; readonly message: string }>;
}

type Options = boolean | AddEventListenerOptions;
type Listener<Type extends keyof P2pRoomEventMap> = (this: P2pRoom, event: P2pRoomEventMap[Type]) => unknown;

declare module './p2p-room.ts' {
  interface P2pRoom {
    addEventListener<Type extends keyof P2pRoomEventMap>(type: Type, listener: Listener<Type>, options?: Options): void;
    addEventListener<Type extends keyof HTMLElementEventMap>(
      type: Type,
      listener: (this: P2pRoom, event: HTMLElementEventMap[Type]) => unknown,
      options?: Options,
    ): void;
    addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: Options): void;
  }
}
