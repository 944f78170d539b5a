// Going back in time by the rewind bar, the badge and the keys.

import { resetMouse, sendKeys, sendMouse } from '@web/test-runner-commands';
import type { P2pLive } from '../../components/index.ts';
import { expectEqual, expectThat, until } from './expect.ts';
import { control, inner, mountPlaying, player, unmountAll } from './mount.ts';

const SPAN = 400;

/** A player that may go back 400 s and is `behind` seconds. */
async function mountRewindable(behind = 0, attributes = 'name="lecture" controls'): Promise<P2pLive> {
  const element = await mountPlaying(attributes);
  const { video } = player();
  // The picture moves on by itself: the window does, too.
  Object.defineProperties(player(), {
    liveEdge: { get: () => video.currentTime + behind },
    seekable: { get: () => ({ start: video.currentTime + behind - SPAN, end: video.currentTime + behind }) },
  });
  player().tell({ latency: 0.9 + behind });
  await element.updateComplete;
  return element;
}

const slider = (element: P2pLive) => inner(element, '.rewind-bar', HTMLInputElement);
/** Seconds behind the edge that the player was last asked for. */
const asked = () => (player().liveEdge ?? 0) - (player().sought.at(-1) ?? Number.NaN);
const near = (value: number, wanted: number) => Math.abs(value - wanted) < 1.5;

/** A place on the bar, 0 its start and 1 its end, for the mouse. */
function place(element: P2pLive, along: number): [number, number] {
  const { left, width, top, height } = slider(element).getBoundingClientRect();
  return [Math.round(left + 7 + along * (width - 14)), Math.round(top + height / 2)];
}

describe('<p2p-live> rewind bar', () => {
  afterEach(async () => {
    await resetMouse();
    await unmountAll();
  });

  it('is there only where one can go back', async () => {
    const element = await mountPlaying();
    expectEqual(element.renderRoot.querySelector('.rewind-bar'), null);
    const none = await mountRewindable(0, 'name="lecture" controls rewind="0"');
    expectEqual(none.renderRoot.querySelector('.rewind-bar'), null, 'bar with rewind="0"');
  });

  it('tells where it is, in words', async () => {
    const element = await mountRewindable(83);
    const bar = slider(element);
    expectEqual(bar.getAttribute('aria-label'), 'Rewind');
    expectEqual(bar.getAttribute('aria-valuetext'), '1 minute 23 seconds behind live');
    expectThat(near(Number(bar.max) - bar.valueAsNumber, 83), 'the thumb is 83 s from the end');
    const live = await mountRewindable(0);
    expectEqual(slider(live).getAttribute('aria-valuetext'), 'Live');
    expectEqual(slider(live).valueAsNumber, Number(slider(live).max), 'at the edge');
  });

  it('goes where the pointer presses, and only once it lets go', async () => {
    const element = await mountRewindable();
    await sendMouse({ type: 'move', position: place(element, 0.5) });
    await sendMouse({ type: 'down' });
    await sendMouse({ type: 'move', position: place(element, 0.25) });
    await element.updateComplete;
    expectEqual(player().sought.length, 0, 'seeks while it is held');
    expectThat(slider(element).getAttribute('aria-valuetext')?.startsWith('5 minutes') ?? false, 'it says where to');
    await sendMouse({ type: 'up' });
    expectEqual(player().sought.length, 1, 'seeks');
    expectThat(near(asked(), 0.75 * SPAN), `it goes back 300 s, not ${asked()}`);
  });

  it('goes to live at its end', async () => {
    const element = await mountRewindable(100);
    await sendMouse({ type: 'click', position: place(element, 1) });
    expectEqual(player().seeks, 1);
    expectEqual(player().sought.length, 0);
  });

  it('shows how long ago that was, and when, under the pointer', async () => {
    const element = await mountRewindable();
    expectEqual(element.renderRoot.querySelector('.tooltip'), null);
    await sendMouse({ type: 'move', position: place(element, 0.4) });
    await until(() => !inner(element, '.bar', HTMLElement).classList.contains('away'), 'the bar is shown');
    await sendMouse({ type: 'move', position: place(element, 0.5) });
    await until(() => element.renderRoot.querySelector('.tooltip'), 'it appears');
    const tooltip = inner(element, '.tooltip', HTMLElement);
    const [distance, when] = [...tooltip.children].map(child => child.textContent ?? '');
    expectThat(/^−3:(19|20|21)$/.test(distance ?? ''), `200 s ago, not ${distance}`);
    const clock = new Intl.DateTimeFormat('en', { timeStyle: 'medium' });
    const moments = [198, 199, 200, 201, 202, 203].map(ago => clock.format(Date.now() - ago * 1000));
    expectThat(moments.includes(when ?? ''), `at that time, not ${when}`);
    await sendMouse({ type: 'move', position: [0, 0] });
    await until(() => !element.renderRoot.querySelector('.tooltip'), 'it goes with the pointer');
  });

  it('runs from right to left where the text does', async () => {
    const element = await mountRewindable();
    element.dir = 'rtl';
    element.requestUpdate();
    await element.updateComplete;
    await sendMouse({ type: 'click', position: place(element, 0.75) });
    expectThat(near(asked(), 0.75 * SPAN), `three quarters from the left is 300 s ago, not ${asked()}`);
    slider(element).focus();
    await sendKeys({ press: 'ArrowRight' });
    expectThat(near(asked(), 10), 'the right arrow goes back');
  });

  it('obeys the keys of a slider', async () => {
    const element = await mountRewindable(100);
    slider(element).focus();
    for (const [key, behind] of [
      ['ArrowLeft', 110],
      ['ArrowRight', 90],
      ['ArrowUp', 90],
      ['ArrowDown', 110],
      ['PageDown', 160],
      ['PageUp', 40],
      ['Home', SPAN],
    ] as const) {
      await sendKeys({ press: key });
      expectThat(near(asked(), behind), `${key} goes to ${behind} s behind, not ${asked()}`);
    }
    expectEqual(player().sought.length, 7, 'seeks');
    await sendKeys({ press: 'End' });
    expectEqual(player().seeks, 1, 'End goes to live');
  });

  it('obeys the keys of the player', async () => {
    const element = await mountRewindable(100);
    element.focus();
    for (const [key, behind] of [
      ['ArrowLeft', 110],
      ['ArrowRight', 90],
      ['j', 110],
      ['l', 90],
      ['Home', SPAN],
    ] as const) {
      await sendKeys({ press: key });
      expectThat(near(asked(), behind), `${key} goes to ${behind} s behind, not ${asked()}`);
    }
    await sendKeys({ press: 'End' });
    expectEqual(player().seeks, 1, 'End goes to live');
    const volume = inner(element, '.volume-slider', HTMLInputElement);
    volume.focus();
    await sendKeys({ press: 'Home' });
    expectEqual(player().sought.length, 5, 'the keys of the volume are its own');
    expectEqual(volume.value, '0');
  });

  it('keeps the controls while it is held', async function () {
    this.timeout(15_000);
    const element = await mountRewindable();
    await sendMouse({ type: 'move', position: place(element, 0.5) });
    await sendMouse({ type: 'down' });
    const box = element.getBoundingClientRect();
    await sendMouse({ type: 'move', position: [Math.round(box.x + 40), Math.round(box.y + 20)] });
    await new Promise(resolve => setTimeout(resolve, 3_300));
    await element.updateComplete;
    expectEqual(inner(element, '.bar', HTMLElement).classList.contains('away'), false);
    await sendMouse({ type: 'up' });
  });

  it('has a badge that tells the distance and goes to live', async () => {
    const element = await mountRewindable(83);
    const badge = control(element, 'live-badge');
    expectThat(/^Go to live −1:2[234]$/.test(badge.textContent?.replace(/\s+/g, ' ').trim() ?? ''), badge.textContent);
    expectThat(/^Go to live: 1 minute 2[234] seconds behind live$/.test(badge.title), badge.title);
    badge.click();
    expectEqual(player().seeks, 1);
    const live = await mountRewindable();
    await until(() => control(live, 'live-badge').title === 'Playing live', 'it is live');
  });
});
