// Where a room's element is, and why it can't go on.

import type { RoomDoor, RoomPublication } from './room-visit.ts';

/** `lobby`: before the door. `refused`: there again, and `error` says why. */
export type RoomElementState = 'lobby' | 'joining' | 'inside' | 'reconnecting' | 'left' | 'refused';

/** What went wrong: a literal `code` for programs, one sentence for people. The codes of the door, and those of publishing with `publish-` before. */
export interface RoomFailure {
  readonly code: string;
  readonly message: string;
}

/** What the state of the door means to the element. */
export const STATES: Readonly<Record<RoomDoor['state'], RoomElementState>> = {
  idle: 'joining',
  connecting: 'joining',
  inside: 'inside',
  reconnecting: 'reconnecting',
  left: 'left',
  refused: 'refused',
};

/** Longest name that still makes a channel's name with the room's. */
const MAX_USER = 32;

/** Whether somebody may be called so. */
export const isUserName = (user: string): boolean =>
  /^[A-Za-z0-9._~-]+$/.test(user) && !/^\.\.?$/.test(user) && user.length <= MAX_USER;

/** The failure of publishing, as the element tells it. */
export function publishFailure(error: RoomPublication['error']): RoomFailure | null {
  return error && { code: `publish-${error.code}`, message: error.message };
}
