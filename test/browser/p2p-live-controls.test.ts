// The controls under pointer, finger, keyboard and screen reader.

import { a11ySnapshot, resetMouse, sendKeys, sendMouse } from '@web/test-runner-commands';
import type { P2pLive } from '../../components/index.ts';
import { expectEqual, expectSame, expectThat, until } from './expect.ts';
import { control, inner, mount, mountPlaying, player, unmountAll } from './mount.ts';

interface Node {
  readonly role: string;
  readonly name?: string;
  readonly children?: readonly Node[];
}

const flatten = (node: Node): Node[] => [node, ...(node.children ?? []).flatMap(flatten)];
const isAway = (element: P2pLive) => inner(element, '.bar', HTMLElement).classList.contains('away');

/** Presses a button with the mouse, as soon as it is to be seen. */
async function press(element: P2pLive, part: string): Promise<void> {
  const { x, y } = control(element, part).getBoundingClientRect();
  const position: [number, number] = [Math.round(x + 12), Math.round(y + 12)];
  await sendMouse({ type: 'move', position });
  await until(() => !isAway(element), 'the controls are shown');
  await sendMouse({ type: 'click', position });
}

describe('<p2p-live> controls', () => {
  afterEach(async () => {
    await resetMouse();
    await unmountAll();
  });

  it('has none without the attribute', async () => {
    const element = await mount();
    expectEqual(element.renderRoot.querySelector('.bar, .start-button'), null);
  });

  it('plays, pauses, mutes and stops by its buttons', async () => {
    const element = await mountPlaying();
    await press(element, 'play-button');
    expectEqual(element.paused, true);
    await element.updateComplete;
    await press(element, 'play-button');
    await until(() => !element.paused, 'it plays again');
    await press(element, 'mute-button');
    expectEqual(element.muted, false);
    await press(element, 'stop-button');
    expectEqual(element.state, 'idle');
    expectEqual(player().stopped, true);
    expectEqual(element.paused, true);
  });

  it('sets the volume by its slider, and zero mutes', async () => {
    const element = await mountPlaying();
    const slider = inner(element, '.volume-slider', HTMLInputElement);
    slider.value = '40';
    slider.dispatchEvent(new Event('input'));
    expectEqual(element.volume, 0.4);
    expectEqual(element.muted, false);
    slider.value = '0';
    slider.dispatchEvent(new Event('input'));
    expectEqual(element.muted, true);
  });

  it('obeys the keys', async () => {
    const element = await mountPlaying();
    element.focus();
    await sendKeys({ press: 'k' });
    expectEqual(element.paused, true, 'paused by k');
    await sendKeys({ press: 'Space' });
    await until(() => !element.paused, 'played by space');
    await sendKeys({ press: 'm' });
    expectEqual(element.muted, false, 'unmuted by m');
    element.volume = 0.5;
    await sendKeys({ press: 'ArrowUp' });
    expectThat(Math.abs(element.volume - 0.55) < 0.001, 'louder by arrow up');
    await sendKeys({ press: 'ArrowDown' });
    await sendKeys({ press: 'ArrowDown' });
    expectThat(Math.abs(element.volume - 0.45) < 0.001, 'quieter by arrow down');
    await sendKeys({ press: 'l' });
    expectEqual(player().seeks, 1, 'to the edge by l');
    await sendKeys({ press: 'f' });
    await until(() => document.fullscreenElement === element, 'full screen by f');
    await sendKeys({ press: 'f' });
    await until(() => !document.fullscreenElement, 'and back by f');
  });

  it('retries by the key that plays, and not by a click on the picture', async () => {
    const element = await mount('name="lecture" controls autoplay muted');
    player().fail('bad-relay', 'gone');
    await element.updateComplete;
    const box = element.getBoundingClientRect();
    await sendMouse({ type: 'click', position: [Math.round(box.x + 30), Math.round(box.y + 30)] });
    expectEqual(element.state, 'failed');
    element.focus();
    await sendKeys({ press: 'k' });
    expectEqual(element.state, 'connecting');
  });

  it('leaves the keys of a focused button and of other shortcuts alone', async () => {
    const element = await mountPlaying();
    control(element, 'mute-button').focus();
    await sendKeys({ press: 'Space' });
    expectEqual(element.muted, false, 'space presses the focused button');
    expectEqual(element.paused, false, 'and does not pause as well');
    await sendKeys({ down: 'Control' });
    await sendKeys({ press: 'k' });
    await sendKeys({ up: 'Control' });
    expectEqual(element.paused, false, 'ctrl+k is not ours');
  });

  it('pauses at a click on the picture', async () => {
    const element = await mountPlaying();
    const box = element.getBoundingClientRect();
    await sendMouse({ type: 'click', position: [Math.round(box.x + box.width / 2), Math.round(box.y + 40)] });
    await until(() => element.paused, 'it is paused');
  });

  it('hides when nobody has touched it for 3 s, and comes back', async function () {
    this.timeout(15_000);
    const element = await mountPlaying();
    const box = element.getBoundingClientRect();
    await sendMouse({ type: 'move', position: [Math.round(box.x + 30), Math.round(box.y + 30)] });
    await until(() => !isAway(element), 'the pointer shows it');
    const shownAt = performance.now();
    await until(() => isAway(element), 'it hides');
    const after = performance.now() - shownAt;
    expectThat(after > 2_500 && after < 4_500, `it hides after 3 s, not ${Math.round(after)} ms`);
    await sendMouse({ type: 'move', position: [Math.round(box.x + 60), Math.round(box.y + 60)] });
    await until(() => !isAway(element), 'it comes back');
    element.pause();
    await new Promise(resolve => setTimeout(resolve, 3_300));
    await element.updateComplete;
    expectEqual(isAway(element), false, 'it stays while paused');
  });

  it('stays while the keyboard is in it', async function () {
    this.timeout(15_000);
    const element = await mountPlaying();
    element.focus();
    await sendKeys({ press: 'Tab' });
    expectEqual(element.shadowRoot?.activeElement, control(element, 'play-button'));
    await new Promise(resolve => setTimeout(resolve, 3_300));
    await element.updateComplete;
    expectEqual(isAway(element), false);
  });

  it('is spoken properly', async () => {
    const element = await mountPlaying();
    player().tell({ latency: 0.9 });
    await element.updateComplete;
    // The command gives the tree as plain data.
    const tree = flatten((await a11ySnapshot({})) as unknown as Node);
    const names = (role: string) => tree.filter(node => node.role === role).map(node => node.name);
    expectSame(names('button'), [
      'Pause',
      'Stop',
      'Unmute',
      'Live 0.9s',
      'Statistics',
      'Picture in picture',
      'Full screen',
    ]);
    expectSame(names('slider'), ['Volume']);
    expectThat(names('group').includes('Live video: lecture'), 'the player has a name');
  });

  for (const [direction, lang, stop] of [
    ['ltr', 'en', 'Stop'],
    ['rtl', 'ar', 'إنهاء'],
  ] as const)
    it(`has targets of at least 40 × 40 and fits from 280 pixels on, ${direction} in ${lang}`, async () => {
      const element = await mountPlaying(`name="lecture" controls lang="${lang}" dir="${direction}"`);
      await until(() => control(element, 'stop-button').ariaLabel === stop, 'the words');
      for (const kind of ['', 'captions'] as const) {
        if (kind) element.addTextTrack(kind);
        if (kind) await until(() => element.renderRoot.querySelector('.captions-button'), 'the button');
        for (const latency of [0.9, 3_600])
          for (const width of [280, 300, 320, 350, 360, 380, 390, 439, 440, 479, 480, 500, 579, 580, 600, 900]) {
            player().tell({ latency });
            element.style.setProperty('inline-size', `${width}px`);
            await element.updateComplete;
            expectFits(element, width, `at ${width}, ${latency} s behind ${kind && 'with'} ${kind}`);
          }
      }
    });
});

function expectFits(element: P2pLive, width: number, where: string): void {
  const host = element.getBoundingClientRect();
  expectEqual(Math.round(host.height), Math.round((width * 9) / 16), 'height');
  const all = [...element.renderRoot.querySelectorAll('.control')];
  const buttons = all.filter(({ clientWidth }) => clientWidth > 0);
  const names = buttons.map(({ className }) => className.replace('control ', '')).join();
  expectThat(/^play.*stop.*mute.*live.*full/.test(names), `what is needed is there ${where}: ${names}`);
  const hasCaptions = all.some(({ className }) => className.includes('captions'));
  expectEqual(names.includes('captions'), hasCaptions, `captions ${where}`);
  for (const button of buttons) {
    const box = button.getBoundingClientRect();
    const what = `${button.className} ${where}`;
    expectThat(box.width >= 40 && box.height >= 40, `large enough: ${what}`);
    expectThat(box.left >= host.left && box.right <= host.right && box.bottom <= host.bottom, `inside: ${what}`);
    expectThat(button.scrollWidth <= button.clientWidth, `nothing is cut off: ${what}`);
  }
}
