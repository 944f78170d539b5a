// A viewer leaves the swarm but keeps watching: from now on the relay alone feeds it.

import type { Codec } from './codec.ts';

export type LeaveSwarm = Readonly<Record<string, never>>;

export const leaveSwarm: Codec<LeaveSwarm> = {
  type: 30,
  name: 'leave-swarm',
  maxSize: 0,
  write() {},
  read() {
    return {};
  },
};
