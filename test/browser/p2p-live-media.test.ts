// The contract of HTMLMediaElement, as far as a live stream has it.

import { P2pLive } from '../../components/p2p-live.ts';
import { expectEqual, expectSame, expectThat, nextEvent, until } from './expect.ts';
import { inner, mount, mountPlaying, player, unmountAll } from './mount.ts';
import { RecordedPlayer } from './recorded-player.ts';

/** What a live stream has no use for: it has a relay and a name in place of sources, no keys, and nobody to cast to. */
const MISSING = [
  'controlsList',
  'disableRemotePlayback',
  'height',
  'loading',
  'mediaKeys',
  'onencrypted',
  'onwaitingforkey',
  'playsInline',
  'remote',
  'setMediaKeys',
  'src',
  'srcObject',
  'width',
];
const PREFIXED = /^(webkit|moz|on)/;

const members = ({ prototype }: typeof HTMLMediaElement | typeof HTMLVideoElement) =>
  Object.getOwnPropertyNames(prototype).filter(name => name !== 'constructor' && !PREFIXED.test(name));

const read = (target: object, name: string): unknown => Reflect.get(target, name);

describe('<p2p-live> as a media element', () => {
  afterEach(unmountAll);

  it('has the members of HTMLVideoElement', async () => {
    const element = await mount('');
    const missing = [...members(HTMLMediaElement), ...members(HTMLVideoElement)].filter(name => !(name in element));
    const known = MISSING.filter(name => name in document.createElement('video') && !PREFIXED.test(name));
    expectSame(missing.sort(), known);
  });

  it('is at first what a <video> is', async () => {
    const element = await mount('');
    const video = document.createElement('video');
    const differs = [...members(HTMLMediaElement), ...members(HTMLVideoElement)].filter(name => {
      const [ours, theirs] = [read(element, name), read(video, name)];
      if (ours === undefined || typeof ours === 'function') return false;
      if (typeof ours === 'object' && ours !== null && theirs instanceof Object)
        return read(ours, 'length') !== read(theirs, 'length');
      return !Object.is(ours, theirs);
    });
    // Nothing is loaded before it is wanted.
    expectSame(differs, ['preload']);
    expectEqual(element.preload, 'none');
    expectEqual(P2pLive.HAVE_ENOUGH_DATA, HTMLMediaElement.HAVE_ENOUGH_DATA);
    expectEqual(P2pLive.NETWORK_NO_SOURCE, HTMLMediaElement.NETWORK_NO_SOURCE);
  });

  it('reflects attributes as <video> does', async () => {
    const element = await mount('');
    const video = document.createElement('video');
    const changes: [string, string, unknown][] = [
      ['autoplay', 'autoplay', true],
      ['controls', 'controls', true],
      ['loop', 'loop', true],
      ['defaultMuted', 'muted', true],
      ['preload', 'preload', 'metadata'],
      ['crossOrigin', 'crossorigin', 'use-credentials'],
      ['disablePictureInPicture', 'disablepictureinpicture', true],
    ];
    for (const [property, attribute, value] of changes) {
      for (const each of [element, video]) Reflect.set(each, property, value);
      await element.updateComplete;
      expectEqual(element.getAttribute(attribute), video.getAttribute(attribute), attribute);
      for (const each of [element, video]) each.removeAttribute(attribute);
      if (property !== 'preload') expectEqual(read(element, property), read(video, property), property);
    }
    for (const word of ['', 'anonymous', 'rubbish', 'use-credentials']) {
      for (const each of [element, video]) each.setAttribute('crossorigin', word);
      expectEqual(element.crossOrigin, video.crossOrigin, `crossorigin="${word}"`);
    }
    const shown = inner(element, 'video', HTMLVideoElement);
    await element.updateComplete;
    expectEqual(shown.crossOrigin, 'use-credentials');
  });

  it('is muted by the attribute only at the beginning', async () => {
    const element = await mount('muted');
    expectEqual(element.muted, true);
    element.muted = false;
    expectEqual(element.defaultMuted, true);
    element.removeAttribute('muted');
    element.setAttribute('muted', '');
    expectEqual(element.muted, false);
  });

  it('keeps what was set before it was defined', async () => {
    const tag = `late-${Math.random().toString(36).slice(2)}`;
    const early = document.createElement(tag);
    const set = {
      volume: 0.5,
      muted: true,
      preload: 'metadata',
      loop: true,
      rewind: 30,
      playbackRate: 2,
      currentTime: 5,
    };
    Object.assign(early, set, { preservesPitch: false, defaultPlaybackRate: 1.5, disablePictureInPicture: true });
    const holder = document.createElement('div');
    holder.className = 'holder';
    holder.append(early);
    document.body.append(holder);
    customElements.define(tag, class extends P2pLive {});
    expectThat(early instanceof P2pLive, 'it is upgraded');
    await early.updateComplete;
    const { volume, muted, preload, loop, rewind, playbackRate, preservesPitch } = early;
    const kept = { volume, muted, preload, loop, rewind, playbackRate, preservesPitch };
    expectSame(kept, {
      volume: 0.5,
      muted: true,
      preload: 'metadata',
      loop: true,
      rewind: 30,
      playbackRate: 2,
      preservesPitch: false,
    });
    expectSame([early.defaultPlaybackRate, early.disablePictureInPicture, early.currentTime], [1.5, true, 0]);
  });

  it('has an error as <video> has, with a word for the reason', async () => {
    const element = await mount('name="lecture" autoplay muted');
    const failed = nextEvent(element, 'error');
    player().fail('playback-failed', 'it broke down');
    await failed;
    const { error } = element;
    expectThat(error instanceof MediaError, 'it is a MediaError');
    expectSame(
      [error.code, error.reason, error.message],
      [MediaError.MEDIA_ERR_DECODE, 'playback-failed', 'it broke down'],
    );
    expectEqual(error.MEDIA_ERR_DECODE, 3);
    expectEqual(element.networkState, element.NETWORK_NO_SOURCE);
    element.name = '';
    await element.updateComplete;
    expectEqual(element.error?.code, MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED);
  });

  it('hands out streams, frames and counts of what it shows', async () => {
    const element = await mountPlaying();
    expectEqual(element.captureStream().getVideoTracks().length, 1);
    await new Promise(resolve => element.requestVideoFrameCallback(resolve));
    expectThat(element.getVideoPlaybackQuality().totalVideoFrames > 0, 'frames are counted');
    expectEqual(
      element.canPlayType('video/mp4; codecs="avc1.42E01E"'),
      document.createElement('video').canPlayType('video/mp4; codecs="avc1.42E01E"'),
    );
    expectEqual(element.videoWidth, 640);
    expectEqual(element.duration, Number.POSITIVE_INFINITY);
    expectEqual(element.streamType, 'live');
  });

  it('heeds listeners that are properties', async () => {
    const element = await mount('name="lecture" muted');
    const heard: string[] = [];
    element.onplay = () => heard.push('play');
    element.onplaying = () => heard.push('playing');
    const playing = element.play();
    player().show();
    await playing;
    expectSame(heard, ['play', 'playing']);
  });

  it('shows the first picture with preload, and plays when asked to', async () => {
    const element = await mount('name="lecture" preload="metadata" controls muted');
    expectEqual(element.state, 'connecting');
    expectEqual(element.paused, true);
    const loaded = nextEvent(element, 'loadeddata');
    player().show();
    await loaded;
    expectEqual(element.paused, true);
    await element.updateComplete;
    inner(element, '.start-button', HTMLButtonElement).click();
    await nextEvent(element, 'playing');
    expectEqual(element.paused, false);
  });

  it('load() starts over, and plays only with autoplay', async () => {
    const element = await mountPlaying('name="lecture"');
    const first = player();
    element.load();
    expectEqual(first.stopped, true);
    expectEqual(element.paused, false, 'paused with autoplay');
    expectThat(player() !== first, 'there is a new player');
    element.autoplay = false;
    await element.updateComplete;
    element.load();
    expectEqual(element.paused, true);
    expectEqual(element.state, 'idle');
    element.preload = 'auto';
    await until(() => element.state === 'connecting', 'it loads again');
  });

  it('tells what can be gone back to, and goes there', async () => {
    const element = await mountPlaying('name="lecture" rewind="60"');
    expectEqual(element.seekable.length, 0);
    expectThat(Number.isNaN(element.liveEdgeStart), 'no live edge is known yet');
    Object.assign(player(), { seekable: { start: 10, end: 200 }, liveEdge: 199 });
    expectSame([element.seekable.start(0), element.seekable.end(0)], [140, 200]);
    expectEqual(element.liveEdgeStart, 196.5);
    expectEqual(element.targetLiveWindow, 60);
    for (const time of [150, 0, 199.9]) element.currentTime = time;
    expectSame(player().sought, [150, 140]);
    expectEqual(player().seeks, 1, 'jumps to live');
    // Whoever paused for too long goes on where `rewind` ends.
    element.pause();
    await element.play();
    expectSame(player().sought, [150, 140, 140]);
    const told = nextEvent(element, 'targetlivewindowchange');
    element.setAttribute('rewind', '0');
    await told;
    expectEqual(element.targetLiveWindow, 0);
    expectSame([element.seekable.start(0), element.seekable.end(0)], [200, 200]);
    for (const [word, seconds] of [
      ['30', 30],
      ['-1', 600],
      ['much', 600],
    ] as const) {
      element.setAttribute('rewind', word);
      expectEqual(element.rewind, seconds, `rewind="${word}"`);
    }
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      let thrown: unknown;
      try {
        element.currentTime = bad;
      } catch (cause) {
        thrown = cause;
      }
      expectThat(thrown instanceof TypeError, `${bad} is refused`);
    }
    let thrown: unknown;
    try {
      element.seekable.end(1);
    } catch (cause) {
      thrown = cause;
    }
    expectThat(thrown instanceof DOMException && thrown.name === 'IndexSizeError', 'there is no second range');
  });

  it('has the rate that was asked for, and 1 at the live edge', async () => {
    const element = await mount('name="lecture" muted');
    P2pLive.createPlayer = (video, options) => new RecordedPlayer(video, options);
    const playing = element.play();
    player().show();
    await playing;
    const rates: number[] = [];
    element.addEventListener('ratechange', () => rates.push(element.playbackRate));
    const video = inner(element, 'video', HTMLVideoElement);
    // What keeps the latency is nobody's business.
    video.playbackRate = 1.02;
    await nextEvent(video, 'ratechange');
    expectEqual(element.playbackRate, 1);
    await until(() => Number(player().liveEdge) > 3, 'there is something to go back to', 8_000);
    element.currentTime = 0;
    element.playbackRate = 4;
    expectEqual(video.playbackRate, 4);
    // The player lets go of the rate a little later.
    video.playbackRate = 1;
    await until(() => video.playbackRate === 4, 'the wish holds');
    await until(() => element.playbackRate === 1, 'it is back to normal');
    expectEqual(video.playbackRate, 1);
    expectSame(rates, [4, 1]);
    let thrown: unknown;
    try {
      element.playbackRate = 1_000;
    } catch (cause) {
      thrown = cause;
    }
    expectThat(thrown instanceof DOMException, 'a rate of 1000 is refused');
  });
});
