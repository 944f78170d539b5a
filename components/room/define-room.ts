// Importing this registers <p2p-room>, and <p2p-live> of which it is made. On a server, where there are no elements, it does nothing.

import '../define.ts';
import { P2pRoom } from './p2p-room.ts';

if (globalThis.customElements && !customElements.get('p2p-room')) customElements.define('p2p-room', P2pRoom);

export type { ChannelMessageEvent } from '../channel-message.ts';
export type { P2pRoomEventMap } from './p2p-room-events.ts';
export type { RoomTokenProvider } from './presence.ts';
export type { RoomMember } from './room-connection.ts';
export type { RoomElementState, RoomFailure } from './room-state.ts';
export { type RoomStrings, roomStrings } from './room-strings.ts';
export { P2pRoom };

declare global {
  interface HTMLElementTagNameMap {
    'p2p-room': P2pRoom;
  }
}
