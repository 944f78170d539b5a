// <p2p-stats>: what it draws and says in every state, and whom it follows.

import '../../components/stats/define-stats.ts';
import { NO_SWARM, type PeerView, type SwarmStats } from '../../components/engine/swarm-stats.ts';
import { P2pStats, statsStrings } from '../../components/index.ts';
import { expectEqual, expectSame, expectThat, until } from './expect.ts';
import { mountPlaying, player, unmountAll } from './mount.ts';

const PLAYER = 'id="player" name="lecture"';

function peer(id: string, figures: Partial<PeerView> = {}): PeerView {
  return { id, state: 'connected', gives: [], takes: [], bytesIn: 0, bytesOut: 0, roundTripMs: 23, ...figures };
}

function joined(figures: Partial<SwarmStats> = {}): SwarmStats {
  return { ...NO_SWARM, state: 'joined', stripes: 4, ...figures };
}

async function mountStats(attributes = 'for="player"', width = 700): Promise<P2pStats> {
  const holder = document.createElement('div');
  holder.className = 'holder';
  holder.style.width = `${width}px`;
  holder.innerHTML = `<p2p-stats ${attributes}></p2p-stats>`;
  document.body.append(holder);
  const element = holder.firstElementChild;
  if (!(element instanceof P2pStats)) throw new Error('<p2p-stats> is not defined');
  await until(() => all(element, '.drawing').length === 1, 'it is drawn');
  return element;
}

const all = (element: P2pStats, selector: string) => [...element.renderRoot.querySelectorAll(selector)];
const words = (element: P2pStats, selector: string) =>
  all(element, selector).map(({ textContent }) => textContent.replace(/\s+/g, ' ').trim());
const says = (element: P2pStats) => words(element, '.say')[0];
const spoken = (element: P2pStats) => all(element, '.drawing')[0]?.getAttribute('aria-label') ?? '';

/** Lets the counters start over, and grow from nothing to `swarm` within a second. */
async function tell(element: P2pStats, swarm: SwarmStats): Promise<void> {
  const clock = performance.now;
  const start = clock.call(performance);
  const peers = swarm.peers.map(one => ({ ...one, bytesIn: 0, bytesOut: 0 }));
  try {
    performance.now = () => start + 1_000;
    player().tell({ swarm: { ...NO_SWARM, bytesPushed: Number.MAX_SAFE_INTEGER } });
    performance.now = () => start + 2_000;
    player().tell({ swarm: { ...swarm, bytesPushed: 0, bytesPulled: 0, bytesFromRelay: 0, bytesUploaded: 0, peers } });
    performance.now = () => start + 3_000;
    player().tell({ swarm });
  } finally {
    performance.now = clock;
  }
  await element.updateComplete;
}

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

  it('follows the player when it comes later, is replaced, or is another one', async () => {
    const element = await mountStats();
    expectEqual(says(element), statsStrings.says.missing('player'));
    const first = await mountPlaying(PLAYER);
    await until(() => says(element) === statsStrings.says.off, 'it sees the player that came');
    await tell(element, joined({ peers: [peer('a')] }));
    expectEqual(all(element, '.peer').length, 1);
    first.parentElement?.remove();
    await until(() => says(element) === statsStrings.says.missing('player'), 'it sees that the player is gone');
    expectEqual(all(element, '.peer').length, 0);
    await mountPlaying(PLAYER);
    await tell(element, joined({ peers: [peer('b'), peer('c')] }));
    await until(() => all(element, '.peer').length === 2, 'it follows the new one');
    await mountPlaying('id="other" name="two"');
    element.setAttribute('for', 'other');
    await element.updateComplete;
    await until(() => says(element) === statsStrings.says.off, 'it shows the other one');
    expectEqual(element.htmlFor, 'other');
  });

  it('starts over with another broadcast', async () => {
    await mountPlaying(PLAYER);
    const element = await mountStats();
    await tell(element, joined({ bytesPushed: 500_000 }));
    expectEqual(words(element, '.big strong')[0], '100%');
    player().tell({ swarm: joined({ bytesFromRelay: 10 }) });
    await element.updateComplete;
    expectEqual(words(element, '.big strong')[0], '–%');
  });

  it('stands still where nobody sees it, and goes on when it is back', async () => {
    await mountPlaying(PLAYER);
    const element = await mountStats();
    const flow = () => {
      const drawing = all(element, '.drawing')[0];
      return drawing ? getComputedStyle(drawing).animationPlayState : 'none';
    };
    await tell(element, joined({ relayStripes: [0], bytesFromRelay: 50_000 }));
    await until(() => flow() === 'running', 'dots move');
    const holder = element.parentElement!; // mountStats() put it there
    holder.style.marginTop = '5000px';
    await until(() => flow() === 'paused', 'dots stand still');
    await tell(element, joined({ relayStripes: [0], bytesFromRelay: 50_000, peers: [peer('late')] }));
    expectEqual(all(element, '.peer').length, 0, 'nothing is drawn for nobody');
    holder.style.marginTop = '0';
    await until(() => flow() === 'running' && all(element, '.peer').length === 1, 'it is up to date again');
  });

  it('lets go of the player when it is removed, and takes it up again', async () => {
    await mountPlaying(PLAYER);
    const element = await mountStats();
    const holder = element.parentElement!; // mountStats() put it there
    element.remove();
    player().tell({ swarm: joined({ peers: [peer('a')] }) });
    await element.updateComplete;
    expectEqual(says(element), statsStrings.says.missing('player'));
    holder.append(element);
    await until(() => all(element, '.peer').length === 1, 'it draws again');
    holder.style.width = '300px';
    await until(() => all(element, '.drawing')[0]?.getAttribute('viewBox')?.startsWith('0 0 300 '), 'it fits again');
  });
});
