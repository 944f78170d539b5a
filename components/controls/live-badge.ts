// The control that says whether what is seen is live, and takes the viewer back to the edge.

import { html, type TemplateResult } from 'lit';
import type { ControlView } from './control-view.ts';
import { formatClock, formatSeconds, speakSeconds } from './format-number.ts';
import { behindLive } from './rewind.ts';

/** A red light and the latency at the edge; behind it, or frozen, a grey one, the way back and the distance. */
export function liveBadge(view: ControlView): TemplateResult {
  const { strings, wanted, stats, grant } = view;
  const behind = behindLive(view);
  const latency = stats?.latency ?? null;
  const live = wanted && behind === 0;
  const title = live
    ? strings.atEdge
    : behind
      ? `${strings.goLive}: ${strings.behind(speakSeconds(strings, behind))}`
      : strings.goLive;
  const distance = behind ? `−${formatClock(behind)}` : live && latency !== null ? formatSeconds(strings, latency) : '';
  const word = live ? strings.live : strings.goLive;
  // Named as it is seen, but for the capitals of the style sheet, which some would spell.
  return html`<button
    type="button" class="control live-badge ${live ? '' : 'behind'}" part="button live-badge" aria-label=${`${word} ${distance}`.trim()} title=${title} aria-keyshortcuts="End"
    @click=${() => grant({ to: 'live' })}
  ><i class="dot"></i><span class="word">${word}</span>
  ${distance ? html`<span class="distance" dir=${behind ? 'ltr' : 'auto'}>${distance}</span>` : ''}</button>`;
}
