// Elements that have left are collected, with all that they held.

import { LivePlayer } from '../../components/engine/live-player.ts';
import { P2pLive } from '../../components/p2p-live.ts';
import { expectEqual, expectThat, until } from './expect.ts';
import { FakePlayer } from './fake-player.ts';
import { mount, unmountAll } from './mount.ts';

const TEN = 'name="lecture" controls autoplay muted preload="auto" lang="de"';

/** Chromium's `--expose-gc`: resolves when all is collected that can be. */
async function collect(): Promise<void> {
  const gc: unknown = Reflect.get(globalThis, 'gc');
  expectThat(typeof gc === 'function', 'the browser was started with --expose-gc');
  await gc({ type: 'major', execution: 'async' });
}

async function expectCollected(gone: readonly WeakRef<object>[], what: string): Promise<void> {
  let left = gone.length;
  for (let attempt = 0; attempt < 30 && left > 0; attempt++) {
    await collect();
    left = gone.filter(each => each.deref()).length;
  }
  expectEqual(left, 0, `${what} left over`);
}

/** Ten that play, are moved, touched and removed. */
async function visit(): Promise<WeakRef<object>[]> {
  const elements: P2pLive[] = [];
  for (let i = 0; i < 10; i++) elements.push(await mount(TEN));
  for (const each of FakePlayer.made) each.show();
  for (const each of elements) {
    each.append(document.createElement('track'));
    each.dispatchEvent(new PointerEvent('pointermove', { pointerType: 'mouse' }));
  }
  await Promise.all(elements.map(each => until(() => each.currentTime > 0, 'each one plays')));
  for (const each of elements) document.body.append(each);
  const gone = [...elements, ...FakePlayer.made].map(each => new WeakRef(each));
  for (const each of elements) each.remove();
  return gone;
}

/** Five with the real player and its engine on the page, whose relay isn't there. */
async function realVisit(): Promise<WeakRef<object>[]> {
  await mount('');
  P2pLive.createPlayer = (video, options) => new LivePlayer(video, { ...options, worker: 'off' });
  const elements = Array.from({ length: 5 }, () => document.createElement('p2p-live'));
  for (const each of elements) {
    Object.assign(each, { relay: 'http://127.0.0.1:9', name: 'lecture', autoplay: true, muted: true });
    document.body.append(each);
  }
  await Promise.all(
    elements.map(each => new Promise(resolve => each.addEventListener('warning', resolve, { once: true }))),
  );
  const gone = elements.map(each => new WeakRef<object>(each));
  for (const each of elements) each.remove();
  return gone;
}

describe('<p2p-live> leaves nothing behind', () => {
  afterEach(unmountAll);

  it('when ten have played, moved and left', async () => {
    const gone = await visit();
    await unmountAll();
    await expectCollected(gone, 'elements and players');
  });

  it('when their players are real', async () => {
    const gone = await realVisit();
    await unmountAll();
    await expectCollected(gone, 'elements');
  });
});
