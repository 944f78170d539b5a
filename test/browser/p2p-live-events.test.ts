// Media events: each once, in the order in which <video> fires them.

import { P2pLive } from '../../components/p2p-live.ts';
import { expectEqual, expectSame, expectThat, nextEvent, until } from './expect.ts';
import { mount, unmountAll } from './mount.ts';
import { RecordedPlayer } from './recorded-player.ts';

const EVENTS = [
  'abort',
  'canplay',
  'canplaythrough',
  'durationchange',
  'emptied',
  'ended',
  'error',
  'loadeddata',
  'loadedmetadata',
  'loadstart',
  'pause',
  'play',
  'playing',
  'ratechange',
  'seeked',
  'seeking',
  'volumechange',
  'waiting',
];

let made: RecordedPlayer | undefined;

/** The element with a recorder behind it, and what it has fired. */
async function mountRecorded(attributes = 'name="lecture" muted'): Promise<{ element: P2pLive; seen: string[] }> {
  const element = await mount(attributes);
  P2pLive.createPlayer = (video, options) => {
    made = new RecordedPlayer(video, options);
    return made;
  };
  const seen: string[] = [];
  for (const type of EVENTS) element.addEventListener(type, () => seen.push(type));
  return { element, seen };
}

function recorded(): RecordedPlayer {
  if (!made) throw new Error('no player was made');
  return made;
}

async function play(element: P2pLive): Promise<void> {
  const playing = element.play();
  recorded().show();
  await playing;
}

describe('<p2p-live> media events', () => {
  afterEach(unmountAll);

  it('come once each and in order from play() to the picture', async () => {
    const { element, seen } = await mountRecorded();
    const through = nextEvent(element, 'canplaythrough');
    await play(element);
    await through;
    const first = ['play', 'loadstart', 'durationchange', 'loadedmetadata', 'loadeddata', 'canplay', 'playing'];
    expectSame(
      seen.filter(type => first.includes(type)),
      first,
    );
    expectEqual(seen.filter(type => type === 'waiting').length, 1, 'waiting events');
    expectSame(
      seen.filter(type => type === 'emptied' || type === 'pause'),
      [],
    );
    expectEqual(element.duration, Number.POSITIVE_INFINITY);
  });

  it('tell of pausing and going on, later than the call and before the promise', async () => {
    const { element, seen } = await mountRecorded();
    await play(element);
    seen.length = 0;
    element.pause();
    expectSame(seen, [], 'at once');
    expectEqual(element.paused, true);
    await nextEvent(element, 'pause');
    element.pause();
    const resumed = element.play().then(() => seen.push('promise'));
    element.play().catch(() => undefined);
    await resumed;
    expectSame(
      seen.filter(type => ['pause', 'play', 'playing', 'promise'].includes(type)),
      ['pause', 'play', 'playing', 'promise'],
    );
  });

  it('reject a play() that is given up, after pause', async () => {
    const { element, seen } = await mountRecorded();
    const given = element.play().catch((cause: unknown) => {
      seen.push('rejected');
      return cause;
    });
    element.pause();
    const cause = await given;
    expectThat(cause instanceof DOMException && cause.name === 'AbortError', 'it is an AbortError');
    expectSame(
      seen.filter(type => type !== 'waiting'),
      ['play', 'pause', 'rejected'],
    );
  });

  it('tell once that everything is let go', async () => {
    const { element, seen } = await mountRecorded();
    await play(element);
    seen.length = 0;
    const emptied = nextEvent(element, 'emptied');
    element.stop();
    await emptied;
    // Whatever else were to come would be in the queue by now.
    await new Promise(resolve => setTimeout(resolve));
    await new Promise(resolve => setTimeout(resolve));
    // Chromium forgets the `abort` of what is taken away in two steps.
    expectSame(
      seen.filter(type => type !== 'abort'),
      ['pause', 'emptied'],
    );
    expectEqual(element.networkState, element.NETWORK_EMPTY);
    expectEqual(element.readyState, element.HAVE_NOTHING);
  });

  it('tell of seeking once each', async () => {
    const { element, seen } = await mountRecorded();
    await play(element);
    await until(() => element.currentTime > 1, 'there is something to go back to', 8_000);
    seen.length = 0;
    const arrived = nextEvent(element, 'seeked');
    Object.assign(recorded(), { liveEdge: 100, seekable: { start: 0, end: 101 } });
    element.currentTime = 0.2;
    expectEqual(element.seeking, true);
    await arrived;
    expectSame(
      seen.filter(type => type.startsWith('seek')),
      ['seeking', 'seeked'],
    );
    expectThat(element.currentTime < 1, 'it is there');
  });

  it('tell of the end: paused, then ended, and playing again when there is more', async () => {
    const { element, seen } = await mountRecorded();
    await play(element);
    await until(() => element.currentTime > 0.3, 'it plays');
    const ended = nextEvent(element, 'ended');
    const video = recorded().video;
    video.addEventListener('timeupdate', () => {
      if (video.ended && recorded().state !== 'ended') recorded().become('ended');
    });
    await recorded().end();
    seen.length = 0;
    await ended;
    expectSame(
      seen.filter(type => ['play', 'playing', 'pause', 'ended'].includes(type)),
      ['pause', 'ended'],
    );
    expectSame([element.paused, element.ended], [true, true]);
    expectThat(Number.isFinite(element.duration), 'its duration is known');
    const again = nextEvent(element, 'play');
    recorded().become('buffering');
    await again;
    expectSame([element.paused, element.ended], [false, false]);
  });

  it('say nothing of an end to one who has stopped', async () => {
    const { element, seen } = await mountRecorded();
    await play(element);
    recorded().become('ended');
    await nextEvent(element, 'ended');
    element.stop();
    await element.updateComplete;
    expectEqual(seen.filter(type => type === 'pause').length, 1);
    expectEqual(element.state, 'idle');
    expectEqual(element.paused, true);
  });
});
