// The viewer page: tunes the element to ?name= and shows what it says about itself.

import type { P2pLive } from '../components/index.ts';
import { type Count, formatStats, receivedBytes } from './format-stats.ts';

const DEFAULT_CHANNEL = 'sample';
const TRACE_POINTS = 120;

const states: Record<string, string> = {
  idle: 'Idle',
  connecting: 'Connecting',
  waiting: 'Off air',
  buffering: 'Buffering',
  playing: 'Playing',
  ended: 'Ended',
  failed: 'Failed',
};

function element<T extends Element>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new TypeError(`the page has no ${kind.name} #${id}`);
  return found;
}

/** Draws a latency (seconds) a second, the newest at the right. */
function drawTrace(latencies: readonly number[]): void {
  const peak = Math.max(2, ...latencies);
  const points = latencies.map((latency, index) => {
    const x = TRACE_POINTS - latencies.length + index + 1;
    return `${x},${(31 - (30 * latency) / peak).toFixed(1)}`;
  });
  element('trace', SVGPolylineElement).setAttribute('points', points.join(' '));
  element('peak', HTMLElement).textContent = `${Math.max(...latencies).toFixed(1)} s at most`;
}

const query = new URLSearchParams(location.search);
const name = query.get('name')?.trim() || DEFAULT_CHANNEL;
// Defined by p2p-live.js, which this page loads as any page does.
const player = document.getElementById('player') as P2pLive;
player.setAttribute('relay', location.origin);
player.setAttribute('name', name);
player.muted = query.has('muted');
// To compare: ?p2p=off, ?p2p=download-only.
player.setAttribute('p2p', query.get('p2p') ?? 'on');
player.setAttribute('autoplay', '');
document.title = `${name} · p2p-live`;
element('title', HTMLElement).textContent = name;
element('channel', HTMLInputElement).value = name;
element('snippet', HTMLElement).textContent = [
  `<script type="module" src="${location.origin}/p2p-live.js"></script>`,
  `<p2p-live relay="${location.origin}" name="${name}" controls></p2p-live>`,
].join('\n');

element('share', HTMLAnchorElement).href = `./watch/${name}`;

// A window of its own: browsers let hidden tabs sleep.
const second = element('second', HTMLAnchorElement);
second.href = `?${new URLSearchParams({ name, muted: '' })}`;
second.addEventListener('click', event => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const beside = `popup,width=760,height=900,left=${screenX + 80},top=${screenY + 60}`;
  if (window.open(second.href, '_blank', beside)) event.preventDefault();
});

player.addEventListener('statechange', () => {
  const line = element('state', HTMLElement);
  line.dataset.state = player.state;
  line.textContent = states[player.state] ?? player.state;
});

const latencies: number[] = [];
let counted: Count = { at: performance.now(), bytes: 0 };
player.addEventListener('stats', () => {
  const { stats } = player;
  if (!stats) return;
  const now = performance.now();
  for (const [id, text] of Object.entries(formatStats(stats, counted, now)))
    element(id, HTMLElement).textContent = text;
  element('picture', HTMLElement).textContent = player.videoWidth
    ? `${player.videoWidth} × ${player.videoHeight}`
    : '–';
  counted = { at: now, bytes: receivedBytes(stats) };
  if (stats.latency === null) return;
  latencies.push(stats.latency);
  if (latencies.length > TRACE_POINTS) latencies.shift();
  drawTrace(latencies);
});
