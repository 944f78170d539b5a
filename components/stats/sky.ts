// Draws the viewer among its neighbours: strands with moving dots for what flows, dashed lines for what is only held ready.

import { nothing, svg } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { PeerView, SwarmStats } from '../engine/swarm-stats.ts';
import type { Flow } from './flows.ts';
import { PEER_RADIUS, type Place, type SkyLayout, strandOf, YOU_RADIUS } from './sky-layout.ts';
import { scatter } from './star-names.ts';
import { statsStrings } from './stats-strings.ts';

/** What is drawn. */
export interface SkyView {
  readonly layout: SkyLayout;
  readonly stats: SwarmStats;
  readonly flows: readonly Flow[];
  readonly names: ReadonlyMap<string, string>;
  /** 0–1; null while nothing came. */
  readonly share: number | null;
  readonly relayRoundTripMs: number | null;
  /** Whether the relay feeds anything at all. */
  readonly connected: boolean;
}

/** How many colours for stripes there are in the style. */
const STRIPE_COLOURS = 8;
const BACKDROP_STARS = 42;

/** The drawing's inside. */
export function skyTemplate(view: SkyView) {
  const { layout, stats, flows, names, share, relayRoundTripMs, connected } = view;
  const { you, relay } = layout;
  return svg`
    ${backdrop(layout)}
    ${connected && stats.peers.length === 0 && stats.state === 'relay-only' ? ghosts(layout) : nothing}
    ${
      connected
        ? repeat(
            flows,
            ({ key }) => key,
            flow => strandTemplate(layout, flow),
          )
        : nothing
    }
    ${repeat(
      stats.peers,
      ({ id }) => id,
      peer => peerTemplate(peer, layout.peers.get(peer.id) ?? you, names.get(peer.id) ?? peer.id, layout.labels),
    )}
    <g class="relay ${connected ? '' : 'away'}" transform=${moved(relay)}>
      <rect x="-20" y="-15" width="40" height="30" rx="9"></rect>
      <circle r="3"></circle>
      <path d="M-6.5,-6.5a9.2,9.2 0 0 0 0,13M6.5,-6.5a9.2,9.2 0 0 1 0,13"></path>
      <text x="28" y=${relayRoundTripMs === null ? 4 : -2}>${statsStrings.relay}</text>
      ${relayRoundTripMs === null ? nothing : svg`<text class="time" x="28" y="12">${statsStrings.milliseconds(relayRoundTripMs)}</text>`}
    </g>
    <g class="you ${connected ? '' : 'away'}" transform=${moved(you)}>
      <circle class="glow" r="62"></circle>
      <circle class="halo" r=${YOU_RADIUS}></circle>
      <circle class="ring" r="29"></circle>
      <circle
        class="share" r="29" pathLength="100" transform="rotate(-90)"
        stroke-dasharray="${((share ?? 0) * 100).toFixed(1)} 200"
      ></circle>
      <text y="5">${statsStrings.you}</text>
    </g>
  `;
}

/** Faint stars, always the same ones. */
function backdrop({ width, height }: SkyLayout) {
  return svg`<g class="backdrop">${Array.from({ length: BACKDROP_STARS }, (_, index) => {
    const seed = scatter(`star ${index}`);
    const x = ((seed % 997) / 997) * width;
    const y = (((seed >>> 10) % 991) / 991) * height;
    return svg`<circle cx=${x.toFixed(0)} cy=${y.toFixed(0)} r=${(0.5 + (seed % 3) * 0.35).toFixed(2)}></circle>`;
  })}</g>`;
}

/** Where neighbours will be. */
function ghosts({ you, width, height }: SkyLayout) {
  const [x, y] = [Math.min(width / 2 - 40, 170), Math.min(height - you.y - 62, 150)];
  return svg`<g class="ghosts">
    <ellipse cx=${you.x} cy=${you.y} rx=${x} ry=${y}></ellipse>
    ${[0.31, 0.5, 0.69].map(turn => {
      const angle = turn * 2 * Math.PI;
      return svg`<circle cx=${you.x + Math.sin(angle) * x} cy=${you.y - Math.cos(angle) * y} r="9"></circle>`;
    })}
  </g>`;
}

function strandTemplate(layout: SkyLayout, flow: Flow) {
  const strand = strandOf(layout, flow);
  if (!strand) return nothing;
  const { kind, stripe, inbound, bytesPerSecond } = flow;
  const colour = stripe === null ? '' : `s${stripe % STRIPE_COLOURS}`;
  const { x, y } = strand.head;
  return svg`<g class="strand ${kind} ${inbound ? 'in' : 'out'} ${colour}">
    <path class="line" d=${strand.path}></path>
    ${
      kind === 'pushed' || kind === 'asked'
        ? svg`
          <path class="dots v${densityOf(bytesPerSecond)}" d=${strand.path} stroke-width=${dotSize(bytesPerSecond)}></path>
          <path class="head" d="M-7,-3.5L0,0L-7,3.5z" transform="translate(${x.toFixed(1)} ${y.toFixed(1)}) rotate(${strand.angle})"></path>`
        : nothing
    }
  </g>`;
}

function peerTemplate(peer: PeerView, place: Place, name: string, labels: SkyLayout['labels']) {
  const { state, gives, takes, roundTripMs } = peer;
  const role = `${gives.length > 0 ? 'gives' : ''} ${takes.length > 0 ? 'takes' : ''}`;
  const time = roundTripMs === null ? '' : statsStrings.milliseconds(roundTripMs);
  return svg`<g class="peer ${state} ${role}" transform=${moved(place)}>
    <circle class="halo" r=${PEER_RADIUS}></circle>
    <circle class="core" r="5.5"></circle>
    ${labels === 'none' ? svg`<text class="letter" y="26">${name.slice(0, 3)}</text>` : svg`<text y="27">${name}</text>`}
    ${labels === 'name-and-time' ? svg`<text class="time" y="40">${time}</text>` : nothing}
  </g>`;
}

/** Three densities of dots. */
function densityOf(bytesPerSecond: number): 1 | 2 | 3 {
  if (bytesPerSecond < 8_000) return 1;
  return bytesPerSecond < 100_000 ? 2 : 3;
}

/** Pixels: four times the bytes make a dot one larger. */
function dotSize(bytesPerSecond: number): string {
  return Math.min(7, Math.max(2.5, 3 + Math.log2(Math.max(1, bytesPerSecond) / 10_000) / 2)).toFixed(1);
}

const moved = ({ x, y }: Place) => `translate(${x},${y})`;
