// Puts an element with a fake player on the test's page, and takes all of them away after the test.

import '../../components/define.ts';
import { P2pLive } from '../../components/p2p-live.ts';
import { nextEvent, until } from './expect.ts';
import { FakePlayer } from './fake-player.ts';

/** An element made from `attributes`, on the page and updated. */
export async function mount(attributes = 'relay="https://relay.example" name="lecture"'): Promise<P2pLive> {
  P2pLive.createPlayer = (video, options) => new FakePlayer(video, options);
  const holder = document.createElement('div');
  holder.className = 'holder';
  holder.innerHTML = `<p2p-live ${attributes}></p2p-live>`;
  document.body.append(holder);
  const element = holder.firstElementChild;
  if (!(element instanceof P2pLive)) throw new Error('<p2p-live> is not defined');
  await element.updateComplete;
  return element;
}

/** Takes away what `mount` put there. */
export async function unmountAll(): Promise<void> {
  for (const holder of document.querySelectorAll('.holder')) holder.remove();
  await Promise.resolve();
  FakePlayer.made = [];
}

/** The newest player; throws when there is none. */
export function player(): FakePlayer {
  const newest = FakePlayer.made.at(-1);
  if (!newest) throw new Error('no player was made');
  return newest;
}

/** Brings an element to playing pictures, muted. */
export async function mountPlaying(attributes = 'name="lecture" controls'): Promise<P2pLive> {
  const element = await mount(`${attributes} autoplay muted`);
  const playing = nextEvent(element, 'playing');
  player().show();
  await playing;
  await until(() => inner(element, 'video', HTMLVideoElement).currentTime > 0, 'pictures move');
  await element.updateComplete;
  return element;
}

/** The one part of the element's shadow tree that `selector` finds. */
export function inner<T extends Element>(element: P2pLive, selector: string, kind: new () => T): T {
  const found = element.renderRoot.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`no ${selector} in the element`);
  return found;
}

/** The button of the control bar with that part's name. */
export function control(element: P2pLive, part: string): HTMLButtonElement {
  return inner(element, `.control[part~="${part}"]`, HTMLButtonElement);
}

/** The words that lie over the picture. */
export function screenText(element: P2pLive): string {
  return inner(element, '.screen', HTMLElement).textContent?.replace(/\s+/g, ' ').trim() ?? '';
}
