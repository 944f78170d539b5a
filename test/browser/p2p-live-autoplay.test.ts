// What becomes of autoplay where the browser forbids sound before a touch, as this one is told to.

import { sendMouse } from '@web/test-runner-commands';
import { expectEqual, expectThat, nextEvent, until } from './expect.ts';
import { inner, mount, player, unmountAll } from './mount.ts';

describe('<p2p-live> autoplay', () => {
  afterEach(unmountAll);

  it('plays muted and asks for a tap when sound is blocked', async () => {
    const element = await mount('name="lecture" autoplay');
    await until(() => element.muted, 'it gives up its sound');
    player().show();
    await nextEvent(element, 'playing');
    await element.updateComplete;
    expectEqual(element.paused, false);
    const pill = inner(element, '.unmute', HTMLButtonElement);
    expectEqual(pill.textContent?.trim(), 'Tap to unmute');
    expectThat(pill.getBoundingClientRect().height >= 40, 'it is large enough for a finger');
  });

  it('shows no pill when the page itself wanted it muted', async () => {
    const element = await mount('name="lecture" autoplay muted');
    player().show();
    await nextEvent(element, 'playing');
    await element.updateComplete;
    expectEqual(element.renderRoot.querySelector('.unmute'), null);
  });

  it('shows a big play button when not even muted playing is allowed', async () => {
    const play = HTMLVideoElement.prototype.play;
    HTMLVideoElement.prototype.play = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
    try {
      const element = await mount('name="lecture" autoplay');
      await until(() => element.renderRoot.querySelector('.start-button'), 'the button is there');
      expectEqual(element.paused, true);
      expectEqual(player().stopped, true, 'nothing is fetched meanwhile');
    } finally {
      HTMLVideoElement.prototype.play = play;
    }
  });

  it('rejects play() with NotAllowedError when the page has no right to sound', async () => {
    const element = await mount('name="lecture"');
    const cause = await element.play().catch((reason: unknown) => reason);
    expectThat(cause instanceof DOMException && cause.name === 'NotAllowedError', 'it is a NotAllowedError');
    await element.updateComplete;
    inner(element, '.start-button', HTMLButtonElement);
  });

  it('unmutes at a tap on the pill and plays on', async () => {
    const element = await mount('name="lecture" autoplay');
    await until(() => element.muted, 'it gives up its sound');
    player().show();
    await nextEvent(element, 'playing');
    await element.updateComplete;
    const box = inner(element, '.unmute', HTMLButtonElement).getBoundingClientRect();
    await sendMouse({
      type: 'click',
      position: [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)],
    });
    await until(() => !element.muted, 'the sound is back');
    await element.updateComplete;
    expectEqual(element.renderRoot.querySelector('.unmute'), null);
    expectEqual(element.paused, false);
  });
});
