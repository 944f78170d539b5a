// Control messages on their way through the simulated network.

import type { PeerId } from '../../core/peer-id.ts';
import type { CoordinatorOutput } from '../../core/swarm/coordinator-face.ts';
import type { Grievance } from '../../core/wire/complaint.ts';
import type { Neighbour } from '../../core/wire/join-swarm.ts';
import type { ReleaseCause } from '../../core/wire/release.ts';
import type { SequenceBits } from '../../core/wire/sequence-bits.ts';
import type { Report } from './machines.ts';
import type { SimLink } from './sim-link.ts';

/** `have`: the commonest, so its parts are used again. */
export interface HaveMail {
  link: SimLink;
  bits: Uint8Array;
}

/** From viewer to viewer. `link` is the sender's. */
export type PeerMail = { readonly link: SimLink } & (
  | { readonly type: 'adopt'; readonly count: number; readonly stripe: number; readonly from: number }
  | { readonly type: 'adopted'; readonly stripe: number; readonly depth: number }
  | { readonly type: 'release'; readonly stripe: number; readonly cause: ReleaseCause }
  | { readonly type: 'want' | 'lacking'; readonly sequences: SequenceBits }
);

/** From a viewer to the relay. */
export type RelayMail =
  | { readonly type: 'subscribe'; readonly resume?: { readonly stripes: number; readonly from: number } }
  | {
      readonly type: 'join-swarm';
      readonly role: 'viewer' | 'source';
      readonly uploadKbps: number;
      readonly neighbours: readonly Neighbour[];
    }
  | { readonly type: 'report'; readonly report: Report }
  | { readonly type: 'complaint'; readonly peer: PeerId; readonly grievance: Grievance; readonly stripes: number }
  | { readonly type: 'served'; readonly stripe: number; readonly parent: PeerId }
  | { readonly type: 'push-stripes'; readonly stripes: number; readonly from: number }
  | { readonly type: 'want'; readonly sequences: readonly number[] }
  | { readonly type: 'bye' };

/** From the relay to a viewer. */
export type ViewerMail = CoordinatorOutput | { readonly type: 'lacking'; readonly sequences: SequenceBits };
