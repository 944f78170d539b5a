// <p2p-publish> from the first click to the end of the broadcast, with Chromium's fake devices.

import { expectEqual, expectSame, expectThat, nextEvent, until } from './expect.ts';
import { FakePublication } from './fake-publication.ts';
import { find, mountLive, mountPublish, press, publication, unmountPublish, words } from './mount-publish.ts';

const kinds = (stream: MediaStream) =>
  stream
    .getTracks()
    .map(({ kind }) => kind)
    .sort();

describe('<p2p-publish>', () => {
  afterEach(unmountPublish);

  it('asks for nothing before it is clicked, and sends nothing before it is told to', async () => {
    const { getUserMedia } = navigator.mediaDevices;
    let asked = 0;
    navigator.mediaDevices.getUserMedia = constraints => {
      asked++;
      return getUserMedia.call(navigator.mediaDevices, constraints);
    };
    try {
      const element = await mountPublish();
      expectEqual(element.state, 'idle');
      expectEqual(asked, 0);
      const states: string[] = [];
      element.addEventListener('statechange', event => states.push(event.detail.state));
      press(element, 'camera-choice');
      await until(() => element.state === 'ready', 'the devices are there');
      expectSame(states, ['asking', 'ready']);
      expectEqual(asked, 1);
      expectEqual(FakePublication.made.length, 0);
      const video = find(element, 'video', HTMLVideoElement);
      await until(() => video.currentTime > 0 && video.videoWidth > 0, 'the preview moves');
      expectEqual(video.muted, true);
      expectEqual(getComputedStyle(video).scale, '-1 1');
      expectSame(kinds(element.stream), ['audio', 'video']);
    } finally {
      Reflect.deleteProperty(navigator.mediaDevices, 'getUserMedia');
    }
  });

  it('goes on air, tells how it fares, and ends with the devices given back', async () => {
    const element = await mountPublish('relay="https://relay.example/" channel="room/me" token="t" resolution="480"');
    await element.prepare();
    const tracks = element.stream.getTracks();
    press(element, 'go-live-button');
    await until(() => element.state === 'connecting', 'it connects');
    await until(() => FakePublication.made.length === 1, 'there is a publication');
    const { options } = publication();
    expectSame(
      [options.relay, options.channel, options.token, options.settings?.height, options.settings?.videoKbps],
      ['https://relay.example', 'room/me', 't', 480, 900],
    );
    expectThat(options.video?.kind === 'video' && options.audio?.kind === 'audio', 'both tracks are sent');
    publication().become('live');
    await element.updateComplete;
    expectThat(words(element).includes('On air'), words(element));
    const told = nextEvent(element, 'stats');
    publication().tell({ sentKbps: 1_480 });
    await told;
    await element.updateComplete;
    expectThat(words(element).includes('1.5 Mb/s'), words(element));
    expectEqual(element.stats.sentKbps, 1_480);
    publication().become('reconnecting');
    await element.updateComplete;
    expectEqual(element.state, 'reconnecting');
    publication().become('live');
    expectEqual(element.state, 'live');
    press(element, 'end-button');
    await until(() => element.state === 'ended', 'it ends');
    expectEqual(publication().stopped, true);
    expectSame(
      tracks.map(({ readyState }) => readyState),
      ['ended', 'ended'],
    );
    expectSame(kinds(element.stream), []);
    press(element, 'retry-button');
    await until(() => element.state === 'ready', 'it is ready again');
  });

  it('start() alone does it all, and its promise follows', async () => {
    const element = await mountLive();
    expectEqual(element.state, 'live');
    const again = await mountPublish();
    const started = again.start().then(
      () => 'on air',
      (error: DOMException) => error.name,
    );
    await until(() => again.state === 'connecting', 'it connects');
    await again.stop();
    expectEqual(await started, 'AbortError');
    expectEqual(again.state, 'idle');
    const refused = await mountPublish();
    const failure = refused.start().catch((error: Error) => error.message);
    await until(() => refused.state === 'connecting' && FakePublication.made.length === 3, 'it connects');
    const told = nextEvent(refused, 'error');
    publication().fail('taken', 'another publisher has it');
    await told;
    expectEqual(await failure, refused.error?.message);
    expectEqual(refused.error?.code, 'taken');
    await refused.updateComplete;
    expectThat(words(refused).includes('Somebody else is on air'), words(refused));
    expectSame(kinds(refused.stream), []);
  });

  it('says what is missing before it asks for anything', async () => {
    for (const [attributes, code] of [
      ['relay="ftp://x" channel="a"', 'bad-relay'],
      ['relay="https://relay.example"', 'no-channel'],
    ] as const) {
      const element = await mountPublish(attributes);
      await element.start().catch(() => undefined);
      expectEqual(element.error?.code, code);
      expectEqual(FakePublication.made.length, 0);
    }
  });

  it('shows the relay another token in time, from the page or set by it', async () => {
    const element = await mountPublish('relay="https://relay.example" channel="room/me"');
    let given = 0;
    const claims = () => btoa(JSON.stringify({ iat: 0, exp: 1, sub: `user${++given}` })).replace(/=+$/, '');
    element.tokenProvider = async () => `x.${claims()}.y`;
    void element.start();
    await until(() => FakePublication.made.length === 1, 'a publication is made');
    publication().become('live');
    await until(() => publication().tokens.length === 2, 'it is renewed, and again');
    expectEqual(FakePublication.made.length, 1, 'publications');
    element.tokenProvider = null;
    element.token = 'by hand';
    await element.updateComplete;
    expectEqual(publication().tokens.at(-1), 'by hand');
    await element.stop();
  });

  it('asks the page for a token each time, and for another when its time is over', async () => {
    const element = await mountPublish('relay="https://relay.example" channel="room/me"');
    let given = 0;
    element.tokenProvider = async channel => `${channel} ${++given}`;
    const started = element.start();
    await until(() => FakePublication.made.length === 1, 'a publication is made');
    expectEqual(publication().options.token, 'room/me 1');
    publication().become('live');
    await started;
    publication().fail('not-allowed', 'the token has expired');
    expectEqual(element.state, 'reconnecting');
    await until(() => FakePublication.made.length === 2, 'another publication is made');
    expectEqual(publication().options.token, 'room/me 2');
    publication().fail('not-allowed', 'the token is for another channel');
    expectEqual(element.state, 'failed');
    expectEqual(element.error?.code, 'not-allowed');
    expectEqual(given, 2);
    element.tokenProvider = () => Promise.reject(new Error('secret details'));
    await element.start().catch(() => undefined);
    expectEqual(element.error?.code, 'no-token');
    expectThat(!element.error?.message.includes('secret'), 'what the server said stays there');
  });

  it('takes what controls of the page say: muted, camera-off, no-controls', async () => {
    const element = await mountLive('channel="a" token="t" muted no-controls');
    expectSame(publication().muted, { video: false, audio: true });
    expectEqual(element.renderRoot.querySelector('button'), null);
    element.muted = false;
    await element.updateComplete;
    expectEqual(publication().muted.audio, false);
    const [camera] = element.stream.getVideoTracks();
    element.cameraOff = true;
    await element.updateComplete;
    expectEqual(publication().muted.video, true);
    expectEqual(camera?.readyState, 'ended', 'the camera');
    expectSame(publication().changes, []);
    element.cameraOff = false;
    await until(() => element.stream.getVideoTracks().length === 1, 'the camera is back');
    expectEqual(publication().muted.video, false);
    expectSame(
      publication().changes.map(change => change.split(' ')[0]),
      ['video'],
    );
  });

  it('sends a stream of the page’s own and leaves its tracks alone', async () => {
    const canvas = document.createElement('canvas');
    canvas.getContext('2d')?.fillRect(0, 0, 10, 10);
    const own = canvas.captureStream();
    const element = await mountPublish('channel="a" token="t"');
    element.srcObject = own;
    const started = element.start();
    await until(() => FakePublication.made.length === 1, 'a publication is made');
    publication().become('live');
    await started;
    expectEqual(publication().options.video, own.getVideoTracks()[0]);
    expectEqual(publication().options.audio, null);
    await element.stop();
    expectEqual(own.getVideoTracks()[0]?.readyState, 'live');
  });

  it('stays on air when it is moved, and is off and dark when it is removed', async () => {
    const element = await mountLive();
    const tracks = element.stream.getTracks();
    const elsewhere = document.createElement('div');
    elsewhere.className = 'holder';
    document.body.append(elsewhere);
    elsewhere.append(element);
    await element.updateComplete;
    await Promise.resolve();
    expectEqual(element.state, 'live');
    expectEqual(publication().stopped, false);
    await until(
      () => Number(find(element, '.meter', HTMLElement).getAttribute('aria-valuenow')) > 0,
      'the meter moves',
    );
    element.remove();
    await Promise.resolve();
    expectEqual(element.state, 'idle');
    expectEqual(publication().stopped, true);
    expectSame([...new Set(tracks.map(({ readyState }) => readyState))], ['ended']);
    elsewhere.append(element);
    expectEqual(element.state, 'idle');
    await element.prepare();
    expectEqual(element.state, 'ready');
  });

  it('gives back devices that come when they are no longer wanted', async () => {
    const { getUserMedia } = navigator.mediaDevices;
    const answers: (() => void)[] = [];
    const given: MediaStream[] = [];
    navigator.mediaDevices.getUserMedia = async constraints => {
      await new Promise<void>(resolve => answers.push(resolve));
      const stream = await getUserMedia.call(navigator.mediaDevices, constraints);
      given.push(stream);
      return stream;
    };
    try {
      const element = await mountPublish();
      const prepared = element.prepare().catch((error: DOMException) => error.name);
      expectEqual(element.state, 'asking');
      await element.updateComplete;
      press(element, 'retry-button');
      expectEqual(element.state, 'idle');
      await element.updateComplete;
      press(element, 'camera-choice');
      expectEqual(element.state, 'asking');
      for (const answer of answers) answer();
      expectEqual(await prepared, 'AbortError');
      await until(() => element.state === 'ready', 'the second request is answered');
      const live = given.map(stream => stream.getTracks().filter(({ readyState }) => readyState === 'live').length);
      expectSame(live.sort(), [0, 2]);
    } finally {
      Reflect.deleteProperty(navigator.mediaDevices, 'getUserMedia');
    }
  });
});
