// What axe-core finds against WCAG 2.2 AA in the dashboard, on every page and in every state, in both themes; and that it fits a phone.

import type { P2pAdmin } from '../../components/admin/p2p-admin.ts';
import { FakeAdmin } from '../support/fake-admin.ts';
import { fakeSwarm } from '../support/fake-admin-figures.ts';
import { all, mountAdmin, one, settled, unmountAdmin } from './admin-fakes.ts';
import { expectEqual, expectThat, until } from './expect.ts';
import { dress, undress, violations } from './for-everybody.ts';

const PHONE = 390;

function relay(change: (relay: FakeAdmin) => void = () => undefined): FakeAdmin {
  const made = new FakeAdmin();
  change(made);
  return made;
}

async function opened(admin: P2pAdmin, selector: string): Promise<P2pAdmin> {
  one(admin, selector).click();
  await until(() => all(admin, 'dialog[open]').length === 1, 'the dialog is open');
  return admin;
}

/** Ways into each state; `width` in pixels. */
const STATES: Readonly<Record<string, (width: number) => Promise<P2pAdmin>>> = {
  'signed out': width =>
    mountAdmin(
      relay(one => (one.isSignedIn = false)),
      '#/overview',
      width,
    ),
  overview: width => mountAdmin(relay(), '#/overview', width),
  'relay away, draining, not recording': async width => {
    const made = relay(one => {
      one.status = {
        ...one.status,
        draining: true,
        recordings: { bytes: 0, freeBytes: 12e6, stopped: 'the disk is full' },
      };
    });
    const admin = await mountAdmin(made, '#/overview', width);
    made.isGone = true;
    document.dispatchEvent(new Event('visibilitychange'));
    await until(() => all(admin, '.away').length === 1, 'it says so');
    return admin;
  },
  channels: width => mountAdmin(relay(), '#/channels', width),
  'no channels': width =>
    mountAdmin(
      relay(one => (one.channels = [])),
      '#/channels',
      width,
    ),
  'adding a channel': async width => opened(await mountAdmin(relay(), '#/channels', width), '.add'),
  'a channel': width => mountAdmin(relay(), '#/channels/lecture', width),
  'a channel that fails, alone': width =>
    mountAdmin(
      relay(one => {
        one.swarm = fakeSwarm(0);
        one.viewers = [];
      }),
      '#/channels/camera%2Fsouth-gate',
      width,
    ),
  'a crowd, one chosen': async width => {
    const admin = await mountAdmin(
      relay(one => (one.swarm = fakeSwarm(120))),
      '#/channels/lecture',
      width,
    );
    one(admin, '.star').dispatchEvent(new MouseEvent('click', { bubbles: true }));
    await until(() => all(admin, '.side h3').length === 1, 'who it is');
    return admin;
  },
  recordings: width => mountAdmin(relay(), '#/recordings', width),
  'deleting a recording': async width =>
    opened(await mountAdmin(relay(), '#/recordings', width), '.remove:not([disabled])'),
  log: width => mountAdmin(relay(), '#/log', width),
};

describe('<p2p-admin> for everybody', () => {
  afterEach(() => {
    unmountAdmin();
    undress();
  });

  for (const [theme, width] of [
    ['light', 1_280],
    ['dark', PHONE],
  ] as const)
    it(`has nothing that axe finds, ${theme} and ${width} pixels wide`, async function () {
      this.timeout(60_000);
      for (const [state, enter] of Object.entries(STATES)) {
        localStorage.setItem('p2p-admin-theme', theme);
        const admin = await enter(width);
        dress({ theme, dir: 'ltr', lang: 'en' });
        await settled(admin);
        expectEqual(await violations(admin), '', `violations: ${state}`);
        unmountAdmin();
      }
    });

  it('is found out by axe when something is wrong', async () => {
    const admin = await mountAdmin();
    one(admin, 'button.leave').removeAttribute('aria-label');
    one(admin, 'button.leave').removeAttribute('title');
    expectEqual((await violations(admin)).split(' ')[0], 'button-name');
  });

  it('fits a phone: nothing is wider than it, and fingers find every button', async function () {
    this.timeout(30_000);
    for (const [state, enter] of Object.entries(STATES)) {
      const admin = await enter(PHONE);
      expectThat(
        document.documentElement.scrollWidth <= PHONE,
        `${state}: ${document.documentElement.scrollWidth} pixels`,
      );
      for (const button of all(admin, 'button, nav a, a.button, .way a')) {
        const { width, height, right } = button.getBoundingClientRect();
        if (width === 0) continue;
        expectThat(
          height >= 40 && width >= 40,
          `${state}: ${button.className} ${button.ariaLabel} ${width} × ${height}`,
        );
        expectThat(right <= PHONE + 1, `${state}: ${button.className} ends at ${right}`);
      }
      unmountAdmin();
    }
  });
});
