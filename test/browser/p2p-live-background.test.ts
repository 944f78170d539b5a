// What becomes of the element while nobody sees its page.

import type { P2pLive } from '../../components/p2p-live.ts';
import { expectEqual, until } from './expect.ts';
import { inner, mountPlaying, player, unmountAll } from './mount.ts';

/** Lets the page be hidden or seen, until the test is over. */
function see(seen: boolean): void {
  Object.defineProperty(document, 'hidden', { configurable: true, get: () => !seen });
  document.dispatchEvent(new Event('visibilitychange'));
}

/** What phones do with videos that nobody sees, and headsets at any time. */
async function pauseFromOutside(element: P2pLive): Promise<void> {
  inner(element, 'video', HTMLVideoElement).pause();
  await until(() => element.paused, 'it is paused');
}

describe('<p2p-live> in the background', () => {
  afterEach(async () => {
    Reflect.deleteProperty(document, 'hidden');
    await unmountAll();
  });

  it('plays on, live, when it is seen again after the browser has paused it', async () => {
    const element = await mountPlaying();
    see(false);
    await pauseFromOutside(element);
    see(true);
    await until(() => !element.paused, 'it plays on');
    expectEqual(player().seeks, 1, 'jumps to live');
  });

  it('stays paused when somebody has paused it, seen or unseen', async () => {
    const element = await mountPlaying();
    await pauseFromOutside(element);
    see(false);
    see(true);
    expectEqual(element.paused, true);
    await element.play();
    see(false);
    await pauseFromOutside(element);
    element.pause();
    see(true);
    expectEqual(element.paused, true);
    expectEqual(player().seeks, 0);
  });

  it('is paused and played by what is not of the page', async () => {
    const element = await mountPlaying();
    const heard: string[] = [];
    for (const type of ['play', 'pause']) element.addEventListener(type, () => heard.push(type));
    await pauseFromOutside(element);
    const video = inner(element, 'video', HTMLVideoElement);
    await video.play();
    expectEqual(element.paused, false);
    // A page that thinks better of it in the same breath is heeded.
    element.pause();
    void element.play().catch(() => undefined);
    element.pause();
    await until(() => video.paused, 'it is paused');
    await element.updateComplete;
    expectEqual(element.paused, true);
    expectEqual(heard.join(), 'pause,play,pause,play,pause');
  });

  it('takes a pause long after it was hidden for a headset’s', async () => {
    const element = await mountPlaying();
    const { now } = performance;
    see(false);
    try {
      performance.now = () => now.call(performance) + 1_500;
      await pauseFromOutside(element);
    } finally {
      performance.now = now;
    }
    see(true);
    expectEqual(element.paused, true);
  });
});
