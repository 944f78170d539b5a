// The room page: opens the element in ?name=, gets its token, and is a small chat beside it.

import type { P2pRoom } from '../components/room/p2p-room.ts';

/** Lines that are kept on the page. */
const MOST_LINES = 200;
const KEY = 'p2p-live-user';

function element<T extends Element>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new TypeError(`the page has no ${kind.name} #${id}`);
  return found;
}

const query = new URLSearchParams(location.search);
const name = query.get('name')?.trim() || `room-${crypto.randomUUID().slice(0, 4)}`;
const invitation = `${location.origin}${location.pathname}?${new URLSearchParams({ name })}`;
if (!query.get('name')) history.replaceState(null, '', invitation);
document.title = `${name} · p2p-live`;
element('title', HTMLElement).textContent = name;
element('name', HTMLInputElement).value = name;

// Defined by p2p-room.js, which this page loads as any page does.
const room = document.getElementById('room') as P2pRoom;
const lines = element('lines', HTMLOListElement);
const hint = element('hint', HTMLElement);
const line = element('line', HTMLInputElement);

async function tokenProvider(user: string): Promise<string> {
  const response = await fetch('./demo/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ room: `room/${name}`, user }),
  });
  const answer: { token?: string; error?: { message: string } } = await response.json().catch(() => ({}));
  if (!answer.token) throw new Error(answer.error?.message ?? `the server gives no token (${response.status})`);
  return answer.token;
}

await customElements.whenDefined('p2p-room');
Object.assign(room, { tokenProvider });
room.setAttribute('relay', location.origin);
room.setAttribute('name', name);
room.setAttribute('user', query.get('user') ?? localStorage.getItem(KEY) ?? '');

function tell(text: string, isBad = false): void {
  hint.textContent = text;
  hint.classList.toggle('bad', isBad);
}

/** The newest is seen, unless somebody reads what was before. */
function show(from: string, text: string, isOwn: boolean): void {
  const atEnd = lines.scrollTop + lines.clientHeight > lines.scrollHeight - 40;
  const item = document.createElement('li');
  item.className = isOwn ? 'own' : '';
  const who = document.createElement('div');
  who.className = 'from';
  who.textContent = isOwn ? 'You' : from;
  const what = document.createElement('div');
  what.className = 'text';
  what.dir = 'auto';
  what.textContent = text;
  item.append(who, what);
  lines.append(item);
  if (lines.childElementCount > MOST_LINES) lines.firstElementChild?.remove();
  if (atEnd || isOwn) lines.scrollTop = lines.scrollHeight;
}

room.addEventListener('statechange', () => {
  const isInside = room.state === 'inside';
  for (const field of element('say', HTMLFormElement).elements) field.toggleAttribute('disabled', !isInside);
  tell(isInside ? '' : room.state === 'reconnecting' ? 'Waiting for the connection…' : 'Join to talk to the others.');
  if (isInside && room.user) localStorage.setItem(KEY, room.user);
});
room.addEventListener('message', event => {
  if (!(event instanceof MessageEvent) || typeof event.data !== 'string') return;
  show(String(Reflect.get(event, 'from')), event.data, Reflect.get(event, 'own') === true);
});
room.addEventListener('warning', event => {
  if (event instanceof CustomEvent) tell(String(event.detail?.message ?? ''), true);
});

element('say', HTMLFormElement).addEventListener('submit', event => {
  event.preventDefault();
  const text = line.value.trim();
  if (!text) return;
  try {
    room.send(text);
    line.value = '';
    tell('');
  } catch (error) {
    tell(error instanceof Error ? error.message : String(error), true);
  }
});

element('invite', HTMLButtonElement).addEventListener('click', async () => {
  const button = element('invite', HTMLButtonElement);
  try {
    await navigator.clipboard.writeText(invitation);
    button.textContent = 'Copied';
  } catch {
    prompt('The link to this room:', invitation);
  }
  setTimeout(() => {
    button.textContent = 'Copy invitation';
  }, 2_000);
});
