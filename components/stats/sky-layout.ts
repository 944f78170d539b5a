// Finds a place for everybody: the viewer in the middle, the relay above, those who give at the top, those who take below.

import type { PeerView } from '../engine/swarm-stats.ts';
import type { Flow } from './flows.ts';
import { scatter } from './star-names.ts';

/** Pixels. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Where all are, in pixels of the drawing. */
export interface SkyLayout {
  readonly width: number;
  readonly height: number;
  readonly you: Place;
  readonly relay: Place;
  /** By the peer's id. */
  readonly peers: ReadonlyMap<string, Place>;
  /** How much can be written under each peer without words running into each other. */
  readonly labels: 'name-and-time' | 'name' | 'none';
}

/** Radii in pixels: what strands keep away from. */
export const YOU_RADIUS = 38;
export const PEER_RADIUS = 13;
export const RELAY_RADIUS = 20;

const LABEL_WIDTH = 54;
const LETTER = 6.8;
const LINE = 14;
/** Pixels at the bottom for the line that says how it stands. */
const FOOT = 30;
/** Radians from straight up that are left to the relay, on either side. */
const GAP = 0.72;

/** Places all in a drawing of that size, with room for their `names` (by id). The same neighbours are placed the same way each time. */
export function layOutSky(
  { width, height }: { readonly width: number; readonly height: number },
  peers: readonly PeerView[],
  names: ReadonlyMap<string, string>,
): SkyLayout {
  const you = { x: width / 2, y: Math.round((height - FOOT) * 0.54) };
  const relay = { x: width / 2, y: 26 };
  // A crowd in a small sky gets one line of words each, and the whole of the ring.
  const roomy = width >= 440 || peers.length <= 6;
  const radius = {
    x: width / 2 - LABEL_WIDTH / 2 - (roomy ? 10 : 2),
    y: height - FOOT - you.y - PEER_RADIUS - (roomy ? 2 : 1) * LINE,
  };
  const angles = anglesFor(peers.length);
  const ranked = [...peers].sort((a, b) => rank(a) - rank(b) || scatter(a.id) - scatter(b.id));
  const places = new Map<string, Place>();
  ranked.forEach((peer, index) => {
    const angle = angles[index]!;
    const depth = roomy ? depthOf(peer, index, peers.length) : 1;
    places.set(peer.id, {
      x: Math.round(you.x + Math.sin(angle) * radius.x * depth),
      y: Math.round(you.y - Math.cos(angle) * radius.y * depth),
    });
  });
  return { width, height, you, relay, peers: places, labels: labelsFor(places, names, roomy) };
}

/** Not a circle but a sky: many stand in two depths. */
function depthOf({ id }: PeerView, index: number, count: number): number {
  return count > 7 && index % 4 > 1 ? 0.74 : 1 - (scatter(id) % 100) / 900;
}

/** From the top down, left and right in turn. */
function anglesFor(count: number): number[] {
  if (count === 1) return [Math.PI * 0.62];
  const span = 2 * (Math.PI - GAP);
  const around = Array.from({ length: count }, (_, index) => GAP + (span * (index + 0.5)) / count);
  return around.sort((a, b) => Math.abs(b - Math.PI) - Math.abs(a - Math.PI) || a - b);
}

function rank({ state, gives, takes }: PeerView): number {
  if (state === 'connecting') return 2;
  if (gives.length > 0) return takes.length > 0 ? 1 : 0;
  return takes.length > 0 ? 3 : 2;
}

function labelsFor(
  places: ReadonlyMap<string, Place>,
  names: ReadonlyMap<string, string>,
  roomy: boolean,
): SkyLayout['labels'] {
  const all = [...places].map(([id, place]) => ({ ...place, width: (names.get(id)?.length ?? 0) * LETTER + 4 }));
  const apart = (lines: number) =>
    all.every((one, index) =>
      all.slice(index + 1).every(other => {
        const width = Math.max((one.width + other.width) / 2, PEER_RADIUS + Math.max(one.width, other.width) / 2);
        return Math.abs(one.x - other.x) > width || Math.abs(one.y - other.y) > 2 * PEER_RADIUS + lines * LINE;
      }),
    );
  if (roomy && apart(2)) return 'name-and-time';
  return apart(1) ? 'name' : 'none';
}

/** The curve of a strand in its direction, and the point and angle (degrees) of its head. */
export interface Strand {
  readonly path: string;
  readonly head: Place;
  readonly angle: number;
}

const STRAND_GAP = 5;

/** Bends a flow's strand from edge to edge. */
export function strandOf({ you, relay, peers }: SkyLayout, { party, inbound, strand }: Flow): Strand | undefined {
  const other = party === 'relay' ? relay : peers.get(party);
  if (!other) return undefined;
  const length = Math.hypot(other.x - you.x, other.y - you.y) || 1;
  const along = { x: (other.x - you.x) / length, y: (other.y - you.y) / length };
  const across = { x: -along.y, y: along.x };
  const at = (distance: number, aside: number) => ({
    x: you.x + along.x * distance + across.x * aside,
    y: you.y + along.y * distance + across.y * aside,
  });
  const aside = strand * STRAND_GAP;
  const bow = party === 'relay' ? 0 : length * 0.07 * Math.sign(other.x - you.x);
  const inner = at(YOU_RADIUS + 4, aside);
  const outer = at(length - (party === 'relay' ? RELAY_RADIUS : PEER_RADIUS) - 3, aside * 0.5);
  const bend = at(length / 2, aside * 1.9 + bow);
  const [from, to] = inbound ? [outer, inner] : [inner, outer];
  const angle = (Math.atan2(to.y - bend.y, to.x - bend.x) * 180) / Math.PI;
  return { path: `M${point(from)}Q${point(bend)} ${point(to)}`, head: to, angle: Math.round(angle) };
}

const point = ({ x, y }: Place) => `${x.toFixed(1)},${y.toFixed(1)}`;
