// <p2p-stats>: what it draws and says in every state.

import { NO_SWARM } from '../../components/engine/swarm-stats.ts';
import { statsStrings } from '../../components/index.ts';
import { expectEqual, expectSame, expectThat } from './expect.ts';
import { mountPlaying, player, unmountAll } from './mount.ts';
import { all, joined, mountStats, PLAYER, peer, says, spoken, tell, words } from './mount-stats.ts';

describe('<p2p-stats>', () => {
  afterEach(unmountAll);

  it('says so when there is no such player', async () => {
    const element = await mountStats('for="nobody"');
    expectEqual(says(element), statsStrings.says.missing('nobody'));
    expectEqual(spoken(element), statsStrings.says.missing('nobody'));
    const bare = await mountStats('');
    expectEqual(says(bare), statsStrings.says.missing(''));
  });

  it('says so while nothing plays, and after it', async () => {
    const video = await mountPlaying(PLAYER);
    video.stop();
    const element = await mountStats();
    expectEqual(says(element), statsStrings.says.idle);
    expectEqual(all(element, '.strand').length, 0);
    video.play().catch(() => undefined);
    await tell(element, { ...NO_SWARM, state: 'relay-only' });
    expectEqual(says(element), statsStrings.says.alone);
    video.stop();
    await element.updateComplete;
    expectEqual(says(element), statsStrings.says.idle);
  });

  it('tells apart why there are no neighbours', async () => {
    const video = await mountPlaying(PLAYER);
    const element = await mountStats();
    await tell(element, NO_SWARM);
    expectEqual(says(element), statsStrings.says.idle, 'before anything came');
    await tell(element, { ...NO_SWARM, bytesFromRelay: 5_000 });
    expectEqual(says(element), statsStrings.says.off);
    video.p2pPrivacy = true;
    await tell(element, NO_SWARM);
    expectEqual(says(element), statsStrings.says.private);
    await tell(element, { ...NO_SWARM, state: 'relay-only' });
    expectEqual(says(element), statsStrings.says.alone);
    expectEqual(all(element, '.ghosts').length, 1);
    await tell(element, { ...NO_SWARM, state: 'relay-only', peers: [peer('a', { state: 'connecting' })] });
    expectEqual(says(element), statsStrings.says.meeting);
    expectEqual(all(element, '.ghosts').length, 0);
    expectEqual(all(element, '.peer.connecting').length, 1);
  });

  it('counts as sharing when only the relay gives, but others take', async () => {
    await mountPlaying(PLAYER);
    const element = await mountStats();
    const peers = [peer('a', { takes: [0, 1] }), peer('b', { state: 'connecting' })];
    await tell(element, { ...NO_SWARM, state: 'relay-only', stripes: 4, relayStripes: [0, 1, 2, 3], peers });
    expectEqual(says(element), 'You give to 1 viewer');
    expectEqual(all(element, '.strand.in.pushed').length, 4);
    await tell(element, {
      ...NO_SWARM,
      state: 'relay-only',
      stripes: 4,
      relayStripes: [0, 1, 2, 3],
      peers: [peer('a')],
    });
    expectEqual(says(element), 'Connected with other viewers');
  });

  it('shows what the relay sends where there is no swarm', async () => {
    await mountPlaying(PLAYER);
    const element = await mountStats();
    player().tell({ swarm: NO_SWARM, bytesFromRelay: 4_000_000 });
    await element.updateComplete;
    expectEqual(words(element, '.relayed dd small')[0], '4.0 MB');
  });

  it('draws who gives, who takes, who is held ready, and how much', async () => {
    await mountPlaying(PLAYER);
    const element = await mountStats();
    const peers = [
      peer('giver', { gives: [0, 1], bytesIn: 60_000 }),
      peer('taker', { takes: [0], bytesOut: 50_000 }),
      peer('both', { gives: [2], takes: [1], bytesIn: 30_000, bytesOut: 50_000, roundTripMs: null }),
      peer('spare'),
    ];
    await tell(
      element,
      joined({
        relayStripes: [3],
        bytesPushed: 90_000,
        bytesPulled: 3_000,
        bytesFromRelay: 7_000,
        bytesUploaded: 100_000,
        duplicateChunks: 5,
        rejectedChunks: 2,
        deadlineFallbacks: 4,
        hops: 1.75,
        uploadKbps: 4_200,
        peers,
      }),
    );
    expectEqual(all(element, '.peer').length, 4);
    expectEqual(all(element, '.strand.in.pushed').length, 4, 'three stripes of viewers, one of the relay');
    expectEqual(all(element, '.strand.out.pushed').length, 2);
    expectEqual(all(element, '.strand.spare').length, 1);
    expectEqual(says(element), '2 viewers give to you, you give to 2');
    expectEqual(
      spoken(element),
      '93 percent of the stream comes from other viewers. 4 neighbours: 2 give, 2 take. The relay pushes 1 of 4 stripes.',
    );
    expectEqual(words(element, '.big')[0], '93% from other viewers');
    expectSame(words(element, '.rates dd'), [
      '720 kbit/s 90 kB',
      '24 kbit/s 3 kB',
      '56 kbit/s 7 kB',
      '800 kbit/s 100 kB',
    ]);
    expectSame(words(element, '.small dd'), ['93 %', '3 of 4', '1.8', '4.2 Mbit/s', '4', '5 · 2']);
    const label = all(element, '.chart svg')[0]?.getAttribute('aria-label');
    expectEqual(label, statsStrings.spoken.chart('800 kbit/s', '800 kbit/s'));
    for (const kind of ['pushed', 'pulled', 'relayed', 'uploaded'])
      expectThat(Boolean(all(element, `.chart .${kind}`)[0]?.getAttribute('d')), `there is a bar for what is ${kind}`);
  });

  it('lists the neighbours in words', async () => {
    await mountPlaying(PLAYER);
    const element = await mountStats();
    expectSame(words(element, 'summary'), ['No neighbours yet']);
    const peers = [
      peer('a1b2c3d4', { gives: [3, 0], bytesIn: 80_000 }),
      peer('e5', { state: 'connecting', roundTripMs: null }),
      peer('f6'),
    ];
    await tell(element, joined({ peers }));
    expectSame(words(element, 'summary'), ['3 neighbours']);
    const rows = words(element, 'tbody tr');
    const names = words(element, 'tbody th').map(text => text.split(' ')[0]);
    expectEqual(new Set(names).size, 3);
    expectSame(rows, [
      `${names[0]} a1b2c3 23 ms 14 640 kbit/s –`,
      `${names[1]} e5 connecting – –`,
      `${names[2]} f6 23 ms, spare – –`,
    ]);
  });

  it('stays where it is, and keeps its size, whatever happens', async () => {
    await mountPlaying(PLAYER);
    for (const width of [280, 420, 768, 1280]) {
      const element = await mountStats('for="player"', width);
      const { offsetHeight } = element;
      const many = Array.from({ length: 16 }, (_, index) =>
        peer(`peer-${index}`, { gives: [index % 4], bytesIn: 5e7 }),
      );
      await tell(element, joined({ peers: many, bytesPushed: 123_456_789, bytesUploaded: 987_654_321, hops: 2 }));
      expectEqual(all(element, '.peer').length, 16);
      expectEqual(element.offsetHeight, offsetHeight, `height at ${width}`);
      expectEqual(element.offsetWidth, width);
      const sticksOut = all(element, '.board *').filter(
        part =>
          !part.closest('.scroll, svg') &&
          part.getBoundingClientRect().right > element.getBoundingClientRect().right + 0.5,
      );
      expectSame(
        sticksOut.map(({ className }) => className),
        [],
        `sticks out at ${width}`,
      );
      element.parentElement?.remove();
    }
  });
});
