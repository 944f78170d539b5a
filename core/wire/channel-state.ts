// The relay tells a viewer how a channel is: first as the answer to `subscribe`, then whenever it changes.

import type { Bytes } from '../bytes.ts';
import { ProtocolViolation } from '../errors.ts';
import type { Ticks } from '../time.ts';
import type { Codec } from './codec.ts';

/** `waiting`: nobody publishes (yet, or any more for the moment); `live`; `ended`: the publisher said that the broadcast is over. */
export type State = 'waiting' | 'live' | 'ended';

export interface ChannelState {
  readonly state: State;
  /** The publisher's Ed25519 key, 32 bytes; empty while no publisher has been seen. */
  readonly publicKey: Bytes;
  /** Channel time of the oldest group that can be fetched; 0 if none. */
  readonly windowStart: Ticks;
}

const STATES: readonly State[] = ['waiting', 'live', 'ended'];

export const channelState: Codec<ChannelState> = {
  type: 2,
  name: 'channel-state',
  maxSize: 64,
  write(writer, message) {
    writer.u8(STATES.indexOf(message.state)).block(message.publicKey).varint(message.windowStart);
  },
  read(reader) {
    const state = STATES[reader.u8()];
    if (!state) throw new ProtocolViolation('unknown channel state');
    const publicKey = reader.block(32);
    if (publicKey.length !== 0 && publicKey.length !== 32) {
      throw new ProtocolViolation(`public key of ${publicKey.length} bytes`);
    }
    return { state, publicKey, windowStart: reader.varint() };
  },
};
