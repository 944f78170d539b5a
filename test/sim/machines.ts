// The coordinator as the simulator sees it: the real one fits, and so does a test's stand-in. The scheduler is always the real one.

import type { PeerId } from '../../core/peer-id.ts';
import type { CoordinatorOutput, Entrant } from '../../core/swarm/coordinator-face.ts';
import type { Millis } from '../../core/time.ts';
import type { Grievance } from '../../core/wire/complaint.ts';

/** What a viewer reports about itself, as far as it matters to the plan. */
export interface Report {
  readonly uploadKbps: number;
  readonly peers: readonly { readonly peer: PeerId; readonly roundTripMs: Millis }[];
}

/** What the simulator uses of a `Coordinator`. */
export interface CoordinatorMachine {
  join(peer: PeerId, entrant: Entrant, now: Millis): void;
  leave(peer: PeerId, now: Millis): void;
  report(peer: PeerId, report: Report, now: Millis): void;
  complain(by: PeerId, about: PeerId, grievance: Grievance, stripes: number, now: Millis): void;
  served(peer: PeerId, stripe: number, parent: PeerId, now: Millis): void;
  mayTalk(a: PeerId, b: PeerId): boolean;
  poll(now: Millis): void;
  wakeAt(): Millis | undefined;
  take(): readonly CoordinatorOutput[];
}

/** Makes the coordinator of a relay that has just started. */
export type CoordinatorMaker = (options: {
  readonly stripes: number;
  readonly stripeKbps: number;
}) => CoordinatorMachine;
