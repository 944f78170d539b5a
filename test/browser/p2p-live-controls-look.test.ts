// Themes, overlays, fingers, and windows of their own.

import { emulateMedia, resetMouse, sendMouse } from '@web/test-runner-commands';
import type { P2pLive } from '../../components/index.ts';
import { expectEqual, expectThat, until } from './expect.ts';
import { control, inner, mount, mountPlaying, player, unmountAll } from './mount.ts';

const colourOf = (element: P2pLive, selector: string) =>
  getComputedStyle(inner(element, selector, HTMLElement)).color.replace(/\s/g, '');
const isAway = (element: P2pLive) => inner(element, '.bar', HTMLElement).classList.contains('away');

/** What a finger's tap on the picture comes to. */
function tap(element: P2pLive): void {
  const surface = inner(element, '.surface', HTMLElement);
  for (const type of ['pointermove', 'pointerdown', 'click'])
    surface.dispatchEvent(new PointerEvent(type, { pointerType: 'touch', bubbles: true, composed: true }));
}

describe('<p2p-live> looks', () => {
  afterEach(async () => {
    await emulateMedia({ reducedMotion: 'no-preference' });
    await resetMouse();
    await unmountAll();
  });

  it('is light or dark as its place is, but white on a picture', async () => {
    const element = await mount('name="lecture" controls muted');
    const holder = element.parentElement;
    if (!holder) throw new Error('no holder');
    holder.style.colorScheme = 'light';
    expectEqual(colourOf(element, '.bar'), 'rgb(23,26,31)', 'by day');
    holder.style.colorScheme = 'dark';
    expectEqual(colourOf(element, '.bar'), 'rgb(255,255,255)', 'by night');
    holder.style.colorScheme = 'light';
    const playing = element.play();
    player().show();
    await playing;
    await element.updateComplete;
    expectEqual(colourOf(element, '.bar'), 'rgb(255,255,255)', 'on a picture');
  });

  it('takes the colours and sizes of the page, and shows its parts to style sheets', async () => {
    const element = await mountPlaying();
    element.style.setProperty('--p2p-live-controls-color', 'rgb(1, 2, 3)');
    element.style.setProperty('--p2p-live-control-size', '52px');
    expectEqual(colourOf(element, '.bar'), 'rgb(1,2,3)');
    expectEqual(control(element, 'play-button').getBoundingClientRect().height, 52);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('p2p-live::part(mute-button) { color: rgb(4, 5, 6); }');
    document.adoptedStyleSheets.push(sheet);
    expectEqual(colourOf(element, '.mute-button'), 'rgb(4,5,6)');
    document.adoptedStyleSheets.pop();
  });

  it('has room for what a page lays over the picture', async () => {
    const element = await mountPlaying();
    const link = document.createElement('a');
    link.href = '#there';
    link.slot = 'overlay';
    link.textContent = 'A sponsor';
    element.append(link);
    const { left, top } = link.getBoundingClientRect();
    expectEqual(document.elementFromPoint(left + 4, top + 4), link, 'it takes clicks');
    const box = element.getBoundingClientRect();
    await sendMouse({
      type: 'click',
      position: [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)],
    });
    await until(() => element.paused, 'beside it, the picture does');
  });

  it('shows and hides at a tap, and plays on', async () => {
    const element = await mountPlaying();
    expectEqual(isAway(element), true);
    tap(element);
    await element.updateComplete;
    expectEqual(isAway(element), false, 'hidden after a tap');
    tap(element);
    await element.updateComplete;
    expectEqual(isAway(element), true, 'hidden after another');
    expectEqual(element.paused, false);
  });

  it('puts the picture into a window of its own, where there are such', async () => {
    const element = await mountPlaying();
    let asked = 0;
    const { video } = player();
    video.requestPictureInPicture = async () => {
      asked++;
      throw new DOMException('not here', 'NotAllowedError');
    };
    control(element, 'pip-button').click();
    expectEqual(asked, 1);
    element.setAttribute('disablepictureinpicture', '');
    await element.updateComplete;
    expectEqual(element.renderRoot.querySelector('.pip-button'), null);
  });

  it('fills the screen and gives it back', async () => {
    const element = await mountPlaying();
    const box = () => control(element, 'fullscreen-button').getBoundingClientRect();
    const press = () => sendMouse({ type: 'click', position: [Math.round(box().x + 20), Math.round(box().y + 20)] });
    await sendMouse({ type: 'move', position: [Math.round(box().x + 20), Math.round(box().y + 20)] });
    await until(() => !isAway(element), 'the controls are shown');
    await press();
    await until(() => control(element, 'fullscreen-button').ariaLabel === 'Exit full screen', 'it fills the screen');
    await document.exitFullscreen();
    await until(() => control(element, 'fullscreen-button').ariaLabel === 'Full screen', 'it gave it back');
  });

  it('does not move for those who want no motion', async () => {
    await emulateMedia({ reducedMotion: 'reduce' });
    const element = await mount('name="lecture" controls autoplay muted');
    const names = () =>
      inner(element, '.spinner', HTMLElement)
        .getAnimations()
        .map(animation => (animation instanceof CSSAnimation ? animation.animationName : ''));
    expectThat(!names().includes('turn'), `nothing turns: ${names()}`);
    expectEqual(getComputedStyle(inner(element, '.bar', HTMLElement)).transitionDuration, '0s');
    expectEqual(getComputedStyle(control(element, 'play-button')).transitionDuration, '0s');
  });
});
