// Somebody asks to be a member of a room; the relay answers with `room-state` or `refused`.

import type { Bytes } from '../bytes.ts';
import type { Codec } from './codec.ts';

/** Length of the secret, in bytes. */
export const ROOM_SECRET_SIZE = 16;

/** Longest access token, in bytes. */
const MAX_TOKEN = 4_096;

export interface EnterRoom {
  readonly version: number;
  /** `room/<name>`. At most 128 bytes; the relay reads more, to say so. */
  readonly room: string;
  /** One segment of a channel name: the member publishes `room/<name>/<user>`. */
  readonly user: string;
  /** Random; whoever comes with the same one takes over the member's earlier link. */
  readonly secret: Bytes;
  /** A JSON Web Token (RFC 7519), or empty. */
  readonly token: string;
}

export const enterRoom: Codec<EnterRoom> = {
  type: 36,
  name: 'enter-room',
  maxSize: 7_000,
  write(writer, { version, room, user, secret, token }) {
    writer.varint(version).text(room).text(user).put(secret).text(token);
  },
  read(reader) {
    return {
      version: reader.varint(),
      room: reader.text(1_024),
      user: reader.text(1_024),
      secret: reader.take(ROOM_SECRET_SIZE),
      token: reader.text(MAX_TOKEN),
    };
  },
};
