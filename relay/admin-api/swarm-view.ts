// A channel's swarm as the admin API tells of it: who feeds whom, and how each fares.

import type { AdminSwarm } from '../../core/admin/answers.ts';
import { type PeerId, RELAY } from '../../core/peer-id.ts';
import type { Channel } from '../channels/channel.ts';
import type { Figures } from '../figures/figures.ts';

const MAX_MEMBERS = 1_000;

/** At this moment, by the coordinator's plan. */
export function swarmOf({ swarm }: Channel, { wallTime }: Pick<Figures, 'wallTime'>): AdminSwarm {
  if (!swarm) return { stripes: 0, members: [], size: 0 };
  const all = swarm.members;
  const members = all.slice(0, MAX_MEMBERS).map(([resident, parents]) => ({
    id: nameOf(resident.id),
    role: resident.member.role,
    nat: resident.member.quality?.nat ?? ('unknown' as const),
    place: resident.member.quality?.place || null,
    uplinkKbps: Math.round(resident.uploadKbps),
    latencyMs: resident.latencyMs || null,
    offload: resident.offload,
    since: Math.round(wallTime(resident.joinedAt)),
    // A source is pushed nothing: it makes the chunks.
    parents: (resident.member.role === 'viewer' && parents?.map(nameOf)) || new Array<null>(swarm.stripes).fill(null),
  }));
  return { stripes: swarm.stripes, members, size: all.length };
}

function nameOf(peer: PeerId): string {
  return peer === RELAY ? 'relay' : peer.toString(16).padStart(12, '0');
}
