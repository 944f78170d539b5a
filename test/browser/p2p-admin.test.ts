// <p2p-admin> in front of a made-up relay: who gets in, what is shown, and what is asked of the relay.

import { ADMIN_TOKEN, FakeAdmin } from '../support/fake-admin.ts';
import { fakeChannel, NOON } from '../support/fake-admin-figures.ts';
import { all, deeds, fill, logStream, mountAdmin, one, settled, text, unmountAdmin } from './admin-fakes.ts';
import { expectEqual, expectSame, expectThat, until } from './expect.ts';

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

  it('tells a refusal in words', async () => {
    const relay = new FakeAdmin();
    const admin = await mountAdmin(relay, '#/channels/camera%2Fnorth-gate');
    relay.refusal = { status: 409, message: 'the source is being stopped already' };
    one(admin, '.source .switch').click();
    await until(() => all(admin, '.notice.fault').length === 1, 'it says so');
    expectEqual(text(one(admin, '.notice.fault')), 'That did not work: the source is being stopped already');
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
