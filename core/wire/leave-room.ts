// A member leaves its room for good; the others learn it at once.

import type { Codec } from './codec.ts';

export type LeaveRoom = Record<never, never>;

export const leaveRoom: Codec<LeaveRoom> = {
  type: 39,
  name: 'leave-room',
  maxSize: 0,
  write() {},
  read() {
    return {};
  },
};
