// What axe-core finds against WCAG 2.2 AA, in every state, both themes, both directions.

import 'axe-core';
import type Axe from 'axe-core';
import type { P2pLive } from '../../components/index.ts';
import { expectEqual, until } from './expect.ts';
import { control, mount, mountPlaying, player, unmountAll } from './mount.ts';
import { joined, peer } from './mount-stats.ts';

const { axe } = globalThis as unknown as { axe: typeof Axe }; // it isn't a module, and leaves itself on the window
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
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

/** What axe holds against it, one line each. */
async function violations(element: P2pLive): Promise<string> {
  const { violations: found } = await axe.run(element, { runOnly: TAGS });
  return found
    .flatMap(({ id, nodes }) =>
      nodes.map(({ failureSummary, target }) => `${id} ${target.join(' ')}: ${failureSummary}`),
    )
    .join('\n');
}

describe('<p2p-live> for everybody', () => {
  afterEach(async () => {
    await unmountAll();
    document.documentElement.removeAttribute('style');
    Object.assign(document.documentElement, { dir: '', lang: 'en' });
  });

  for (const theme of ['light', 'dark'])
    for (const [dir, lang] of [
      ['ltr', 'en'],
      ['rtl', 'ar'],
    ] as const)
      it(`has nothing that axe finds, ${theme} and ${dir}`, async function () {
        this.timeout(30_000);
        document.documentElement.style.colorScheme = theme;
        document.documentElement.style.background = theme === 'dark' ? '#000' : '#fff';
        Object.assign(document.documentElement, { dir, lang });
        for (const [state, enter] of Object.entries(STATES)) {
          const element = await enter();
          // Words and screens have come, and nothing fades any more.
          await until(
            () => control(element, 'stop-button').ariaLabel === (lang === 'ar' ? 'إنهاء' : 'Stop'),
            'the words',
          );
          await element.updateComplete;
          await until(
            () => element.renderRoot instanceof ShadowRoot && element.renderRoot.getAnimations().every(isEndless),
            `it stands still: ${state}`,
          );
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

const isEndless = (animation: Animation) =>
  animation.playState !== 'running' || animation.effect?.getComputedTiming().endTime === Number.POSITIVE_INFINITY;
