// The panel of figures that a button opens.

import type { SwarmStats } from '../../components/engine/swarm-stats.ts';
import type { P2pLive } from '../../components/index.ts';
import { expectEqual, expectSame, expectThat, until } from './expect.ts';
import { control, inner, mountPlaying, player, unmountAll } from './mount.ts';
import { joined, peer } from './mount-stats.ts';

const panel = (element: P2pLive) => inner(element, '.stats', HTMLElement);
/** What stands in each row, by its name. */
const rows = (element: P2pLive) =>
  Object.fromEntries(
    [...panel(element).querySelectorAll('dl > div')].map(row => [
      row.querySelector('dt')?.textContent ?? '',
      row.querySelector('dd')?.textContent ?? '',
    ]),
  );

async function open(element: P2pLive): Promise<void> {
  control(element, 'stats-button').click();
  await until(() => element.renderRoot.querySelector('.stats dl'), 'the panel is there');
}

let clock = 0;

/** Tells the figures of `seconds` seconds in which the counters grow as `swarm` says. */
function live(seconds: number, swarm: Partial<SwarmStats>): void {
  const { now } = performance;
  clock = Math.max(clock, now.call(performance));
  const { bytesPushed = 0, bytesPulled = 0, bytesFromRelay = 0, bytesUploaded = 0 } = swarm;
  try {
    for (let second = 1; second <= seconds; second++) {
      clock += 1_000;
      performance.now = () => clock;
      const counts = {
        bytesPushed: bytesPushed * second,
        bytesPulled: bytesPulled * second,
        bytesUploaded: bytesUploaded * second,
      };
      const all = joined({ ...swarm, ...counts });
      player().tell({ latency: 0.9, buffer: 0.6, bytesFromRelay: bytesFromRelay * second, swarm: all });
    }
  } finally {
    performance.now = now;
  }
}

describe('<p2p-live> statistics', () => {
  afterEach(unmountAll);

  it('opens and shuts by its button, which says so', async () => {
    const element = await mountPlaying();
    const button = control(element, 'stats-button');
    expectEqual(button.getAttribute('aria-expanded'), 'false');
    await open(element);
    expectEqual(button.getAttribute('aria-expanded'), 'true');
    expectEqual(panel(element).getAttribute('aria-label'), 'Statistics');
    button.click();
    await element.updateComplete;
    expectEqual(element.renderRoot.querySelector('.stats'), null);
    await open(element);
  });

  it('shows latency, buffer, neighbours and where the bytes came from', async () => {
    const element = await mountPlaying();
    await open(element);
    const peers = [peer('a'), peer('b'), peer('c')];
    live(6, { bytesPushed: 150_000, bytesPulled: 37_500, bytesFromRelay: 62_500, bytesUploaded: 125_000, peers });
    expectSame(rows(element), {
      Latency: '0.9s',
      Buffer: '0.6s',
      Received: '2.0 Mb/s',
      'From viewers': '75%',
      'From the relay': '25%',
      'Passed on': '1.0 Mb/s',
      Neighbours: '3',
    });
  });

  it('draws the last minute', async () => {
    const element = await mountPlaying();
    await open(element);
    live(80, { bytesPushed: 150_000, bytesFromRelay: 50_000 });
    const paths = [...panel(element).querySelectorAll('path')].map(path => path.getAttribute('d') ?? '');
    expectEqual(paths.length, 5, 'areas');
    const [latency = '', , viewers = '', relay = ''] = paths;
    // Along its upper edge and back along its lower edge.
    expectEqual(latency.split(/[ML]/).length - 1, 120, 'points');
    expectThat(latency.startsWith('M0,') && latency.includes('L59,'), 'from a minute ago to now');
    const top = (path: string) => Number(/,([\d.]+)/.exec(path)?.[1]);
    expectThat(
      Math.abs(top(viewers) - 7.5) < 0.1,
      `three quarters of the height are the viewers', not ${top(viewers)}`,
    );
    expectEqual(top(relay), 2, 'and the rest the relay’s');
  });

  it('starts over with another broadcast, and costs nothing while it is shut', async () => {
    const element = await mountPlaying();
    await open(element);
    live(6, { bytesPushed: 150_000 });
    live(2, { bytesPushed: 10 });
    const [path = ''] = [...panel(element).querySelectorAll('path')].map(each => each.getAttribute('d') ?? '');
    expectEqual(path.split(/[ML]/).length - 1, 2, 'points');
    const section = panel(element);
    control(element, 'stats-button').click();
    await element.updateComplete;
    const before = section.textContent;
    live(3, { bytesPushed: 150_000 });
    expectEqual(section.textContent, before);
  });
});
