// Coming to the page, leaving it and moving about in it.

import { expectEqual, expectThat, nextEvent, until } from './expect.ts';
import { FakePlayer } from './fake-player.ts';
import { inner, mount, mountPlaying, player, unmountAll } from './mount.ts';

describe('<p2p-live> lifecycle', () => {
  afterEach(unmountAll);

  it('lets go of everything when it leaves the page, and starts again when it is back', async () => {
    const element = await mountPlaying();
    const first = player();
    const { parentElement } = element;
    element.remove();
    await Promise.resolve();
    expectEqual(first.stopped, true);
    expectEqual(element.state, 'idle');
    expectEqual(inner(element, 'video', HTMLVideoElement).srcObject, null);
    parentElement?.append(element);
    await element.updateComplete;
    expectEqual(FakePlayer.made.length, 2);
    player().show();
    await nextEvent(element, 'playing');
  });

  it('stays stopped when it was stopped before it left', async () => {
    const element = await mountPlaying();
    const { parentElement } = element;
    element.stop();
    element.remove();
    parentElement?.append(element);
    await element.updateComplete;
    expectEqual(FakePlayer.made.length, 1);
    expectEqual(element.paused, true);
  });

  it('keeps its player when it is moved within the page', async () => {
    const element = await mountPlaying();
    const elsewhere = document.createElement('div');
    elsewhere.className = 'holder';
    document.body.append(elsewhere);
    elsewhere.append(element);
    await element.updateComplete;
    expectEqual(player().stopped, false);
    expectEqual(FakePlayer.made.length, 1);
    const { currentTime } = element;
    await until(() => element.currentTime > currentTime + 0.1, 'it plays on');
  });

  it('rejects a pending play() when it leaves', async () => {
    const element = await mount('name="lecture" muted');
    const playing = element.play().catch((cause: unknown) => cause);
    element.remove();
    const cause = await playing;
    expectThat(cause instanceof DOMException && cause.name === 'AbortError', 'it is an AbortError');
  });

  it('play() before it is on the page plays once it is there', async () => {
    const element = document.createElement('p2p-live');
    element.setAttribute('name', 'lecture');
    element.muted = true;
    const playing = element.play();
    expectEqual(FakePlayer.made.length, 0);
    const holder = document.createElement('div');
    holder.className = 'holder';
    holder.append(element);
    document.body.append(holder);
    await element.updateComplete;
    player().show();
    await playing;
  });

  it('ten at once play, leave and leave nothing behind', async () => {
    const faults: unknown[] = [];
    const note = (event: Event) => faults.push(event);
    window.addEventListener('error', note);
    window.addEventListener('unhandledrejection', note);
    const elements = await Promise.all(
      Array.from({ length: 10 }, () => mount('name="lecture" controls autoplay muted')),
    );
    for (const each of FakePlayer.made) each.show();
    await Promise.all(elements.map(each => until(() => each.currentTime > 0, 'each one plays')));
    const made = [...FakePlayer.made];
    await unmountAll();
    expectEqual(made.length, 10);
    expectThat(
      made.every(each => each.stopped),
      'every player is stopped',
    );
    await new Promise(resolve => setTimeout(resolve));
    window.removeEventListener('error', note);
    window.removeEventListener('unhandledrejection', note);
    expectEqual(faults.length, 0, 'uncaught errors');
  });
});
