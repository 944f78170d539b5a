// The broadcaster's page: gives the element a channel and a token, and shows what it says about itself.

import type { P2pPublish } from '../components/publish/define-publish.ts';
import { formatPublishStats } from './format-publish-stats.ts';

const states: Record<string, string> = {
  idle: 'Off air',
  asking: 'Asking',
  ready: 'Ready',
  connecting: 'Connecting',
  live: 'On air',
  reconnecting: 'Reconnecting',
  ended: 'Off air',
  failed: 'Failed',
};

function element<T extends Element>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new TypeError(`the page has no ${kind.name} #${id}`);
  return found;
}

/** Kept in the address, so that a reload broadcasts to the same channel. */
function ownName(): string {
  const query = new URLSearchParams(location.search);
  const given = query.get('name')?.trim();
  if (given) return given;
  const name = Math.random().toString(36).slice(2, 7);
  query.set('name', name);
  history.replaceState(null, '', `?${query}`);
  return name;
}

async function fetchToken(channel: string): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch('./demo/token', { method: 'POST', headers, body: JSON.stringify({ channel }) });
  if (!response.ok) throw new Error(`no token: ${response.status}`);
  const { token } = (await response.json()) as { token: string }; // as the server writes it
  return token;
}

const channel = `demo/${ownName()}`;
// Its letters need no escape in an address.
const address = new URL(`./?name=${channel}`, location.href).href;
// Defined by p2p-publish.js, which this page loads as any page does.
const publisher = document.getElementById('publisher') as P2pPublish;
publisher.relay = location.origin;
publisher.channel = channel;
publisher.tokenProvider = fetchToken;

document.title = `${channel} · p2p-live`;
element('title', HTMLElement).textContent = channel;
element('channel', HTMLInputElement).value = channel.slice('demo/'.length);
element('address', HTMLAnchorElement).href = address;
element('address', HTMLElement).textContent = address;
element('snippet', HTMLElement).textContent = [
  `<script type="module" src="${location.origin}/p2p-publish.js"></script>`,
  `<p2p-publish relay="${location.origin}" channel="${channel}" token="…"></p2p-publish>`,
].join('\n');

const copy = element('copy', HTMLButtonElement);
copy.addEventListener('click', () => {
  navigator.clipboard.writeText(address).then(
    () => {
      copy.textContent = 'Copied';
    },
    () => getSelection()?.selectAllChildren(element('address', HTMLElement)),
  );
});

publisher.addEventListener('statechange', () => {
  const line = element('state', HTMLElement);
  line.dataset.state = publisher.state;
  line.textContent = states[publisher.state] ?? publisher.state;
});
publisher.addEventListener('stats', () => {
  for (const [id, text] of Object.entries(formatPublishStats(publisher.stats)))
    element(id, HTMLElement).textContent = text;
});
// Whoever closes the page by mistake while on air is asked.
window.addEventListener('beforeunload', event => {
  if (publisher.state === 'live' || publisher.state === 'reconnecting') event.preventDefault();
});
