// The words of the controls in the language of their place.

import { addStrings } from '../../components/localization.ts';
import { expectEqual, until } from './expect.ts';
import { control, inner, mount, mountPlaying, player, screenText, unmountAll } from './mount.ts';

describe('<p2p-live> words', () => {
  afterEach(async () => {
    await unmountAll();
    document.documentElement.lang = '';
  });

  it('are those of the element’s own language, and change with it', async () => {
    const element = await mountPlaying('name="lecture" controls lang="de"');
    await until(() => control(element, 'play-button').ariaLabel === 'Anhalten', 'it speaks German');
    expectEqual(inner(element, '.volume-slider', HTMLInputElement).ariaValueText, '0 %'.replace(' ', '\u00a0'));
    element.lang = 'en';
    await until(() => control(element, 'play-button').ariaLabel === 'Pause', 'it speaks English');
  });

  it('are those of the page, of its parts, and of the host of a shadow tree', async () => {
    document.documentElement.lang = 'de-AT';
    const page = await mountPlaying();
    await until(() => control(page, 'play-button').ariaLabel === 'Anhalten', 'it speaks the page’s language');
    const part = page.parentElement;
    part?.setAttribute('lang', 'ar');
    await until(() => control(page, 'play-button').ariaLabel === 'إيقاف مؤقت', 'it speaks its part’s language');
    const host = document.createElement('div');
    host.className = 'holder';
    host.lang = 'ar';
    const root = host.attachShadow({ mode: 'open' });
    document.body.append(host);
    root.append(page);
    part?.remove();
    host.lang = 'de';
    await until(() => control(page, 'play-button').ariaLabel === 'Anhalten', 'it follows the host');
  });

  it('stay English where no others are to be had, until a page brings them', async () => {
    const element = await mountPlaying('name="lecture" controls lang="fr-CA"');
    expectEqual(control(element, 'play-button').ariaLabel, 'Pause');
    expectEqual(inner(element, '.frame', HTMLElement).lang, 'en');
    addStrings('fr', { stop: 'Arrêter' });
    await element.updateComplete;
    expectEqual(control(element, 'stop-button').ariaLabel, 'Arrêter');
    expectEqual(control(element, 'play-button').ariaLabel, 'Pause', 'what is missing');
  });

  it('tell a failure in the viewer’s language, and its reason in the engine’s', async () => {
    const element = await mount('name="lecture" controls autoplay muted lang="ar" dir="rtl"');
    await until(() => screenText(element) === '' || screenText(element).startsWith('جارٍ'), 'it speaks Arabic');
    player().fail('unsupported-codec', 'the video is Sorenson H.263');
    await until(() => screenText(element).startsWith('لا يستطيع هذا المتصفح'), 'it says so');
    const reason = inner(element, '.detail > span', HTMLElement);
    expectEqual(reason.lang, 'en');
    expectEqual(reason.textContent, 'The video is Sorenson H.263.');
  });
});
