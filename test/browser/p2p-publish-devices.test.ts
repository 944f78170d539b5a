// <p2p-publish> and its devices: chosen, refused, missing, unplugged, no longer shared.

import { expectEqual, expectSame, expectThat, nextEvent, until } from './expect.ts';
import { FakePublication } from './fake-publication.ts';
import { find, mountLive, mountPublish, press, publication, unmountPublish, words } from './mount-publish.ts';

type Answer = (constraints: MediaStreamConstraints) => Promise<MediaStream>;
const real: Answer = constraints => MediaDevices.prototype.getUserMedia.call(navigator.mediaDevices, constraints);

/** Lets the browser answer requests for devices as `answer` says, until the test is over. */
function answer(answer: Answer): void {
  navigator.mediaDevices.getUserMedia = constraints => answer(constraints ?? {});
}

const no = (name: string) => () => Promise.reject(new DOMException('as the test says', name));

/** What a browser does when a device goes: the track ends by itself. */
function unplug(track: MediaStreamTrack | undefined): void {
  expectThat(track !== undefined, 'there is a track');
  track.stop();
  track.dispatchEvent(new Event('ended'));
}

/** The value that a menu of the settings shows, and its choices. */
function menu(element: Parameters<typeof find>[0], name: string): HTMLSelectElement {
  return find(element, `select[name="${name}"]`, HTMLSelectElement);
}

describe('<p2p-publish> and its devices', () => {
  afterEach(async () => {
    await unmountPublish();
    Reflect.deleteProperty(navigator.mediaDevices, 'getUserMedia');
    Reflect.deleteProperty(navigator.mediaDevices, 'getDisplayMedia');
  });

  for (const [name, code, says] of [
    ['NotAllowedError', 'denied', 'address bar'],
    ['NotFoundError', 'no-device', 'Plug in'],
    ['NotReadableError', 'busy', 'Another program'],
  ] as const) {
    it(`${name}: it says what to do, and tries again`, async () => {
      answer(no(name));
      const element = await mountPublish();
      const told = nextEvent(element, 'error');
      press(element, 'camera-choice');
      await told;
      await element.updateComplete;
      expectEqual(element.state, 'failed');
      expectEqual(element.error?.code, code);
      expectThat(words(element).includes(says), words(element));
      answer(real);
      press(element, 'retry-button');
      await until(() => element.state === 'ready', 'it is ready');
      expectEqual(element.error, null);
    });
  }

  it('goes without a microphone where there is none, and without a camera', async () => {
    for (const [missing, code, left] of [
      ['audio', 'no-microphone', 'video'],
      ['video', 'no-camera', 'audio'],
    ] as const) {
      answer(constraints => (constraints[missing] ? no('NotFoundError')() : real(constraints)));
      const element = await mountPublish();
      const warned = nextEvent(element, 'warning');
      await element.prepare();
      const event = await warned;
      expectThat(event instanceof CustomEvent && event.detail.code === code, code);
      expectSame(
        element.stream.getTracks().map(({ kind }) => kind),
        [left],
      );
    }
  });

  it('a camera that is unplugged: goes on with the sound, says so, and takes another', async () => {
    const element = await mountLive();
    const warned = nextEvent(element, 'warning');
    unplug(element.stream.getVideoTracks()[0]);
    await warned;
    await element.updateComplete;
    expectEqual(element.state, 'live');
    expectSame(publication().changes, ['video none']);
    expectThat(words(element).includes('The camera was unplugged'), words(element));
    press(element, 'warning-action');
    await element.updateComplete;
    await until(() => element.renderRoot.querySelector('select[name="camera"]'), 'there are cameras to choose');
    const choice = menu(element, 'camera');
    choice.value = choice.options[0]!.value;
    choice.dispatchEvent(new Event('change'));
    await until(() => element.stream.getVideoTracks().length === 1, 'another camera is there');
    expectEqual(publication().changes.length, 2);
    await element.updateComplete;
    expectEqual(element.renderRoot.querySelector('.warning'), null);
  });

  it('when the last device is gone, so is the broadcast', async () => {
    const element = await mountLive();
    unplug(element.stream.getVideoTracks()[0]);
    expectEqual(element.state, 'live');
    unplug(element.stream.getAudioTracks()[0]);
    expectEqual(element.state, 'failed');
    expectEqual(element.error?.code, 'device-lost');
    expectEqual(publication().stopped, true);
  });

  it('shares a screen, not mirrored, with the voice, and ends with the browser’s own button', async () => {
    const element = await mountPublish('channel="a" token="t"');
    press(element, 'screen-choice');
    await until(() => element.state === 'ready', 'it is ready');
    expectEqual(element.source, 'screen');
    const video = find(element, 'video', HTMLVideoElement);
    expectEqual(getComputedStyle(video).scale, 'none');
    const started = element.start();
    await until(() => FakePublication.made.length === 1, 'a publication is made');
    publication().become('live');
    await started;
    unplug(element.stream.getVideoTracks()[0]);
    await element.updateComplete;
    expectEqual(element.state, 'live', 'with the voice');
    expectThat(words(element).includes('no longer share'), words(element));
    press(element, 'warning-action');
    await until(() => element.stream.getVideoTracks().length === 1, 'it is shared again');
    await element.stop();

    const silent = await mountLive('channel="a" token="t" source="screen" microphone="none"');
    for (const track of [...silent.stream.getTracks()]) unplug(track);
    await until(() => silent.state === 'ended', 'nothing is left');
    expectEqual(publication().stopped, true);
  });

  it('the screen and back to the camera while on air; a choice that is not made changes nothing', async () => {
    const element = await mountLive();
    const [camera] = element.stream.getVideoTracks();
    navigator.mediaDevices.getDisplayMedia = no('NotAllowedError');
    press(element, 'screen-button');
    expectEqual(element.source, 'screen');
    await until(() => element.source === 'camera', 'it stays with the camera');
    expectEqual(element.state, 'live');
    expectEqual(element.stream.getVideoTracks()[0], camera);
    Reflect.deleteProperty(navigator.mediaDevices, 'getDisplayMedia');
    const changed = nextEvent(element, 'change');
    press(element, 'screen-button');
    await changed;
    await until(() => element.stream.getVideoTracks()[0] !== camera, 'the screen is there');
    expectEqual(camera?.readyState, 'ended');
    await element.updateComplete;
    press(element, 'screen-button');
    await until(() => publication().tracks.video?.label.includes('fake_device'), 'the camera is there');
    expectEqual(element.source, 'camera');
    expectEqual(FakePublication.made.length, 1);
  });

  it('a choice of screens that is closed at the very beginning is no failure', async () => {
    navigator.mediaDevices.getDisplayMedia = no('NotAllowedError');
    const element = await mountPublish();
    press(element, 'screen-choice');
    await until(() => element.state === 'idle', 'it is as before');
    expectEqual(element.error, null);
  });

  it('offers the devices by name, and takes what is chosen', async () => {
    const element = await mountLive();
    press(element, 'settings-button');
    await until(() => element.renderRoot.querySelector('select[name="camera"]'), 'there are cameras');
    const microphones = [...menu(element, 'microphone').options].map(({ label }) => label);
    expectThat(microphones.length > 1 && microphones.at(-1) === 'None', microphones.join());
    expectThat(microphones.every(Boolean), 'all have names');
    const choice = menu(element, 'microphone');
    const another = [...choice.options].find(({ value }) => value !== choice.value && value !== 'none');
    expectThat(another !== undefined, 'there is another');
    choice.value = another.value;
    choice.dispatchEvent(new Event('change'));
    await until(() => publication().changes.length === 1, 'the microphone is another');
    expectEqual(element.microphone, another.value);
    choice.value = 'none';
    choice.dispatchEvent(new Event('change'));
    await until(() => publication().tracks.audio === null, 'there is no microphone');
    expectEqual(element.state, 'live');
  });

  it('escape closes the settings, and the keys mute and hide', async () => {
    const element = await mountLive();
    const key = (name: string) =>
      find(element, '.frame', HTMLElement).dispatchEvent(
        new KeyboardEvent('keydown', { key: name, bubbles: true, composed: true }),
      );
    press(element, 'settings-button');
    await element.updateComplete;
    expectThat(element.renderRoot.querySelector('.settings') !== null, 'they are open');
    key('Escape');
    await element.updateComplete;
    expectEqual(element.renderRoot.querySelector('.settings'), null);
    key('m');
    key('v');
    await element.updateComplete;
    expectSame(publication().muted, { video: true, audio: true });
  });
});
