// <p2p-stats>: whom it follows, when it stands still, and how it suits its page and its reader.

import { a11ySnapshot, emulateMedia } from '@web/test-runner-commands';
import { statsStrings } from '../../components/index.ts';
import { expectEqual, expectThat, until } from './expect.ts';
import { mountPlaying, player, unmountAll } from './mount.ts';
import { all, joined, mountStats, PLAYER, peer, says, tell, words } from './mount-stats.ts';

describe('<p2p-stats> on its page', () => {
  afterEach(async () => {
    await emulateMedia({ reducedMotion: 'no-preference' });
    await unmountAll();
  });

  it('follows the player when it comes later, is replaced, or is another one', async () => {
    const element = await mountStats();
    expectEqual(says(element), statsStrings.says.missing('player'));
    const first = await mountPlaying(PLAYER);
    await until(() => says(element) === statsStrings.says.idle, 'it sees the player that came');
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
    await until(() => says(element) === statsStrings.says.idle, 'it shows the other one');
    expectEqual(element.htmlFor, 'other');
  });

  it('starts over with another broadcast', async () => {
    await mountPlaying(PLAYER);
    const element = await mountStats();
    await tell(element, joined({ bytesPushed: 500_000 }));
    expectEqual(words(element, '.big strong')[0], '100%');
    player().tell({ swarm: joined({ bytesFromRelay: 10 }) });
    await element.updateComplete;
    expectEqual(words(element, '.big strong')[0], '–');
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

  it('moves nothing for those who asked for calm', async () => {
    await mountPlaying(PLAYER);
    const element = await mountStats();
    await tell(element, joined({ relayStripes: [0], bytesFromRelay: 50_000, peers: [peer('a')] }));
    const moving = () =>
      all(element, '.drawing, .dots, .peer, .line').filter(
        part => getComputedStyle(part).animationName !== 'none' || getComputedStyle(part).transitionDuration !== '0s',
      ).length;
    expectThat(moving() > 0, 'something moves for the others');
    await emulateMedia({ reducedMotion: 'reduce' });
    expectEqual(moving(), 0);
  });

  it('is light or dark as its page is', async () => {
    const element = await mountStats();
    const ground = (scheme: string) => {
      element.style.colorScheme = scheme;
      return getComputedStyle(element).backgroundColor;
    };
    expectEqual(ground('light'), 'rgb(255, 255, 255)');
    expectEqual(ground('dark'), 'rgb(21, 24, 29)');
    element.style.setProperty('--p2p-stats-background', 'rgb(1, 2, 3)');
    expectEqual(ground('light'), 'rgb(1, 2, 3)');
  });

  it('tells a screen reader how it stands', async () => {
    await mountPlaying(PLAYER);
    const element = await mountStats();
    await tell(
      element,
      joined({ bytesPushed: 90, bytesFromRelay: 10, relayStripes: [2], peers: [peer('a', { gives: [0] })] }),
    );
    const told = JSON.stringify(await a11ySnapshot({}));
    for (const sentence of [
      '90 percent of the stream comes from other viewers. One neighbour: 1 gives, 0 take.',
      statsStrings.spoken.chart('1 kbit/s', '0 kbit/s'),
      '1 viewer gives to you',
      '1 neighbour',
    ])
      expectThat(told.includes(sentence), `it says “${sentence}” in ${told}`);
  });
});
