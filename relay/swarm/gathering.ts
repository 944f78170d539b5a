// Viewers who may be introduced to each other, as the session of one of them sees them.

import type { Complaint } from '../../core/wire/complaint.ts';
import type { JoinSwarm } from '../../core/wire/join-swarm.ts';
import type { SequenceBits } from '../../core/wire/sequence-bits.ts';
import type { Served } from '../../core/wire/served.ts';
import type { Signal } from '../../core/wire/signal.ts';
import type { SwarmReport } from '../../core/wire/swarm-report.ts';
import type { SwarmMember } from './swarm-member.ts';

export interface Gathering {
  /** Somebody enters, or changes its wishes. */
  join(member: SwarmMember, message: JoinSwarm): void;
  /** Somebody leaves, or its link has ended. */
  leave(member: SwarmMember): void;
  /** Something came over a member's link: it lives. */
  heard(member: SwarmMember): void;
  report(member: SwarmMember, report: SwarmReport): void;
  complain(member: SwarmMember, complaint: Complaint): void;
  served(member: SwarmMember, served: Served): void;
  /** A member tells where it is in a recording; nobody needs to know that of live. */
  placed?(member: SwarmMember, place: SequenceBits): void;
  /** Passes on what one member says to another; false when it was dropped. */
  signal(member: SwarmMember, message: Signal): boolean;
}
