// The terms on which an element joins the swarm: attributes, the viewer's connection, the page's consent, what is remembered.

import { NO_SWARM } from '../../components/engine/swarm-stats.ts';
import type { P2pConsentDetail, P2pLive } from '../../components/index.ts';
import { expectEqual, expectSame, expectThat, nextEvent } from './expect.ts';
import { FakePlayer } from './fake-player.ts';
import { mount, mountPlaying, player, unmountAll } from './mount.ts';

const OPEN = { mode: 'on', maxUploadKbps: null, maxUploadBytes: null, knownUploadKbps: null };

/** Lets the viewer's connection say `saveData`, until the test is over. */
function saveData(on: boolean): void {
  // Not in TypeScript's DOM.
  const connection: unknown = Reflect.get(navigator, 'connection');
  expectThat(connection instanceof EventTarget, 'Chromium tells of the connection');
  Object.defineProperty(connection, 'saveData', { configurable: true, get: () => on });
  connection.dispatchEvent(new Event('change'));
}

/** Answers the element's question with `listener`, and counts how often it is asked. */
function onConsent(element: P2pLive, listener: (event: Event, detail: P2pConsentDetail) => void): { asked: number } {
  const count = { asked: 0 };
  element.addEventListener('p2pconsent', event => {
    count.asked++;
    expectThat(event instanceof CustomEvent, 'it is a CustomEvent');
    listener(event, event.detail);
  });
  return count;
}

/** What a promise is by now. */
const sight = (promise: Promise<boolean>) => Promise.race([promise, Promise.resolve('open')]);

describe('<p2p-live> in the swarm', () => {
  afterEach(async () => {
    Reflect.deleteProperty(Reflect.get(navigator, 'connection'), 'saveData');
    localStorage.removeItem('p2p-live:uplink');
    await unmountAll();
  });

  it('is on without limits unless told otherwise, and adds no attributes', async () => {
    const element = await mount('name="a" autoplay muted');
    expectSame(player().options.swarm, OPEN);
    expectSame(element.getAttributeNames().sort(), ['autoplay', 'muted', 'name']);
  });

  it('reads its attributes', async () => {
    const element = await mount(
      'name="a" autoplay muted p2p="download-only" max-upload-kbps="800" max-upload-mb="1.5" p2p-cellular',
    );
    const { p2p, maxUploadKbps, maxUploadMb, p2pCellular, p2pPrivacy } = element;
    expectSame([p2p, maxUploadKbps, maxUploadMb, p2pCellular, p2pPrivacy], ['download-only', 800, 1.5, true, false]);
    expectSame(player().options.swarm, {
      ...OPEN,
      mode: 'download-only',
      maxUploadKbps: 800,
      maxUploadBytes: 1_500_000,
    });
  });

  it('takes bad values for none', async () => {
    const element = await mount('name="a" autoplay muted p2p="maybe" max-upload-kbps="fast" max-upload-mb="-1"');
    expectSame([element.p2p, element.maxUploadKbps, element.maxUploadMb], ['on', null, null]);
    expectSame(player().options.swarm, OPEN);
  });

  it('changes its terms while it plays, with the same player', async () => {
    const element = await mountPlaying();
    const modes: [string, string, string][] = [
      ['p2p', 'off', 'off'],
      ['p2p', 'on', 'on'],
      ['p2p', 'download-only', 'download-only'],
      ['p2p-privacy', '', 'off'],
    ];
    for (const [attribute, value, mode] of modes) {
      element.setAttribute(attribute, value);
      await element.updateComplete;
      expectEqual(player().swarm.mode, mode, `${attribute}="${value}"`);
    }
    element.p2pPrivacy = false;
    element.p2p = 'on';
    element.maxUploadKbps = 300;
    element.maxUploadMb = 20;
    await element.updateComplete;
    expectSame(player().swarm, { ...OPEN, maxUploadKbps: 300, maxUploadBytes: 20_000_000 });
    element.removeAttribute('p2p');
    element.maxUploadKbps = null;
    element.maxUploadMb = 0;
    await element.updateComplete;
    expectSame(player().swarm, OPEN);
    expectEqual(FakePlayer.made.length, 1);
  });

  it('only takes while the connection is precious, and follows it', async () => {
    const element = await mountPlaying();
    saveData(true);
    expectEqual(player().swarm.mode, 'download-only');
    element.p2pCellular = true;
    await element.updateComplete;
    expectEqual(player().swarm.mode, 'on');
    element.p2pCellular = false;
    await element.updateComplete;
    expectEqual(player().swarm.mode, 'download-only');
    saveData(false);
    expectEqual(player().swarm.mode, 'on');
  });

  it('lets go of the connection when it is removed, and sees it again when it is back', async () => {
    const element = await mountPlaying();
    const first = player();
    element.remove();
    await Promise.resolve();
    saveData(true);
    expectEqual(first.swarm.mode, 'on', 'nobody tells a player that is gone');
    document.body.append(element);
    await element.updateComplete;
    expectEqual(player().swarm.mode, 'download-only');
    element.remove();
  });

  it('counts the limit of a visit over all its players', async () => {
    const element = await mountPlaying('name="a" max-upload-mb="10"');
    player().tell({ swarm: { ...NO_SWARM, state: 'joined', bytesUploaded: 4_000_000 } });
    element.name = 'b';
    await element.updateComplete;
    expectEqual(player().options.swarm.maxUploadBytes, 6_000_000);
    player().tell({ swarm: { ...NO_SWARM, state: 'joined', bytesUploaded: 6_000_000 } });
    element.name = 'c';
    await element.updateComplete;
    expectSame(player().options.swarm, { ...OPEN, mode: 'download-only', maxUploadBytes: 0 });
  });

  it('remembers the uplink of one visit for the next', async () => {
    await mountPlaying();
    player().tell({ swarm: { ...NO_SWARM, state: 'joined', bytesUploaded: 50_000, uploadKbps: 9_000 } });
    expectEqual(localStorage.getItem('p2p-live:uplink'), null, 'a guess is not kept');
    player().tell({ swarm: { ...NO_SWARM, state: 'joined', bytesUploaded: 5_000_000, uploadKbps: 4_321 } });
    await unmountAll();
    await mount('name="a" autoplay muted');
    expectSame(player().options.swarm, { ...OPEN, knownUploadKbps: 4_321 });
  });

  it('has consent when nobody minds', async () => {
    const element = await mountPlaying();
    const count = onConsent(element, () => undefined);
    expectEqual(count.asked, 0, 'asked before the first connection only');
    expectEqual(await player().options.consent(), true);
    expectEqual(await player().options.consent(), true);
    expectEqual(count.asked, 1);
  });

  it('waits for a page that wants to ask, and plays meanwhile', async () => {
    const element = await mountPlaying();
    let answer: P2pConsentDetail | undefined;
    const count = onConsent(element, (event, detail) => {
      event.preventDefault();
      answer = detail;
    });
    const consent = player().options.consent();
    expectEqual(await sight(consent), 'open');
    expectEqual(element.state, 'playing');
    answer?.allow();
    answer?.deny();
    expectEqual(await consent, true, 'the first answer counts');
    expectEqual(count.asked, 1);
  });

  it('remembers a refusal for as long as it lives', async () => {
    const element = await mountPlaying();
    const count = onConsent(element, (event, detail) => {
      event.preventDefault();
      detail.deny();
      detail.allow();
    });
    expectEqual(await player().options.consent(), false);
    element.name = 'other';
    await element.updateComplete;
    expectEqual(FakePlayer.made.length, 2);
    expectEqual(await player().options.consent(), false);
    expectEqual(count.asked, 1);
  });

  it('takes a refusal without preventDefault() for what it is', async () => {
    const element = await mountPlaying();
    onConsent(element, (_event, detail) => detail.deny());
    expectEqual(await player().options.consent(), false);
  });

  it('tells of the swarm by `stats` and its event', async () => {
    const element = await mountPlaying();
    expectEqual(element.stats?.swarm.state, 'off');
    const told = nextEvent(element, 'stats');
    const swarm = { ...NO_SWARM, state: 'joined', stripes: 4, bytesPushed: 12 } as const;
    player().tell({ swarm });
    const event = await told;
    expectThat(event instanceof CustomEvent, 'it is a CustomEvent');
    expectSame(event.detail.swarm, swarm);
    expectSame(element.stats?.swarm, swarm);
  });
});
