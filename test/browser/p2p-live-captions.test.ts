// The button and the key that show captions.

import { resetMouse, sendKeys, sendMouse } from '@web/test-runner-commands';
import type { P2pLive } from '../../components/index.ts';
import { expectEqual, expectThat, until } from './expect.ts';
import { control, mountPlaying, unmountAll } from './mount.ts';

const button = (element: P2pLive) => element.renderRoot.querySelector('.captions-button');
const isPressed = (element: P2pLive) => control(element, 'captions-button').getAttribute('aria-pressed');
/** The languages that are seen. */
const shown = (element: P2pLive) =>
  Array.from(element.textTracks)
    .filter(({ mode }) => mode === 'showing')
    .map(({ language }) => language)
    .join();

/** An element with subtitles in these languages. */
async function mountSpoken(languages: readonly string[], attributes = ''): Promise<P2pLive> {
  const element = await mountPlaying(`name="lecture" controls ${attributes}`);
  for (const language of languages) {
    const track = document.createElement('track');
    track.srclang = language;
    element.append(track);
  }
  await until(() => element.textTracks.length === languages.length && button(element), 'there is a button');
  return element;
}

async function press(element: P2pLive, wanted: 'true' | 'false'): Promise<void> {
  control(element, 'captions-button').click();
  await until(() => isPressed(element) === wanted, `the button is ${wanted === 'true' ? '' : 'not '}pressed`);
}

describe('<p2p-live> captions', () => {
  afterEach(async () => {
    await resetMouse();
    await unmountAll();
  });

  it('have a button while there are some', async () => {
    const element = await mountPlaying();
    element.addTextTrack('metadata');
    const chapters = document.createElement('track');
    chapters.kind = 'chapters';
    element.append(chapters);
    await until(() => element.textTracks.length === 2, 'there are other tracks');
    await element.updateComplete;
    expectEqual(button(element), null, 'button for what is nothing to read');
    const captions = document.createElement('track');
    captions.kind = 'captions';
    element.append(captions);
    await until(() => button(element), 'it comes with them');
    expectEqual(isPressed(element), 'false');
    captions.remove();
    await until(() => !button(element), 'it goes with them');
  });

  it('are shown and hidden by the mouse and by the key', async () => {
    const element = await mountSpoken(['en']);
    const { x, y } = control(element, 'captions-button').getBoundingClientRect();
    const position: [number, number] = [Math.round(x + 12), Math.round(y + 12)];
    await sendMouse({ type: 'move', position });
    await until(() => !element.renderRoot.querySelector('.bar.away'), 'the controls are shown');
    await sendMouse({ type: 'click', position });
    await until(() => isPressed(element) === 'true', 'the button is pressed');
    expectEqual(shown(element), 'en');
    await sendKeys({ press: 'c' });
    await until(() => isPressed(element) === 'false', 'the key hides them');
    expectEqual(element.textTracks[0]?.mode, 'disabled');
    await sendKeys({ press: 'c' });
    await until(() => isPressed(element) === 'true', 'the key shows them');
  });

  for (const [lang, languages, first] of [
    ['de-AT', ['en', 'DE', 'de-at'], 'de-at'],
    ['de-AT', ['en', 'de-CH', 'de'], 'de-CH'],
    ['fi', ['fil', 'fi'], 'fi'],
    ['fr', ['en', 'de'], 'en'],
    ['', ['en', 'de'], 'en'],
  ] as const)
    it(`of ${languages} are ${first} in a page in “${lang}”`, async () => {
      const element = await mountSpoken(languages, `lang="${lang}"`);
      await press(element, 'true');
      expectEqual(shown(element), first);
    });

  it('are those that were shown last, whoever showed them, while they are there', async () => {
    const element = await mountSpoken(['en', 'de', 'ar']);
    const [, german, arabic] = element.textTracks;
    expectThat(german !== undefined && arabic !== undefined, 'they are there');
    arabic.mode = 'showing';
    await until(() => isPressed(element) === 'true', 'it follows the script');
    arabic.mode = 'hidden';
    await until(() => isPressed(element) === 'false', 'it follows again');
    await press(element, 'true');
    expectEqual(shown(element), 'ar');
    german.mode = 'showing';
    await press(element, 'false');
    expectEqual(shown(element), '', 'shown after both were hidden');
    element.querySelector('[srclang=de]')?.remove();
    element.querySelector('[srclang=ar]')?.remove();
    await until(() => element.textTracks.length === 1, 'they are gone');
    await press(element, 'true');
    expectEqual(shown(element), 'en');
  });

  it('have a button that speaks the viewer’s language', async () => {
    const element = await mountSpoken(['en'], 'lang="de"');
    await until(() => control(element, 'captions-button').ariaLabel === 'Untertitel', 'it speaks German');
    expectEqual(control(element, 'captions-button').title, 'Untertitel (c)');
    element.lang = 'ar';
    await until(() => control(element, 'captions-button').ariaLabel === 'الترجمة النصية', 'it speaks Arabic');
  });
});
