// Puts a <p2p-admin> on the test's page, with a made-up relay behind it, and reads what it shows.

import { setViewport } from '@web/test-runner-commands';
import '../../components/admin/define-admin.ts';
import { P2pAdmin } from '../../components/admin/p2p-admin.ts';
import { P2pLive } from '../../components/p2p-live.ts';
import type { AdminLogLine } from '../../core/admin/answers.ts';
import { FakeAdmin } from '../support/fake-admin.ts';
import { until } from './expect.ts';
import { FakePlayer } from './fake-player.ts';

/** Stands in for the stream of the log. */
class FakeStream extends EventTarget {
  static made: FakeStream[] = [];
  isClosed = false;

  constructor() {
    super();
    FakeStream.made.push(this);
    queueMicrotask(() => this.dispatchEvent(new Event('open')));
  }
  close(): void {
    this.isClosed = true;
  }
  say(line: AdminLogLine): void {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(line) }));
  }
}

/** Questions that are on their way. */
let asking = 0;

/** The newest stream of the log. */
export function logStream(): FakeStream {
  const stream = FakeStream.made.at(-1);
  if (!stream) throw new Error('nobody listens to the log');
  return stream;
}

/** Opens the dashboard at a part of it (`#/channels`), in a window of that width (pixels). */
export async function mountAdmin(relay = new FakeAdmin(), hash = '#/overview', width = 1_280): Promise<P2pAdmin> {
  P2pAdmin.world = {
    async fetch(url, { method, body }) {
      if (relay.isGone) throw new TypeError('Failed to fetch');
      const path = url.slice('/admin/api/'.length);
      asking++;
      setTimeout(() => asking--); // by then it has been read
      const answer = relay.answer(method ?? 'GET', path, typeof body === 'string' ? JSON.parse(body) : undefined);
      return new Response(answer.body === null ? null : JSON.stringify(answer.body), { status: answer.status });
    },
    listen: () => new FakeStream() as unknown as EventSource, // has what is used of it
  };
  P2pLive.createPlayer = (video, options) => new FakePlayer(video, options);
  await setViewport({ width, height: 844 });
  history.replaceState(null, '', hash);
  const holder = document.createElement('div');
  holder.className = 'holder';
  holder.innerHTML = '<p2p-admin></p2p-admin>';
  document.body.append(holder);
  const admin = holder.firstElementChild;
  if (!(admin instanceof P2pAdmin)) throw new Error('<p2p-admin> is not defined');
  if (!relay.isGone) await until(() => admin.access !== 'unknown', 'the relay has answered');
  await settled(admin);
  return admin;
}

/** Takes away what `mountAdmin` put there. */
export function unmountAdmin(): void {
  for (const holder of document.querySelectorAll('.holder')) holder.remove();
  P2pAdmin.world = undefined;
  FakePlayer.made = [];
  FakeStream.made = [];
  history.replaceState(null, '', '#');
  localStorage.removeItem('p2p-admin-theme');
}

/** Everything that `selector` finds in the dashboard, however deep. */
export function all(admin: Element, selector: string): HTMLElement[] {
  const found: HTMLElement[] = [];
  const look = (root: ParentNode) => {
    for (const element of root.querySelectorAll<HTMLElement>('*')) {
      if (element.matches(selector)) found.push(element);
      if (element.shadowRoot && !(element instanceof P2pLive)) look(element.shadowRoot);
    }
  };
  if (admin.shadowRoot) look(admin.shadowRoot);
  return found;
}

/** The one that `selector` finds. */
export function one(admin: Element, selector: string): HTMLElement {
  const [found] = all(admin, selector);
  if (!found) throw new Error(`no ${selector} in the dashboard`);
  return found;
}

/** The words of it, in one line. */
export const text = (element: Element): string => (element.textContent ?? '').replace(/\s+/g, ' ').trim();

/** Types into a field. */
export function fill(element: HTMLElement, value: string): void {
  if (!(element instanceof HTMLInputElement)) throw new Error('not a field');
  element.value = value;
  element.dispatchEvent(new Event('input', { bubbles: true }));
}

/** What the relay was asked to do. */
export const deeds = (relay: FakeAdmin) => relay.deeds.map(({ deed }) => deed);

/** Waits until nothing says any more that it is loading, and all is drawn. */
export async function settled(admin: P2pAdmin): Promise<void> {
  const parts = () => all(admin, '*').filter(element => 'updateComplete' in element);
  // What has come may ask for more.
  for (let round = 0; round < 4; round++) {
    await new Promise(resolve => setTimeout(resolve));
    await until(() => asking === 0, 'everything has come');
    await Promise.all(parts().map(part => (part as unknown as { updateComplete: Promise<boolean> }).updateComplete)); // all of them are Lit's
  }
}
