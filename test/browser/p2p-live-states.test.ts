// What the element shows in each state, and which events go with it.

import { expectEqual, expectSame, expectThat, nextEvent, until } from './expect.ts';
import { FakePlayer } from './fake-player.ts';
import { control, inner, mount, mountPlaying, player, screenText, unmountAll } from './mount.ts';

const spinnerOpacity = (element: Parameters<typeof inner>[0]) =>
  Number(getComputedStyle(inner(element, '.spinner', HTMLElement)).opacity);

describe('<p2p-live> states', () => {
  afterEach(unmountAll);

  it('shows that it connects, but not before 0.3 s have passed', async () => {
    const element = await mount('name="lecture" autoplay muted');
    expectEqual(spinnerOpacity(element), 0, 'opacity at first');
    await until(() => spinnerOpacity(element) === 1, 'the spinner is seen');
    expectThat(screenText(element).includes('Connecting'), 'it says so');
  });

  it('says that the relay does not answer, until it does', async () => {
    const element = await mount('name="lecture" autoplay muted');
    const warned = nextEvent(element, 'warning');
    player().dispatchEvent(new CustomEvent('warning', { detail: { code: 'relay', message: 'refused' } }));
    await warned;
    await element.updateComplete;
    expectEqual(screenText(element), 'The relay does not answer. Trying again…');
    player().become('waiting');
    await element.updateComplete;
    expectThat(screenText(element).startsWith('lecture is not on air'), 'it is through');
  });

  it('says why the relay takes nobody for now', async () => {
    const element = await mount('name="lecture" autoplay muted');
    const detail = { code: 'refused', message: 'lecture has its 50 viewers already' };
    player().dispatchEvent(new CustomEvent('warning', { detail }));
    await element.updateComplete;
    expectEqual(screenText(element), 'Lecture has its 50 viewers already.');
  });

  it('says that the channel is not on air and starts by itself', async () => {
    const element = await mount('name="lecture" autoplay muted');
    player().become('waiting');
    await element.updateComplete;
    expectEqual(screenText(element), 'lecture is not on air yet It starts by itself.');
    player().show();
    await nextEvent(element, 'playing');
    await element.updateComplete;
    expectEqual(screenText(element), '');
  });

  it('says that a broadcast it has shown is interrupted', async () => {
    const element = await mountPlaying();
    player().become('waiting');
    await element.updateComplete;
    expectThat(screenText(element).startsWith('lecture is off air for the moment'), 'it says so');
  });

  it('shows a spinner while it buffers, and that the broadcast has ended', async () => {
    const element = await mountPlaying();
    player().become('buffering');
    await element.updateComplete;
    inner(element, '.spinner', HTMLElement);
    player().become('ended');
    await element.updateComplete;
    expectThat(screenText(element).startsWith('The broadcast has ended'), 'it says so');
    expectEqual(element.ended, true);
  });

  it('shows the reason of a failure, fires one error, and retries', async () => {
    const element = await mount('name="lecture" autoplay muted');
    let errors = 0;
    element.addEventListener('error', () => errors++);
    const failing = player();
    failing.fail('unsupported-codec', 'The video is Sorenson H.263.');
    await element.updateComplete;
    expectEqual(errors, 1, 'error events');
    const { code, reason, message } = element.error ?? {};
    expectSame([code, reason, message], [4, 'unsupported-codec', 'The video is Sorenson H.263.']);
    expectEqual(element.state, 'failed');
    expectEqual(failing.stopped, true, 'the failed player is let go');
    expectThat(
      screenText(element).includes('This browser can’t decode the stream The video is Sorenson H.263.'),
      'it says why',
    );
    inner(element, '.retry', HTMLButtonElement).click();
    await element.updateComplete;
    expectEqual(FakePlayer.made.length, 2);
    expectEqual(element.error, null);
    expectEqual(element.state, 'connecting');
  });

  it('fails without a name, and plays when it gets one', async () => {
    const element = await mount('autoplay muted');
    expectEqual(element.error?.reason, 'bad-name');
    element.name = 'lecture';
    await element.updateComplete;
    expectEqual(element.error, null);
    expectEqual(player().options.name, 'lecture');
  });

  it('tells a second failure after a first', async () => {
    const element = await mount('autoplay muted');
    let errors = 0;
    element.addEventListener('error', () => errors++);
    element.name = '../lecture';
    await element.updateComplete;
    expectEqual(element.error?.message, 'a channel name has no segment ".."');
    expectEqual(element.stats, null, 'the failed player is let go');
    element.relay = 'ftp://nowhere';
    await element.updateComplete;
    expectEqual(element.error?.reason, 'bad-relay');
    expectEqual(errors, 2, 'error events');
  });

  it('fails on a relay that is no web address', async () => {
    const element = await mount('relay="ftp://relay.example" name="lecture" autoplay muted');
    expectEqual(element.error?.reason, 'bad-relay');
    expectThat(screenText(element).includes('ftp://relay.example'), 'it names the address');
  });

  it('rejects play() when the player fails', async () => {
    const element = await mount();
    const playing = element.play().catch((cause: unknown) => cause);
    player().fail('bad-relay', 'gone');
    expectThat((await playing) instanceof DOMException, 'play() rejects');
  });

  it('fires the media events of the video and its own', async () => {
    const element = await mount('name="lecture" muted');
    const seen: string[] = [];
    for (const type of ['play', 'loadedmetadata', 'canplay', 'playing', 'pause', 'stats', 'metadata', 'statechange'])
      element.addEventListener(type, event =>
        seen.push(event instanceof CustomEvent && type === 'statechange' ? event.detail.state : type),
      );
    const started = element.play();
    player().show();
    await started;
    player().tell({ latency: 0.9 });
    player().dispatchEvent(new CustomEvent('metadata', { detail: { name: 'onMetaData', value: {}, time: 0 } }));
    const paused = nextEvent(element, 'pause');
    element.pause();
    await paused;
    const count = (type: string) => seen.filter(each => each === type).length;
    for (const type of ['play', 'loadedmetadata', 'canplay', 'pause', 'stats', 'metadata', 'connecting'])
      expectEqual(count(type), 1, `${type} events`);
    expectThat(count('playing') === 2, 'playing comes as a state and as an event');
    expectEqual(element.stats?.latency, 0.9);
    expectEqual(element.paused, true);
  });

  it('pauses, goes on and jumps to the edge', async () => {
    const element = await mountPlaying();
    element.pause();
    await element.updateComplete;
    expectEqual(inner(element, 'video', HTMLVideoElement).paused, true);
    expectEqual(control(element, 'live-badge').classList.contains('behind'), true, 'the badge is grey');
    control(element, 'live-badge').click();
    await nextEvent(element, 'playing');
    expectEqual(player().seeks, 1);
    expectEqual(element.paused, false);
  });

  it('says how far behind it is', async () => {
    const element = await mountPlaying();
    player().tell({ latency: 12.4 });
    await element.updateComplete;
    const badge = control(element, 'live-badge');
    await until(() => badge.title.startsWith('Go to live: 12 seconds'), 'the badge tells');
    player().tell({ latency: 0.9 });
    await until(() => badge.title === 'Playing live', 'the badge is red again');
  });

  it('pausing before the first picture gives up', async () => {
    const element = await mount('name="lecture" autoplay muted');
    element.pause();
    expectEqual(player().stopped, true);
    expectEqual(element.state, 'idle');
  });
});
