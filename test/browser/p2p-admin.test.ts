// <p2p-admin> in front of a made-up relay: who gets in, what is shown, and what is asked of the relay.

import { P2pLive } from '../../components/p2p-live.ts';
import { ADMIN_TOKEN, FakeAdmin } from '../support/fake-admin.ts';
import { fakeChannel, fakeSwarm, NOON } from '../support/fake-admin-figures.ts';
import { all, logStream, mountAdmin, one, settled, text, unmountAdmin } from './admin-fakes.ts';
import { expectEqual, expectSame, expectThat, until } from './expect.ts';

const deeds = (relay: FakeAdmin) => relay.deeds.map(({ deed }) => deed);

function fill(element: HTMLElement, value: string): void {
  if (!(element instanceof HTMLInputElement)) throw new Error('not a field');
  element.value = value;
  element.dispatchEvent(new Event('input', { bubbles: true }));
}

describe('<p2p-admin>', () => {
  afterEach(unmountAdmin);

  it('asks for the token, says when it is wrong, and lets in with the right one', async () => {
    const relay = new FakeAdmin();
    relay.isSignedIn = false;
    const admin = await mountAdmin(relay);
    expectThat(all(admin, 'nav').length === 0, 'nothing else is shown');
    fill(one(admin, '[name=token]'), 'not-the-token-at-all');
    one(admin, 'button[type=submit]').click();
    await until(() => text(one(admin, '.fault')) === 'This is not the admin token.', 'it says so');
    fill(one(admin, '[name=token]'), ADMIN_TOKEN);
    one(admin, 'button[type=submit]').click();
    await until(() => all(admin, 'p2p-admin-overview').length === 1, 'the overview is shown');
    expectThat(!document.documentElement.outerHTML.includes(ADMIN_TOKEN), 'the token is nowhere in the page');
  });

  it('says that a session is over, and signs out', async () => {
    const relay = new FakeAdmin();
    const admin = await mountAdmin(relay);
    relay.isSignedIn = false;
    window.dispatchEvent(new Event('focus'));
    document.dispatchEvent(new Event('visibilitychange'));
    await until(() => all(admin, 'p2p-admin-sign-in').length === 1, 'it asks for the token');
    expectEqual(text(one(admin, 'form p')), 'Your session is over. Sign in again.');
    fill(one(admin, '[name=token]'), ADMIN_TOKEN);
    one(admin, 'button[type=submit]').click();
    await until(() => all(admin, 'nav').length === 1, 'it is in again');
    one(admin, '.leave').click();
    await until(() => all(admin, 'p2p-admin-sign-in').length === 1, 'it is out');
    expectEqual(relay.isSignedIn, false);
  });

  it('waits for a relay that does not answer yet', async () => {
    const relay = new FakeAdmin();
    relay.isGone = true;
    const admin = await mountAdmin(relay);
    await until(() => text(one(admin, 'main p')) === 'The relay does not answer. Trying again…', 'it says so');
    relay.isGone = false;
    document.dispatchEvent(new Event('visibilitychange'));
    await until(() => all(admin, 'p2p-admin-overview').length === 1, 'it is there');
  });

  it('draws other lines anew when others are known', async () => {
    const relay = new FakeAdmin();
    const only = (kind: string) => ({ ...relay.series, nat: { [kind]: relay.series.viewers } });
    relay.series = only('open');
    const admin = await mountAdmin(relay);
    const chart = all(admin, 'p2p-admin-chart')[8]!;
    const canvas = () => all(chart, 'canvas')[0];
    await until(canvas, 'it is drawn');
    const before = canvas();
    expectThat(text(one(chart, 'ul')).startsWith('open '), text(one(chart, 'ul')));
    relay.series = only('blocked');
    document.dispatchEvent(new Event('visibilitychange'));
    await until(() => text(one(chart, 'ul')).startsWith('no peers '), 'it says so');
    expectThat(canvas() !== before, 'in its own colour');
  });

  it('goes on showing what it knows while the relay is away, and says since when', async () => {
    const relay = new FakeAdmin();
    const admin = await mountAdmin(relay);
    relay.isGone = true;
    document.dispatchEvent(new Event('visibilitychange'));
    await until(() => all(admin, '.away').length === 1, 'it says so');
    expectThat(
      /^The relay does not answer\. What you see is from \d\d:\d\d:\d\d\./.test(text(one(admin, '.away'))),
      'since',
    );
    expectThat(
      all(admin, '.tile').some(tile => text(tile).includes('490')),
      'the figures are still there',
    );
    relay.isGone = false;
    document.dispatchEvent(new Event('visibilitychange'));
    await until(() => all(admin, '.away').length === 0, 'all is well again');
  });

  it('shows how the relay fares, now and over time', async () => {
    const admin = await mountAdmin();
    const tiles = all(admin, '.tile').map(text);
    expectSame(tiles.slice(0, 3), [
      'Viewers490494 connections',
      'Live channels44 of 6',
      'From viewers96 %latency 906 ms',
    ]);
    const charts = all(admin, 'p2p-admin-chart');
    await until(() => charts.every(chart => all(chart, 'canvas').length === 1), 'each is drawn');
    expectSame(
      charts.map(chart => text(one(chart, 'h2'))),
      [
        ...['Viewers', 'Share from other viewers', 'Sent by the relay', 'Streams taken in', 'Latency'],
        ...['Stalls per viewer and minute', 'From the relay per minute', 'Relay’s load, of a core'],
        ...['What viewers’ networks let through', 'Where viewers are'],
      ],
    );
    const told = one(charts[0]!, '.plot').getAttribute('aria-label') ?? '';
    expectThat(/^From .+ to .+\. Viewers: now \d+, between \d+ and \d+\.$/.test(told), told);
    const canvas = one(charts[0]!, 'canvas');
    if (!(canvas instanceof HTMLCanvasElement)) throw new Error('no canvas');
    await until(
      () => new Set(canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data).size > 10,
      'there is a line',
    );
  });

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

  it('tells a refusal in words', async () => {
    const relay = new FakeAdmin();
    const admin = await mountAdmin(relay, '#/channels/camera%2Fnorth-gate');
    relay.refusal = { status: 409, message: 'the source is being stopped already' };
    one(admin, '.source .switch').click();
    await until(() => all(admin, '.notice.fault').length === 1, 'it says so');
    expectEqual(text(one(admin, '.notice.fault')), 'That did not work: the source is being stopped already');
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

  it('follows the log, and shows only what is asked for', async () => {
    const admin = await mountAdmin(new FakeAdmin(), '#/log');
    const lines = () => all(admin, '.line').map(text);
    expectEqual(lines().length, 37, 'lines');
    logStream().say({ number: 99, at: NOON, level: 'error', message: 'the disk is full', data: { freeBytes: 12 } });
    await until(() => lines().at(-1)?.includes('the disk is full freeBytes=12'), 'the new line');
    const list = one(admin, '.lines');
    await until(() => list.scrollTop + list.clientHeight >= list.scrollHeight - 2, 'it is in sight');
    const [, , warnings, errors] = all(admin, '.segments button');
    warnings!.click();
    await until(() => lines().length === 3, 'warnings and worse');
    errors!.click();
    await until(() => lines().length === 2, 'errors');
    all(admin, '.segments button')[0]!.click();
    fill(one(admin, '[type=search]'), 'South-Gate');
    await until(() => lines().length === 1, 'what was looked for');
    const stream = logStream();
    stream.dispatchEvent(new Event('error'));
    await until(() => all(admin, '.notice.warn').length === 1, 'it says that it is cut off');
    stream.dispatchEvent(new Event('open'));
    await until(() => all(admin, '.notice.warn').length === 0, 'all is well again');
    location.hash = '#/overview';
    await until(() => stream.isClosed, 'nobody listens any more');
  });

  it('drains only when told twice, and says that the relay is being drained', async () => {
    const relay = new FakeAdmin();
    const admin = await mountAdmin(relay);
    one(admin, '.drain').click();
    await until(() => all(admin, '.question').length === 1, 'it asks');
    one(admin, '.answers .danger').click();
    await until(() => all(admin, '.draining').length === 1, 'it says so');
    expectSame(deeds(relay), ['POST drain']);
  });

  it('keeps the theme that was chosen', async () => {
    const admin = await mountAdmin();
    const ground = () => getComputedStyle(admin).backgroundColor;
    one(admin, 'button.theme').click();
    await until(() => ground() === 'rgb(244, 245, 248)', 'light');
    one(admin, 'button.theme').click();
    await until(() => ground() === 'rgb(13, 15, 18)', 'dark');
    for (const holder of document.querySelectorAll('.holder')) holder.remove();
    const again = await mountAdmin();
    expectEqual(getComputedStyle(again).backgroundColor, 'rgb(13, 15, 18)');
    await settled(again);
  });

  it('asks nothing more when it has left the page', async () => {
    const relay = new FakeAdmin();
    relay.channels = [fakeChannel('a')];
    await mountAdmin(relay, '#/channels/a');
    let asked = 0;
    const answer = relay.answer.bind(relay);
    relay.answer = (...ask) => {
      asked++;
      return answer(...ask);
    };
    document.dispatchEvent(new Event('visibilitychange'));
    await until(() => asked > 0, 'it asked while it was there');
    for (const holder of document.querySelectorAll('.holder')) holder.remove();
    asked = 0;
    document.dispatchEvent(new Event('visibilitychange'));
    expectEqual(asked, 0, 'questions');
  });
});
