// Who is in a room: all of them, sent to each member at each change.

import { ProtocolViolation } from '../errors.ts';
import type { Millis } from '../time.ts';
import type { Codec } from './codec.ts';
import { FREE_FLAG, type MemberState, readFlags, writeFlags } from './member-state.ts';

/** Most members that a room can have. */
export const MAX_MEMBERS = 500;

export interface RoomMember extends MemberState {
  /** Unique in the room; its channel is `room/<name>/<user>`. At most 128 bytes. */
  readonly user: string;
  /** Whether that channel is on air. */
  readonly channelIsLive: boolean;
  /** Unix milliseconds of the relay's clock. */
  readonly joinedAt: Millis;
}

export interface RoomState {
  /** By the time they came. */
  readonly members: readonly RoomMember[];
}

export const roomState: Codec<RoomState> = {
  type: 37,
  name: 'room-state',
  maxSize: 80_000,
  write(writer, { members }) {
    writer.varint(members.length);
    for (const member of members) {
      writer.text(member.user);
      writeFlags(writer, member, member.channelIsLive ? FREE_FLAG : 0);
      writer.varint(member.joinedAt);
    }
  },
  read(reader) {
    const count = reader.varint();
    if (count > MAX_MEMBERS) throw new ProtocolViolation(`${count} members, at most ${MAX_MEMBERS} allowed`);
    const members = Array.from({ length: count }, () => {
      const user = reader.text(128);
      const { more, ...state } = readFlags(reader, FREE_FLAG);
      return { user, ...state, channelIsLive: more !== 0, joinedAt: reader.varint() };
    });
    return { members };
  },
};
