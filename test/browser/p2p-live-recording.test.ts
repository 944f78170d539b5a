// A recording in the element: what it is called, how its controls differ from those of live, and its end.

import type { P2pLive } from '../../components/index.ts';
import { expectEqual, expectThat, nextEvent } from './expect.ts';
import { control, inner, mount, mountPlaying, player, unmountAll } from './mount.ts';

const ID = 'lecture/20261121T191500Z';
const LENGTH = 3_605;

/** A recording of an hour and 5 s that plays. */
async function mountRecording(): Promise<P2pLive> {
  const element = await mountPlaying(`recording="${ID}" controls`);
  Object.assign(player(), { seekable: { start: 0, end: LENGTH }, liveEdge: null });
  player().tell({});
  await element.updateComplete;
  return element;
}

describe('<p2p-live recording>', () => {
  afterEach(unmountAll);

  it('is asked for under its own name, and is on demand', async () => {
    const element = await mountRecording();
    expectEqual(player().options.name, `recordings/${ID}`);
    expectEqual(element.streamType, 'on-demand');
    expectThat(Number.isNaN(element.targetLiveWindow), 'no live window');
    expectThat(Number.isNaN(element.liveEdgeStart), 'no live edge');
    expectEqual(inner(element, '.frame', HTMLElement).getAttribute('aria-label'), 'Recorded video');
  });

  it('shows where it is, in place of live', async () => {
    const element = await mountRecording();
    expectEqual(element.renderRoot.querySelector('[part~="live-badge"]'), null);
    const time = inner(element, '[part="time"]', HTMLElement).textContent?.trim() ?? '';
    expectThat(/^0:0\d \/ 1:00:05$/.test(time), `the time is told: ${time}`);
    const bar = inner(element, '.rewind-bar', HTMLInputElement);
    expectEqual(bar.getAttribute('aria-label'), 'Position');
    expectThat(
      /^\d seconds?$/.test(bar.getAttribute('aria-valuetext') ?? ''),
      bar.getAttribute('aria-valuetext') ?? '',
    );
    expectEqual(bar.max, String(LENGTH));
  });

  it('is sought in to its very end, where nothing is live', async () => {
    const element = await mountRecording();
    for (const time of [60, LENGTH - 1, LENGTH]) element.currentTime = time;
    expectEqual(player().sought.join(), `60,${LENGTH - 1},${LENGTH}`);
    expectEqual(player().seeks, 0, 'seeks to the live edge');
  });

  it('can be seen again when it is over, and starts over by itself with loop', async () => {
    const element = await mountRecording();
    player().become('ended');
    await element.updateComplete;
    inner(element, '.start-button', HTMLButtonElement);
    expectThat(control(element, 'play-button').getAttribute('aria-label') === 'Play', 'it can be played');
    inner(element, '.rewind-bar', HTMLInputElement);
    inner(element, '.start-button', HTMLButtonElement).click();
    expectEqual(player().sought.at(-1), 0);
    element.loop = true;
    await element.updateComplete;
    expectThat(inner(element, 'video', HTMLVideoElement).loop, 'the video loops');
    element.recording = '';
    element.name = 'lecture';
    await element.updateComplete;
    expectThat(!inner(element, 'video', HTMLVideoElement).loop, 'live never does');
  });

  it('takes the place of a channel and gives it back, and says so to controls', async () => {
    const element = await mount('name="lecture" autoplay muted');
    expectEqual(player().options.name, 'lecture');
    const told = nextEvent(element, 'streamtypechange');
    element.recording = ID;
    await told;
    expectEqual(player().options.name, `recordings/${ID}`);
    expectEqual(element.getAttribute('recording'), ID);
    element.recording = '';
    await element.updateComplete;
    expectEqual(player().options.name, 'lecture');
    expectEqual(element.streamType, 'live');
  });
});
