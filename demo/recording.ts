// The page of recordings: those of the channel in ?name=, and the one in ?id= in the element.

import type { P2pLive } from '../components/index.ts';
import { formatDuration, formatRecording, type RecordingLine } from './format-recording.ts';

const DEFAULT_CHANNEL = 'sample';
const REFRESH_MS = 5_000;

const states: Record<string, string> = {
  idle: 'Idle',
  connecting: 'Connecting',
  buffering: 'Buffering',
  playing: 'Playing',
  ended: 'At its end',
  failed: 'Failed',
};

function element<T extends Element>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new TypeError(`the page has no ${kind.name} #${id}`);
  return found;
}

const query = new URLSearchParams(location.search);
const id = query.get('id')?.trim() ?? '';
const name = query.get('name')?.trim() || id.slice(0, Math.max(0, id.lastIndexOf('/'))) || DEFAULT_CHANNEL;
// Defined by p2p-live.js, which this page loads as any page does.
const player = document.getElementById('player') as P2pLive;
element('channel', HTMLInputElement).value = name;
element('list-title', HTMLElement).textContent = `Recordings of ${name}`;
element('snippet', HTMLElement).textContent = [
  `<script type="module" src="${location.origin}/p2p-live.js"></script>`,
  `<p2p-live relay="${location.origin}" recording="${id || `${name}/…`}" controls></p2p-live>`,
].join('\n');
if (id) {
  document.title = `${id} · p2p-live`;
  element('title', HTMLElement).textContent = name;
  player.setAttribute('relay', location.origin);
  player.muted = query.has('muted');
  player.setAttribute('p2p', query.get('p2p') ?? 'on');
  player.setAttribute('recording', id);
  player.setAttribute('autoplay', '');
}

// A window of its own: browsers let hidden tabs sleep.
const second = element('second', HTMLAnchorElement);
second.href = `?${new URLSearchParams({ ...(id && { id }), name, muted: '' })}`;
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
player.addEventListener('stats', () => {
  const { swarm } = player.stats ?? {};
  if (!swarm) return;
  const received = swarm.bytesPulled + swarm.bytesFromRelay;
  const share = received === 0 ? 0 : Math.round((100 * swarm.bytesPulled) / received);
  const length = formatDuration(player.duration * 1_000);
  element('origin', HTMLElement).textContent = `${length} · ${share} % of it from other viewers`;
});

function itemOf({ id: own, when, facts, isRunning, download }: RecordingLine): HTMLLIElement {
  const item = document.createElement('li');
  const link = document.createElement('a');
  link.href = `?${new URLSearchParams({ id: own, name })}`;
  if (own === id) link.setAttribute('aria-current', 'true');
  const title = document.createElement('b');
  title.textContent = when;
  const small = document.createElement('small');
  small.textContent = facts;
  small.classList.toggle('running', isRunning);
  link.append(title, small);
  const file = document.createElement('a');
  file.className = 'download';
  file.href = download;
  file.textContent = 'Download';
  file.setAttribute('aria-label', `Download the recording of ${when}`);
  item.append(link, file);
  return item;
}

async function refresh(): Promise<void> {
  const nothing = element('nothing', HTMLElement);
  try {
    const response = await fetch(`/recordings?channel=${encodeURIComponent(name)}`, { cache: 'no-store' });
    const answer: unknown = await response.json();
    const lines = formatRecording(answer);
    element('list', HTMLOListElement).replaceChildren(...lines.map(itemOf));
    nothing.hidden = lines.length > 0;
    nothing.textContent = response.ok ? 'There are none yet.' : 'This relay does not tell of any.';
  } catch {
    nothing.hidden = false;
    nothing.textContent = 'The relay does not answer.';
  }
}
await refresh();
setInterval(() => void refresh(), REFRESH_MS);
