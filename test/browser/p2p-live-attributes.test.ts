// Attributes, properties and what comes of them.

import { P2pLive } from '../../components/index.ts';
import { expectEqual, expectSame, expectThat, nextEvent } from './expect.ts';
import { FakePlayer } from './fake-player.ts';
import { inner, mount, mountPlaying, player, unmountAll } from './mount.ts';

function target() {
  const { relay, name, targetLatency } = player().options;
  return { relay, name, targetLatency };
}

describe('<p2p-live> attributes and properties', () => {
  afterEach(unmountAll);

  it('reads every attribute', async () => {
    const element = await mount(
      'relay="https://a.example/x/" name="room/a" autoplay muted controls volume="0.25" poster="data:,p" target-latency="2.5"',
    );
    const { relay, name, autoplay, muted, controls, volume, poster, targetLatency } = element;
    expectSame(
      { relay, name, autoplay, muted, controls, volume, poster, targetLatency },
      {
        relay: 'https://a.example/x/',
        name: 'room/a',
        autoplay: true,
        muted: true,
        controls: true,
        volume: 0.25,
        poster: 'data:,p',
        targetLatency: 2.5,
      },
    );
    expectSame(target(), { relay: 'https://a.example/x', name: 'room/a', targetLatency: 2.5 });
    expectEqual(inner(element, 'video', HTMLVideoElement).getAttribute('poster'), 'data:,p');
  });

  it('reflects the properties that describe it, and adds no attribute of its own', async () => {
    const element = await mount('');
    expectSame(element.getAttributeNames(), []);
    element.relay = 'https://b.example';
    element.name = 'two';
    element.controls = true;
    element.poster = 'data:,q';
    await element.updateComplete;
    expectSame(element.getAttributeNames().sort(), ['controls', 'name', 'poster', 'relay']);
    element.controls = false;
    element.poster = '';
    await element.updateComplete;
    expectSame(element.getAttributeNames().sort(), ['name', 'relay']);
  });

  it('forgives bad numbers in attributes and throws on bad ones in properties', async () => {
    const element = await mount('volume="loud" target-latency="-3"');
    expectEqual(element.volume, 1);
    expectEqual(element.targetLatency, 0.85);
    element.setAttribute('volume', '7');
    expectEqual(element.volume, 1);
    let thrown: unknown;
    try {
      element.volume = 2;
    } catch (cause) {
      thrown = cause;
    }
    expectThat(thrown instanceof DOMException, 'volume = 2 throws');
  });

  it('honours properties that were set before the element was defined', async () => {
    const tag = `late-${Math.random().toString(36).slice(2)}`;
    const early = document.createElement(tag);
    Object.assign(early, { relay: 'https://c.example', name: 'early', volume: 0.5, muted: true, autoplay: true });
    const holder = document.createElement('div');
    holder.className = 'holder';
    holder.append(early);
    document.body.append(holder);
    customElements.define(tag, class extends P2pLive {});
    expectThat(early instanceof P2pLive, 'it is upgraded');
    await early.updateComplete;
    expectEqual(early.volume, 0.5);
    expectEqual(early.muted, true);
    expectSame(target(), { relay: 'https://c.example', name: 'early', targetLatency: 0.85 });
  });

  it('connects nothing without autoplay until play()', async () => {
    const element = await mount('name="lecture" controls');
    expectEqual(FakePlayer.made.length, 0);
    expectEqual(element.paused, true);
    expectEqual(element.state, 'idle');
    element.play().catch(() => undefined);
    expectEqual(FakePlayer.made.length, 1);
    expectEqual(element.paused, false);
    expectEqual(element.state, 'connecting');
  });

  it('reconnects when relay or name change, once for both', async () => {
    const element = await mountPlaying();
    const first = player();
    element.setAttribute('relay', 'https://d.example');
    element.name = 'other';
    await element.updateComplete;
    expectEqual(first.stopped, true, 'the first player is stopped');
    expectEqual(FakePlayer.made.length, 2);
    expectSame(target(), { relay: 'https://d.example', name: 'other', targetLatency: 0.85 });
    expectEqual(element.paused, false);
  });

  it('passes a new target latency on without reconnecting', async () => {
    const element = await mountPlaying();
    element.setAttribute('target-latency', '3');
    await element.updateComplete;
    expectEqual(player().targetLatency, 3);
    expectEqual(FakePlayer.made.length, 1);
  });

  it('shows another token without reconnecting, and never writes it into the page', async () => {
    const element = await mountPlaying('name="lecture" token="first"');
    expectEqual(player().options.token, 'first');
    element.token = 'second';
    await element.updateComplete;
    expectEqual(player().token, 'second');
    expectEqual(FakePlayer.made.length, 1);
    expectEqual(element.getAttribute('token'), 'first');
  });

  it('tries again with another token where it was not allowed to watch, and after no other failure', async () => {
    const element = await mountPlaying();
    for (const [code, players] of [
      ['bad-version', 1],
      ['not-allowed', 2],
    ] as const) {
      player().fail(code, 'it says no');
      element.token = `token for ${code}`;
      await element.updateComplete;
      expectEqual(FakePlayer.made.length, players, code);
      if (players === 1) {
        element.load();
        FakePlayer.made.splice(0, 1);
      }
    }
    expectEqual(player().options.token, 'token for not-allowed');
    expectEqual(element.error, null);
  });

  it('uses the page’s own relay when none is named', async () => {
    await mount('name="lecture" autoplay muted');
    expectEqual(player().options.relay, location.origin);
  });

  it('starts when autoplay comes later', async () => {
    const element = await mount('name="lecture" muted');
    element.autoplay = true;
    await element.updateComplete;
    expectEqual(FakePlayer.made.length, 1);
  });

  it('tells the volume', async () => {
    const element = await mount();
    const changed = nextEvent(element, 'volumechange');
    element.volume = 0.3;
    await changed;
    expectEqual(element.volume, 0.3);
  });
});
