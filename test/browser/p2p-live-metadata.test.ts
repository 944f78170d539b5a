// `metadata` events: when the picture is there that they belong to.

import type { Metadata, P2pLive } from '../../components/index.ts';
import { expectEqual, expectSame, expectThat, until } from './expect.ts';
import { inner, mount, mountPlaying, player, unmountAll } from './mount.ts';

function give(name: string, time: number, value: unknown = {}): void {
  player().dispatchEvent(new CustomEvent('metadata', { detail: { name, value, time } satisfies Metadata }));
}

function listen(element: P2pLive): { name: string; late: number; value: unknown }[] {
  const told: { name: string; late: number; value: unknown }[] = [];
  element.addEventListener('metadata', event => {
    expectThat(event instanceof CustomEvent, 'it is a CustomEvent');
    const { name, time, value } = event.detail;
    told.push({ name, value, late: element.currentTime - time });
  });
  return told;
}

describe('<p2p-live> metadata', () => {
  afterEach(unmountAll);

  it('comes with its picture, in order of time', async () => {
    const element = await mountPlaying();
    const told = listen(element);
    const now = element.currentTime;
    give('onCuePoint', now + 0.6, { type: 'event' });
    give('ID3', now + 0.3, new Uint8Array([73, 68, 51]));
    expectEqual(told.length, 0, 'ahead of time');
    await until(() => told.length === 2, 'both are told');
    expectSame(
      told.map(({ name }) => name),
      ['ID3', 'onCuePoint'],
    );
    expectThat(told[0]?.value instanceof Uint8Array, 'its bytes are there');
    for (const { name, late } of told) expectThat(late >= 0 && late < 0.2, `${name} is in time, not ${late} s late`);
  });

  it('is told at once when its time has passed, or nothing plays yet', async () => {
    const element = await mount('name="lecture" autoplay muted');
    const told = listen(element);
    give('onMetaData', -3_600);
    give('onMetaData', 0);
    expectEqual(told.length, 2);
    give('onCuePoint', 5);
    expectEqual(told.length, 2);
  });

  it('waits while paused, and is told once when it comes twice', async () => {
    const element = await mountPlaying();
    const told = listen(element);
    element.pause();
    await until(() => inner(element, 'video', HTMLVideoElement).paused, 'it is paused');
    const time = element.currentTime + 0.1;
    give('onCuePoint', time, { name: 'a' });
    give('onCuePoint', time, { name: 'a' });
    give('onCuePoint', time, { name: 'b' });
    await element.play();
    await until(() => told.length === 2, 'both are told');
    expectSame(
      told.map(({ value }) => value),
      [{ name: 'a' }, { name: 'b' }],
    );
  });

  it('is told early rather than piled up, and forgotten at the end of a visit', async () => {
    const element = await mountPlaying();
    const told = listen(element);
    for (let i = 0; i < 1_100; i++) give('ID3', 1e6 + i, i);
    expectEqual(told.length, 100);
    expectEqual(told[0]?.value, 0);
    element.stop();
    const { video } = player();
    video.dispatchEvent(new Event('timeupdate'));
    video.dispatchEvent(new Event('emptied'));
    expectEqual(told.length, 100);
  });
});
