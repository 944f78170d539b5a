// Puts a <p2p-publish> with a fake publication on the test's page, and takes all of them away after the test.

import '../../components/publish/define-publish.ts';
import { P2pPublish } from '../../components/publish/p2p-publish.ts';
import { until } from './expect.ts';
import { FakePublication } from './fake-publication.ts';

/** An element made from `attributes`, on the page and updated. */
export async function mountPublish(
  attributes = 'relay="https://relay.example" channel="room/me" token="t"',
): Promise<P2pPublish> {
  P2pPublish.createPublication = options => new FakePublication(options);
  const holder = document.createElement('div');
  holder.className = 'holder';
  holder.innerHTML = `<p2p-publish ${attributes}></p2p-publish>`;
  document.body.append(holder);
  const element = holder.firstElementChild;
  if (!(element instanceof P2pPublish)) throw new Error('<p2p-publish> is not defined');
  await element.updateComplete;
  return element;
}

/** Takes away what `mountPublish` put there. */
export async function unmountPublish(): Promise<void> {
  for (const holder of document.querySelectorAll('.holder')) holder.remove();
  await Promise.resolve();
  FakePublication.made = [];
}

/** The newest publication; throws when there is none. */
export function publication(): FakePublication {
  const newest = FakePublication.made.at(-1);
  if (!newest) throw new Error('no publication was made');
  return newest;
}

/** Brings an element on air. */
export async function mountLive(attributes?: string): Promise<P2pPublish> {
  const element = await mountPublish(attributes);
  const before = FakePublication.made.length;
  const started = element.start();
  await until(() => FakePublication.made.length > before, 'a publication is made');
  publication().become('live');
  await started;
  await element.updateComplete;
  return element;
}

/** The one part of the element's shadow tree that `selector` finds. */
export function find<T extends Element>(element: P2pPublish, selector: string, kind: new () => T): T {
  const found = element.renderRoot.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`no ${selector} in the element`);
  return found;
}

/** Presses what has that part's name. */
export function press(element: P2pPublish, part: string): void {
  find(element, `button[part~="${part}"]`, HTMLButtonElement).click();
}

/** The words that are to be seen. */
export function words(element: P2pPublish): string {
  return find(element, '.frame', HTMLElement).textContent?.replace(/\s+/g, ' ').trim() ?? '';
}
