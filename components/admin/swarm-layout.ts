// Finds a place for every member of a swarm: the relay in the middle, rings around it by hops, a sector for each stripe's carriers.

import type { AdminSwarmMember } from '../../core/admin/answers.ts';
import { scatter } from '../stats/star-names.ts';

/** One member in the drawing; places are from -1 to 1, the relay at 0,0. */
export interface Star {
  readonly member: AdminSwarmMember;
  readonly x: number;
  readonly y: number;
  /** The stripe it carries on; null for who feeds nobody. */
  readonly stripe: number | null;
  /** Whom it feeds, over all stripes. */
  readonly children: number;
  /** Hops from the relay where it is nearest; null while nothing reaches it. */
  readonly hops: number | null;
}

/** Who feeds whom, in one stripe. `from` is a member's id or `relay`. */
export interface Feed {
  readonly from: string;
  readonly to: string;
  readonly stripe: number;
}

export interface SwarmLayout {
  /** By id. */
  readonly stars: ReadonlyMap<string, Star>;
  readonly feeds: readonly Feed[];
  /** The rings' radii, 0–1, from within. */
  readonly rings: readonly number[];
}

interface Member {
  readonly member: AdminSwarmMember;
  readonly children: number[];
  readonly hops: (number | null)[];
  home: number;
}

/** The same members are placed the same way each time, and most stay where they were when others come. */
export function layOutSwarm(members: readonly AdminSwarmMember[], stripes: number): SwarmLayout {
  const all = new Map(
    members.map(member => [
      member.id,
      { member, children: new Array<number>(stripes).fill(0), hops: [], home: 0 } as Member,
    ]),
  );
  const feeds: Feed[] = [];
  for (const { id, parents } of members)
    parents.forEach((from, stripe) => {
      if (from === null || (from !== 'relay' && !all.has(from))) return;
      feeds.push({ from, to: id, stripe });
      const parent = all.get(from);
      if (parent) parent.children[stripe] = (parent.children[stripe] ?? 0) + 1;
    });
  for (let stripe = 0; stripe < stripes; stripe++)
    for (const one of all.values()) one.hops[stripe] = hopsOf(one, stripe, all);
  const deepest = Math.max(1, ...[...all.values()].map(one => nearest(one) ?? 0));
  const isAdrift = [...all.values()].some(one => nearest(one) === null);
  const count = deepest + (isAdrift ? 1 : 0);
  const rings = Array.from({ length: count }, (_, index) => (count === 1 ? 0.72 : 0.42 + (0.54 * index) / (count - 1)));
  const stars = new Map<string, Star>();
  for (const [one, turn] of turns([...all.values()], stripes)) {
    const hops = nearest(one);
    const radius = rings[(hops ?? count) - 1]! * spread(one, members.length);
    const children = one.children.reduce((sum, some) => sum + some, 0);
    stars.set(one.member.id, {
      ...{ member: one.member, children, hops },
      stripe: children > 0 ? one.home : null,
      x: Math.sin(turn) * radius,
      y: -Math.cos(turn) * radius,
    });
  }
  return { stars, feeds, rings };
}

/** Everybody with an angle (radians from the top, clockwise): by stripe, then by who feeds them there, so that families stand together. */
function turns(all: readonly Member[], stripes: number): (readonly [Member, number])[] {
  const carriers = new Map<string, Member>();
  for (const one of all) {
    const most = Math.max(...one.children, 0);
    if (most === 0) continue;
    one.home = one.children.indexOf(most);
    carriers.set(one.member.id, one);
  }
  // Who carries nothing stands with one of those that feed it, the same one as long as it does.
  for (const one of all) {
    if (carriers.has(one.member.id)) continue;
    const choice = one.member.parents.flatMap((parent, stripe) => (parent === null ? [] : [stripe]));
    one.home =
      choice[scatter(one.member.id) % Math.max(1, choice.length)] ?? scatter(one.member.id) % Math.max(1, stripes);
  }
  const path = (one: Member): string => {
    const steps: string[] = [];
    for (let at: Member | undefined = one; at && steps.length <= all.length; ) {
      steps.unshift(at.member.id);
      const parent: string | null | undefined = at.member.parents[one.home];
      at = parent ? all.find(({ member }) => member.id === parent) : undefined;
      if (at && steps.includes(at.member.id)) break;
    }
    return steps.join(' ');
  };
  const ordered = all
    .map(one => ({ one, path: path(one) }))
    .sort((a, b) => a.one.home - b.one.home || (a.path < b.path ? -1 : 1));
  return ordered.map(({ one }, index) => [one, (2 * Math.PI * (index + 0.5)) / ordered.length] as const);
}

/** Where a ring is crowded its members stand in two rows. */
function spread({ member }: Member, size: number): number {
  return size > 48 ? 0.94 + (scatter(member.id) % 3) * 0.04 : size > 24 ? 0.97 + (scatter(member.id) % 2) * 0.05 : 1;
}

function hopsOf({ member }: Member, stripe: number, all: ReadonlyMap<string, Member>): number | null {
  let from = member.parents[stripe];
  for (let hops = 1; hops <= all.size; hops++) {
    if (from === 'relay') return hops;
    if (from === null || from === undefined) return null;
    from = all.get(from)?.member.parents[stripe];
  }
  return null; // in a circle, for the moment
}

function nearest({ hops }: Member): number | null {
  const known = hops.filter(count => count !== null);
  return known.length > 0 ? Math.min(...known) : null;
}
