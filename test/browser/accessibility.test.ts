// What axe-core finds against WCAG 2.2 AA, in every state, both themes, both directions.

import type { P2pLive } from '../../components/index.ts';
import { expectEqual, until } from './expect.ts';
import { DRESSES, dress, standsStill, undress, violations } from './for-everybody.ts';
import { control, mount, mountPlaying, player, unmountAll } from './mount.ts';
import { joined, peer } from './mount-stats.ts';

const ATTRIBUTES = 'name="lecture" controls';

/** Ways into each state. */
const STATES: Readonly<Record<string, () => Promise<P2pLive>>> = {
  idle: () => mount(ATTRIBUTES),
  connecting: () => mount(`${ATTRIBUTES} autoplay muted`),
  waiting: async () => {
    const element = await mount(`${ATTRIBUTES} autoplay muted`);
    player().become('waiting');
    return element;
  },
  error: async () => {
    const element = await mount(`${ATTRIBUTES} autoplay muted`);
    player().fail('unsupported-codec', 'the video is Sorenson H.263');
    return element;
  },
  'muted by the browser': () => mountPlaying(ATTRIBUTES),
  'playing with the panel open': async () => {
    const element = await mountBehind(0);
    control(element, 'stats-button').click();
    await until(() => element.renderRoot.querySelector('.stats dl'), 'the panel is there');
    player().tell({ latency: 0.9, swarm: joined({ peers: [peer('a')] }) });
    return element;
  },
  'playing with captions': async () => {
    const element = await mountBehind(0);
    element.addTextTrack('captions', 'English', 'en').mode = 'showing';
    await until(() => element.renderRoot.querySelector('.captions-button[aria-pressed=true]'), 'they are seen');
    return element;
  },
  'paused behind live': async () => {
    const element = await mountBehind(83);
    element.pause();
    return element;
  },
  buffering: async () => {
    const element = await mountBehind(0);
    player().become('buffering');
    return element;
  },
  ended: async () => {
    const element = await mountPlaying(ATTRIBUTES);
    player().become('ended');
    return element;
  },
};

async function mountBehind(behind: number): Promise<P2pLive> {
  const element = await mountPlaying(ATTRIBUTES);
  const end = player().video.currentTime + behind;
  Object.assign(player(), { seekable: { start: end - 400, end }, liveEdge: end });
  player().tell({ latency: 0.9 + behind });
  await element.updateComplete;
  return element;
}

describe('<p2p-live> for everybody', () => {
  afterEach(async () => {
    await unmountAll();
    undress();
  });

  for (const dressed of DRESSES)
    it(`has nothing that axe finds, ${dressed.theme} and ${dressed.dir}`, async function () {
      this.timeout(30_000);
      dress(dressed);
      for (const [state, enter] of Object.entries(STATES)) {
        const element = await enter();
        // Words and screens have come, and nothing fades any more.
        await until(
          () => control(element, 'stop-button').ariaLabel === (dressed.lang === 'ar' ? 'إنهاء' : 'Stop'),
          'the words',
        );
        await element.updateComplete;
        await until(() => standsStill(element.renderRoot), `it stands still: ${state}`);
        expectEqual(await violations(element), '', `violations while ${state}`);
        await unmountAll();
      }
    });

  it('is found out by axe when something is wrong', async () => {
    const element = await mountPlaying(ATTRIBUTES);
    control(element, 'mute-button').removeAttribute('aria-label');
    control(element, 'mute-button').removeAttribute('title');
    expectEqual((await violations(element)).split(' ')[0], 'button-name');
  });
});
