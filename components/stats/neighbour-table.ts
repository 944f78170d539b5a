// Lists the neighbours in words, for whoever wants to know it exactly and for those who don't see the drawing.

import { html } from 'lit';
import type { PeerView } from '../engine/swarm-stats.ts';
import { formatRate } from './format-traffic.ts';
import { statsStrings } from './stats-strings.ts';
import type { PeerTraffic } from './traffic-history.ts';

/** `names` and `traffic` by the peer's id. */
export function neighbourTable(
  peers: readonly PeerView[],
  names: ReadonlyMap<string, string>,
  traffic: ReadonlyMap<string, PeerTraffic>,
) {
  return html`<details class="neighbours" part="neighbours">
    <summary>${statsStrings.neighbours(peers.length)}</summary>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">${statsStrings.name}</th>
            <th scope="col">${statsStrings.time}</th>
            <th scope="col">${statsStrings.gives}</th>
            <th scope="col">${statsStrings.takes}</th>
          </tr>
        </thead>
        <tbody>
          ${peers.map(
            peer => html`<tr>
              <th scope="row">${names.get(peer.id)} <code>${peer.id.slice(0, 6)}</code></th>
              <td>${roundTrip(peer)}</td>
              <td>${amount(peer.gives, traffic.get(peer.id)?.in ?? 0)}</td>
              <td>${amount(peer.takes, traffic.get(peer.id)?.out ?? 0)}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}

function roundTrip({ state, gives, takes, roundTripMs }: PeerView): string {
  if (state === 'connecting') return statsStrings.connecting;
  const time = roundTripMs === null ? statsStrings.unknown : statsStrings.milliseconds(roundTripMs);
  return gives.length + takes.length === 0 ? `${time}, ${statsStrings.spare}` : time;
}

/** Stripes are counted from 1 for people. */
function amount(stripes: readonly number[], bytesPerSecond: number) {
  if (stripes.length === 0 && bytesPerSecond < 1) return statsStrings.unknown;
  const numbers = [...stripes].sort((a, b) => a - b);
  return html`${numbers.map(stripe => html`<i class="stripe s${stripe % 8}">${stripe + 1}</i>`)} ${formatRate(bytesPerSecond)}`;
}
