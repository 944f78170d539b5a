// What can be seen of swarms from outside: by the viewers' own figures, and by the relay's.

import type { SwarmStats } from '../../components/engine/swarm-stats.ts';
import type { Sight, Viewer } from './viewer.ts';

/** A viewer's figures. */
export function swarmOf(sight: Sight): SwarmStats {
  return sight.stats.swarm as SwarmStats; // the element's stats are PlayerStats
}

/** How often playback ran dry. */
export function stallsOf(sight: Sight): number {
  return Number(sight.stats.stalls);
}

/** Stripes that this viewer pushes to others, over all of them. */
export function childrenOf(sight: Sight): number {
  return swarmOf(sight).peers.reduce((sum, { takes }) => sum + takes.length, 0);
}

/** What `GET /channels/<name>/stats` says, as far as tests read it. */
export interface RelaySight {
  readonly viewers: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly swarm: {
    readonly viewers: number;
    readonly offload: { readonly recent: number; readonly total: number };
    readonly relayChildren: readonly number[];
    readonly banned: number;
  } | null;
}

/** The relay's figures of a channel. */
export async function relaySight(port: number, channel: string): Promise<RelaySight> {
  const response = await fetch(`http://localhost:${port}/channels/${channel}/stats`);
  return (await response.json()) as RelaySight; // its shape is asserted by what the tests read
}

/** All viewers at once. */
export function lookAtAll(viewers: readonly Viewer[]): Promise<Sight[]> {
  return Promise.all(viewers.map(viewer => viewer.look()));
}

/** One line for each viewer, for messages of failed tests. */
export function told(sights: readonly Sight[]): string {
  return sights
    .map(sight => {
      const { id, state, relayStripes, peers, rejectedChunks } = swarmOf(sight);
      const links = peers.map(peer => `${peer.id.slice(-4)} g${peer.gives} t${peer.takes}`).join(', ');
      return `${id?.slice(-4)} ${sight.state}/${state} relay ${relayStripes} rejected ${rejectedChunks} stalls ${stallsOf(sight)}: ${links}`;
    })
    .join('\n');
}
