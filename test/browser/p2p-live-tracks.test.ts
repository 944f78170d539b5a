// <track> children.

import { expectEqual, expectSame, expectThat, nextEvent, until } from './expect.ts';
import { inner, mount, unmountAll } from './mount.ts';

const vtt = (text: string) => `data:text/vtt,${encodeURIComponent(`WEBVTT\n\n00:00.000 --> 01:00.000\n${text}`)}`;

function track(attributes: Record<string, string>): HTMLTrackElement {
  const element = document.createElement('track');
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

describe('<p2p-live> with <track> children', () => {
  afterEach(unmountAll);

  it('shows the default one, and tells that it is loaded', async () => {
    const element = await mount('name="lecture"');
    const child = track({ kind: 'captions', srclang: 'en', label: 'English', src: vtt('Hello'), default: '' });
    const loaded = nextEvent(child, 'load');
    element.append(child);
    await loaded;
    expectEqual(element.textTracks.length, 1);
    const [shown] = element.textTracks;
    expectThat(shown !== undefined, 'there is a track');
    const { kind, label, language, mode } = shown;
    expectSame([kind, label, language, mode], ['captions', 'English', 'en', 'showing']);
    const cue = shown.cues?.[0];
    expectThat(cue instanceof VTTCue && cue.text === 'Hello', 'it has its cue');
    expectEqual(child.parentElement, element, 'the child’s place');
  });

  it('follows what the page does with them', async () => {
    const element = await mount('name="lecture"');
    const [english, german] = [track({ srclang: 'en' }), track({ srclang: 'de' })];
    element.append(english, german);
    const languages = () => Array.from(element.textTracks, ({ language }) => language).join();
    await until(() => languages() === 'en,de', 'both are there');
    german.srclang = 'ar';
    await until(() => languages() === 'en,ar', 'the attribute is followed');
    english.remove();
    await until(() => languages() === 'ar', 'one is gone');
    german.src = vtt('later');
    const [first] = element.textTracks;
    if (first) first.mode = 'hidden';
    await nextEvent(german, 'load');
    german.removeAttribute('srclang');
    await until(() => languages() === '', 'an attribute is taken away');
    element.append(english);
    await until(() => element.textTracks.length === 2, 'it is back');
  });

  it('tells of a file that is missing', async () => {
    const element = await mount('name="lecture"');
    const child = track({ src: '/nowhere.vtt', default: '' });
    const failed = nextEvent(child, 'error');
    element.append(child);
    await failed;
  });

  it('keeps them when it is moved, and takes up what was changed while it was away', async () => {
    const element = await mount('name="lecture"');
    element.append(track({ srclang: 'en' }));
    await until(() => element.textTracks.length === 1, 'it is there');
    const { parentElement } = element;
    element.remove();
    element.append(track({ srclang: 'de' }));
    parentElement?.append(element);
    await until(() => element.textTracks.length === 2, 'the second is there, too');
    expectEqual(inner(element, 'video', HTMLVideoElement).querySelectorAll('track').length, 2);
  });

  it('adds tracks of the page’s own', async () => {
    const element = await mount('name="lecture"');
    const own = element.addTextTrack('metadata', 'mine');
    own.addCue(new VTTCue(0, 1, 'cue'));
    expectSame([own.mode, own.cues?.length, element.textTracks.length], ['hidden', 1, 1]);
  });
});
