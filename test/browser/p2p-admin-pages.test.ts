// The dashboard's pages of channels and recordings, in front of a made-up relay: what they show, and what they ask of it.

import { P2pLive } from '../../components/p2p-live.ts';
import { FakeAdmin } from '../support/fake-admin.ts';
import { fakeSwarm } from '../support/fake-admin-figures.ts';
import { all, deeds, fill, mountAdmin, one, text, unmountAdmin } from './admin-fakes.ts';
import { expectEqual, expectSame, expectThat, until } from './expect.ts';

describe('<p2p-admin> with channels and recordings', () => {
  afterEach(unmountAdmin);

  it('lists channels by importance, and starts and stops their sources', async () => {
    const relay = new FakeAdmin();
    const admin = await mountAdmin(relay, '#/channels');
    expectSame(all(admin, 'tbody a').map(text), [
      'camera/north-gate',
      'lecture',
      'radio',
      'room/tea/ada',
      'camera/south-gate',
      'news',
    ]);
    const switches = () => all(admin, '.switch').map(button => button.ariaLabel);
    expectSame(switches(), ['Stop camera/north-gate', 'Stop radio', 'Stop camera/south-gate', 'Start news']);
    all(admin, '.switch')[3]!.click();
    await until(() => switches()[3] === 'Stop news', 'it was started');
    expectSame(deeds(relay), ['POST channels/news/start']);
  });

  it('adds a channel, and says what is wrong with a name or a source', async () => {
    const relay = new FakeAdmin();
    const admin = await mountAdmin(relay, '#/channels');
    one(admin, '.add').click();
    await until(() => all(admin, '[name=name]').length === 1, 'the form is open');
    fill(one(admin, '[name=name]'), 'two words');
    one(admin, 'button[type=submit]').click();
    await until(() => text(one(admin, '.fault')).startsWith('A name is made of'), 'the name is wrong');
    expectEqual(relay.deeds.length, 0, 'deeds');
    fill(one(admin, '[name=name]'), 'camera/yard');
    fill(one(admin, '[name=url]'), 'gopher://example');
    relay.refusal = { status: 400, message: 'source.url: no source can be fetched by gopher' };
    one(admin, 'button[type=submit]').click();
    await until(() => text(one(admin, '.fault')).includes('gopher'), 'the relay says what is wrong');
    fill(one(admin, '[name=url]'), 'https://camera.example/live.flv');
    one(admin, '[value=on-demand]').click();
    one(admin, '[name=record]').click();
    one(admin, 'button[type=submit]').click();
    await until(() => all(admin, '[name=name]').length === 0, 'it is added');
    expectSame(relay.deeds.at(-1), {
      deed: 'PATCH channels/camera%2Fyard',
      body: { record: true, source: { url: 'https://camera.example/live.flv', when: 'on-demand' } },
    });
    await until(() => all(admin, 'tbody a').some(link => text(link) === 'camera/yard'), 'it is listed');
  });

  it('says where there is nothing yet', async () => {
    const relay = new FakeAdmin();
    relay.channels = [];
    relay.recordings = [];
    relay.log = [];
    for (const [hash, words] of [
      ['#/channels', 'No channels yet'],
      ['#/recordings', 'No recordings'],
      ['#/log', 'Nothing was logged yet.'],
      ['#/channels/nobody', 'There is no channel nobody'],
    ] as const) {
      const admin = await mountAdmin(relay, hash);
      await until(() => all(admin, '.empty').some(part => text(part).startsWith(words)), words);
      unmountAdmin();
    }
  });

  it('shows a channel with its picture, and draws its swarm stripe by stripe', async () => {
    const relay = new FakeAdmin();
    const admin = await mountAdmin(relay, '#/channels/lecture');
    expectEqual(text(one(admin, 'h1')), 'lecture');
    expectEqual(one(admin, 'p2p-live').getAttribute('name'), 'lecture');
    expectEqual(all(admin, '.star').length, 17, 'members');
    const feeds = relay.swarm.members.reduce((sum, { parents }) => sum + parents.filter(Boolean).length, 0);
    expectEqual(all(admin, '.strand').length, feeds, 'strands');
    one(admin, '[aria-label="Stripe 2"]').click();
    await until(() => all(admin, '.strand').length === 17, 'only those of a stripe');
    expectThat(
      all(admin, '.strand').every(strand => strand.classList.contains('c1')),
      'in its colour',
    );
    const star = one(admin, '.star');
    star.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' }));
    await until(() => all(admin, '.side h3').length === 1, 'who it is');
    expectEqual(star.getAttribute('aria-pressed'), 'true');
    const reachable = () => all(admin, '.star[tabindex="0"]');
    expectEqual(reachable().length, 1, 'the tab key leads to one');
    star.focus();
    star.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft', bubbles: true }));
    await until(() => reachable()[0] === all(admin, '.star').at(-1), 'arrows lead on');
    expectEqual(one(admin, 'p2p-admin-swarm').shadowRoot?.activeElement, reachable()[0]);
    relay.swarm = fakeSwarm(30);
    document.dispatchEvent(new Event('visibilitychange'));
    await until(() => all(admin, '.star').length === 30, 'it follows');
  });

  it('draws no more of a large swarm than can be seen, and says so', async () => {
    const relay = new FakeAdmin();
    relay.swarm = { ...fakeSwarm(1_000), size: 4_200 };
    const admin = await mountAdmin(relay, '#/channels/lecture');
    expectEqual(all(admin, '.star').length, 400, 'members drawn');
    expectEqual(text(one(admin, '.more')), '400 of 4,200 are drawn');
  });

  it('removes a channel that was added here only when told twice', async () => {
    const relay = new FakeAdmin();
    const admin = await mountAdmin(relay, '#/channels/camera%2Fnorth-gate');
    one(admin, '.source .remove').click();
    await until(() => all(admin, '.question').length === 1, 'it asks');
    expectEqual(deeds(relay).length, 0, 'deeds');
    one(admin, '.answers .danger').click();
    await until(() => location.hash === '#/channels', 'it leaves');
    expectSame(deeds(relay), ['DELETE channels/camera%2Fnorth-gate']);
  });

  it('disconnects a viewer, and the publisher only when told twice', async () => {
    const relay = new FakeAdmin();
    const admin = await mountAdmin(relay, '#/channels/lecture');
    const [newest] = [...relay.viewers].sort((a, b) => b.since - a.since);
    one(admin, 'tbody button').click();
    await until(() => relay.deeds.length === 1, 'it is asked for');
    one(admin, '.source .disconnect').click();
    await until(() => all(admin, '.question').length === 1, 'it asks');
    expectEqual(relay.deeds.length, 1, 'deeds');
    one(admin, '.answers .danger').click();
    await until(() => relay.deeds.length === 2, 'it is asked for');
    expectSame(relay.deeds, [
      { deed: 'POST channels/lecture/disconnect', body: { viewer: newest?.id } },
      { deed: 'POST channels/lecture/disconnect', body: {} },
    ]);
  });

  it('watches what needs a token with one of its own, and what is not live only when asked to', async () => {
    const relay = new FakeAdmin();
    relay.viewToken = 'a.b.c';
    const admin = await mountAdmin(relay, '#/channels/lecture');
    const player = () => {
      const found = one(admin, 'p2p-live');
      if (!(found instanceof P2pLive)) throw new Error('<p2p-live> is not defined');
      return found;
    };
    expectEqual(player().autoplay, true, 'autoplay');
    expectEqual(player().token, 'a.b.c');
    location.hash = '#/channels/news';
    await until(() => player().getAttribute('name') === 'news', 'the other one');
    expectEqual(player().autoplay, false, 'autoplay');
  });

  it('plays recordings, offers them for download, and deletes one only when told twice', async () => {
    const relay = new FakeAdmin();
    const admin = await mountAdmin(relay, '#/recordings');
    expectSame(all(admin, 'tbody a').map(text), ['lecture', 'lecture', 'camera/north-gate', 'radio']);
    expectEqual(all(admin, '.remove')[0]?.hasAttribute('disabled'), true, 'the running one stays');
    all(admin, '.play')[1]!.click();
    await until(() => all(admin, 'p2p-live').length === 1, 'it plays');
    expectEqual(one(admin, 'p2p-live').getAttribute('recording'), 'lecture/20261120T100000Z');
    one(admin, '[aria-label=Close]').click();
    await until(() => all(admin, 'p2p-live').length === 0, 'it is closed');
    all(admin, '.remove')[3]!.click();
    await until(() => all(admin, '.question').length === 1, 'it asks');
    expectThat(text(one(admin, '.question')).startsWith('radio of 18 Nov 2026'), text(one(admin, '.question')));
    one(admin, '.answers .danger').click();
    await until(() => all(admin, 'tbody tr').length === 3, 'it is gone');
    expectSame(deeds(relay), ['DELETE recordings/radio%2F20261118T180000Z']);
  });

  it('downloads by a link that lets only its holder, and nobody for long, where viewers need a token', async () => {
    const relay = new FakeAdmin();
    const admin = await mountAdmin(relay, '#/recordings');
    const links: string[] = [];
    const { click } = HTMLAnchorElement.prototype;
    HTMLAnchorElement.prototype.click = function () {
      links.push(this.href.replace(location.origin, ''));
    };
    try {
      all(admin, '.download')[2]!.click();
      await until(() => links.length === 1, 'it is asked for');
      relay.viewToken = 'a.b.c';
      all(admin, '.download')[3]!.click();
      await until(() => links.length === 2, 'it is asked for with a token');
    } finally {
      HTMLAnchorElement.prototype.click = click;
    }
    expectSame(links, [
      '/recordings/camera/north-gate/20261119T220000Z.flv',
      '/recordings/radio/20261118T180000Z.flv?token=a.b.c',
    ]);
  });
});
