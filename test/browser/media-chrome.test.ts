// <p2p-live> as the media element of the real media-chrome: its controls show the state, and act.

import { resetMouse, sendMouse } from '@web/test-runner-commands';
import 'media-chrome';
import 'media-chrome/media-error-dialog';
import '../../components/define.ts';
import { P2pLive } from '../../components/p2p-live.ts';
import { expectEqual, expectThat, nextEvent, until } from './expect.ts';
import { FakePlayer } from './fake-player.ts';
import { player, unmountAll } from './mount.ts';
import { RecordedPlayer } from './recorded-player.ts';

interface Chrome {
  readonly element: P2pLive;
  readonly controller: HTMLElement;
  /** One of media-chrome's controls. */
  readonly part: (tag: string) => HTMLElement;
}

function chrome(attributes: string, make: typeof FakePlayer): Chrome {
  P2pLive.createPlayer = (video, options) => new make(video, options);
  const holder = document.createElement('div');
  holder.className = 'holder';
  holder.innerHTML = `<media-controller>
    <p2p-live slot="media" name="lecture" muted ${attributes}></p2p-live>
    <media-error-dialog slot="dialog"></media-error-dialog>
    <media-control-bar>
      <media-play-button></media-play-button><media-live-button></media-live-button>
      <media-mute-button></media-mute-button><media-volume-range></media-volume-range>
      <media-time-range></media-time-range><media-pip-button></media-pip-button>
      <media-fullscreen-button></media-fullscreen-button>
    </media-control-bar>
  </media-controller>`;
  document.body.append(holder);
  const part = (tag: string): HTMLElement => {
    const found = holder.querySelector(tag);
    if (!(found instanceof HTMLElement)) throw new Error(`no ${tag}`);
    return found;
  };
  const element = part('p2p-live');
  if (!(element instanceof P2pLive)) throw new Error('<p2p-live> is not defined');
  return { element, controller: part('media-controller'), part };
}

/** A real click, where a browser asks for one. */
async function touch(target: HTMLElement): Promise<void> {
  const { x, y, width, height } = target.getBoundingClientRect();
  await sendMouse({ type: 'click', position: [Math.round(x + width / 2), Math.round(y + height / 2)] });
}

describe('<p2p-live> in <media-controller>', () => {
  afterEach(async () => {
    if (document.fullscreenElement) await document.exitFullscreen();
    if (document.pictureInPictureElement) await document.exitPictureInPicture();
    await resetMouse();
    localStorage.clear();
    await unmountAll();
  });

  it('is played and paused by the play button, which follows', async () => {
    const { element, controller, part } = chrome('', RecordedPlayer);
    const button = part('media-play-button');
    await until(() => controller.hasAttribute('mediapaused'), 'it is seen to be paused');
    await until(() => controller.getAttribute('mediastreamtype') === 'live', 'it is seen to be live');
    button.click();
    await until(() => !element.paused && FakePlayer.made.length === 1, 'it is played');
    await until(() => !button.hasAttribute('mediapaused'), 'the button follows');
    await until(() => controller.hasAttribute('medialoading'), 'it is seen to load');
    player().show();
    await nextEvent(element, 'playing');
    await until(() => controller.hasAttribute('mediahasplayed'), 'it is seen to have played');
    await until(() => !controller.hasAttribute('medialoading'), 'loading is over');
    button.click();
    await until(() => element.paused && button.hasAttribute('mediapaused'), 'it is paused');
    element.play().catch(() => undefined);
    await until(() => !button.hasAttribute('mediapaused'), 'the page’s own play() is seen');
  });

  it('is muted and made louder, and the buttons follow', async () => {
    const { element, controller, part } = chrome('', FakePlayer);
    await until(() => controller.getAttribute('mediavolumelevel') === 'off', 'it is seen to be muted');
    part('media-mute-button').click();
    await until(() => !element.muted, 'it is heard');
    await until(() => controller.getAttribute('mediavolumelevel') === 'high', 'it is seen to be loud');
    element.volume = 0.3;
    await until(() => controller.getAttribute('mediavolume') === '0.3', 'the range follows');
    await until(() => part('media-mute-button').getAttribute('mediavolumelevel') === 'low', 'the button follows');
    element.muted = true;
    await until(() => part('media-mute-button').getAttribute('mediavolumelevel') === 'off', 'it follows again');
  });

  it('is sought by the time range and brought back by the live button', async () => {
    const { element, controller, part } = chrome('rewind="120"', RecordedPlayer);
    element.play().catch(() => undefined);
    await until(() => FakePlayer.made.length === 1, 'there is a player');
    const recorded = player();
    recorded.show();
    await nextEvent(element, 'playing');
    await until(() => element.seekable.length > 0 && element.seekable.end(0) > 4, 'four seconds are there', 9_000);
    await until(() => controller.getAttribute('mediatargetlivewindow') === '120', 'the window is seen');
    await until(() => controller.getAttribute('mediaseekable')?.startsWith('0:'), 'what can be sought is seen');
    const live = part('media-live-button');
    await until(() => live.hasAttribute('mediatimeislive'), 'it is seen to be at the edge');
    const range = part('media-time-range');
    const input = range.shadowRoot?.querySelector('input[type=range]');
    expectThat(input instanceof HTMLInputElement, 'the range has an input');
    input.valueAsNumber = 0.05;
    input.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
    await nextEvent(element, 'seeked');
    expectThat(element.currentTime < 2, 'it went back');
    await until(() => !live.hasAttribute('mediatimeislive'), 'it is seen to be behind');
    live.click();
    await until(() => recorded.seeks === 1, 'it is sent to the edge, whatever number that had');
    await until(() => live.hasAttribute('mediatimeislive'), 'it is seen to be back');
  });

  it('fills the screen with its controls', async () => {
    const { controller, part } = chrome('', FakePlayer);
    await until(() => controller.hasAttribute('mediapaused'), 'the controls are there');
    await touch(part('media-fullscreen-button'));
    await until(() => document.fullscreenElement === controller, 'the controller fills the screen');
    await until(() => part('media-fullscreen-button').hasAttribute('mediaisfullscreen'), 'the button follows');
  });

  it('goes into a window of its own and comes back', async () => {
    const { element, controller, part } = chrome('', RecordedPlayer);
    element.play().catch(() => undefined);
    await until(() => FakePlayer.made.length === 1, 'there is a player');
    player().show();
    await nextEvent(element, 'playing');
    await touch(part('media-pip-button'));
    await until(() => document.pictureInPictureElement === element, 'it is there');
    await until(() => controller.hasAttribute('mediaispip'), 'it is seen to be there');
    part('media-pip-button').click();
    await until(() => !document.pictureInPictureElement && !controller.hasAttribute('mediaispip'), 'it is back');
  });

  it('shows why it failed, and works again when the page has tried again', async () => {
    const { element, controller, part } = chrome('', FakePlayer);
    element.play().catch(() => undefined);
    await until(() => FakePlayer.made.length === 1, 'there is a player');
    player().fail('playback-failed', 'The browser gave up.');
    await until(() => controller.getAttribute('mediaerrorcode') === '3', 'the error is seen');
    await until(() => part('media-error-dialog').hasAttribute('open'), 'it is told');
    // media-chrome does nothing more with a broken element: the page has to.
    element.play().catch(() => undefined);
    expectEqual(FakePlayer.made.length, 2);
    expectEqual(element.error, null);
    await until(() => !controller.hasAttribute('mediaerrorcode'), 'the error is seen to be gone');
    part('media-play-button').click();
    await until(() => element.paused, 'the buttons work again');
  });

  it('is let go when it leaves', async () => {
    const { element, controller } = chrome('autoplay', FakePlayer);
    await until(() => FakePlayer.made.length === 1, 'there is a player');
    element.remove();
    await until(() => player().stopped, 'the player is stopped');
    controller.prepend(element);
    await until(() => FakePlayer.made.length === 2, 'it plays again');
  });
});
