// What the relay tells its coordinator and hears from it.

import type { PeerId } from '../peer-id.ts';
import type { Neighbour } from '../wire/join-swarm.ts';
import type { Plan } from '../wire/plan.ts';

/** A viewer as it enters the swarm. */
export interface Entrant {
  readonly role: 'viewer' | 'source';
  /** 0: it can't or won't upload. */
  readonly uploadKbps: number;
  /** Connections that outlived an earlier relay: kept where possible. */
  readonly neighbours: readonly Neighbour[];
  /** The network it comes from (such as its address without the last part): viewers of the same one are near each other. */
  readonly network: string;
  /** Round trip between it and the relay, in ms; half of the sum of two viewers' is the first guess of the one between them. */
  readonly roundTripMs: number;
}

/** What the relay is to do. */
export type CoordinatorOutput =
  | { readonly type: 'plan'; readonly to: PeerId; readonly plan: Plan }
  | { readonly type: 'drop'; readonly to: PeerId; readonly peer: PeerId; readonly cause: 'left' | 'banned' };
