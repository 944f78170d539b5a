// <p2p-publish> for everybody: what axe-core finds in every state, both themes, both directions; languages; narrow places.

import type { P2pPublish } from '../../components/publish/p2p-publish.ts';
import { expectEqual, expectThat, until } from './expect.ts';
import { FakePublication } from './fake-publication.ts';
import { DRESSES, dress, undress, violations } from './for-everybody.ts';
import { find, mountLive, mountPublish, press, publication, unmountPublish, words } from './mount-publish.ts';

const ATTRIBUTES = 'relay="https://relay.example" channel="lecture" token="t"';

/** Ways into each state. */
const STATES: Readonly<Record<string, () => Promise<P2pPublish>>> = {
  idle: () => mountPublish(ATTRIBUTES),
  ready: async () => {
    const element = await mountPublish(ATTRIBUTES);
    await element.prepare();
    return element;
  },
  connecting: async () => {
    const element = await mountPublish(ATTRIBUTES);
    element.start().catch(() => undefined);
    await until(() => FakePublication.made.length > 0, 'it connects');
    return element;
  },
  live: async () => {
    const element = await mountLive(ATTRIBUTES);
    publication().tell({ sentKbps: 380, targetKbps: 400 });
    return element;
  },
  'muted and dark': () => mountLive(`${ATTRIBUTES} muted camera-off`),
  'sound only': () => mountLive(`${ATTRIBUTES} source="microphone"`),
  'with a camera that is gone': async () => {
    const element = await mountLive(ATTRIBUTES);
    element.stream.getVideoTracks()[0]?.dispatchEvent(new Event('ended'));
    return element;
  },
  'with the settings open': async () => {
    const element = await mountLive(ATTRIBUTES);
    press(element, 'settings-button');
    return element;
  },
  ended: async () => {
    const element = await mountLive(ATTRIBUTES);
    await element.stop();
    return element;
  },
  failed: async () => {
    const element = await mountLive(ATTRIBUTES);
    publication().fail('not-allowed', 'the token has expired');
    return element;
  },
};

describe('<p2p-publish> for everybody', () => {
  afterEach(async () => {
    await unmountPublish();
    undress();
  });

  for (const dressed of DRESSES)
    it(`has nothing that axe finds, ${dressed.theme} and ${dressed.dir}`, async function () {
      this.timeout(40_000);
      dress(dressed);
      for (const [state, enter] of Object.entries(STATES)) {
        const element = await enter();
        await element.updateComplete;
        // What fades in has its contrast when it is there.
        await Promise.all(
          element.shadowRoot
            ?.getAnimations()
            .map(({ finished, effect }) => (effect?.getComputedTiming().iterations === 1 ? finished : undefined)) ?? [],
        );
        expectEqual(await violations(element), '', state);
        await unmountPublish();
      }
    });

  it('speaks the language of its place, and changes with it', async () => {
    document.documentElement.lang = 'de';
    const element = await mountPublish(ATTRIBUTES);
    await until(() => words(element).includes('Was möchten Sie zeigen?'), 'it speaks German');
    document.documentElement.lang = 'ar';
    await until(() => words(element).includes('ماذا تريد أن تعرض؟'), 'it speaks Arabic');
    expectEqual(find(element, '.frame', HTMLElement).lang, 'ar-u-nu-latn');
  });

  it('keeps all of its controls within, from 280 pixels on, in every language', async function () {
    this.timeout(20_000);
    const element = await mountLive(ATTRIBUTES);
    for (const lang of ['en', 'de', 'ar'])
      for (const width of [280, 320, 360, 420, 520, 700, 1_200]) {
        Object.assign(document.documentElement, { lang, dir: lang === 'ar' ? 'rtl' : 'ltr' });
        element.style.width = `${width}px`;
        await new Promise(requestAnimationFrame);
        await element.updateComplete;
        const frame = element.getBoundingClientRect();
        for (const button of element.renderRoot.querySelectorAll('button')) {
          const { left, right, top, bottom } = button.getBoundingClientRect();
          const isWithin = left >= frame.left && right <= frame.right && top >= frame.top && bottom <= frame.bottom;
          expectThat(
            isWithin,
            `${button.part} is within at ${width} pixels in ${lang}: ${left}–${right} of ${frame.width}`,
          );
        }
      }
  });
});
