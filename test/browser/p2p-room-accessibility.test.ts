// What axe-core finds against WCAG 2.2 AA in a room, in every state, both themes, both directions; and what can be done without a mouse.

import { sendKeys } from '@web/test-runner-commands';
import type { P2pRoom } from '../../components/room/p2p-room.ts';
import { expectEqual, expectThat, until } from './expect.ts';
import { DRESSES, dress, standsStill, undress, violations } from './for-everybody.ts';
import {
  all,
  FakeDoor,
  FakePublication,
  member,
  mountInside,
  mountRoom,
  newest,
  one,
  refusals,
  text,
  unmountRooms,
} from './room-fakes.ts';

const CROWD = [
  member('bob'),
  member('cleo', { speaking: true }),
  member('dana', { camera: false, microphone: false }),
  member('emil', { channelIsLive: false, camera: false, microphone: false }),
];

/** Ways into each state. */
const STATES: Readonly<Record<string, () => Promise<P2pRoom>>> = {
  lobby: () => mountRoom(),
  'lobby with devices': async () => {
    const room = await mountRoom();
    one(room, '.wake').click();
    await until(() => all(room, 'select').length === 2, 'the devices');
    return room;
  },
  'lobby without devices': async () => {
    const room = await mountRoom();
    refusals.push('NotAllowedError', 'NotAllowedError', 'NotAllowedError');
    one(room, '.wake').click();
    await until(() => all(room, '.faults p').length === 3, 'the reasons');
    return room;
  },
  refused: async () => {
    const room = await mountRoom();
    room.join().catch(() => undefined);
    await until(() => FakeDoor.made.length === 1, 'it knocks');
    newest(FakeDoor.made).refuse('taken');
    return room;
  },
  alone: () => mountInside(),
  inside: () => mountInside(CROWD),
  'reconnecting, with a notice': async () => {
    const room = await mountInside(CROWD);
    newest(FakeDoor.made).become('reconnecting');
    newest(FakePublication.made).fail({ code: 'unsupported', message: 'no encoder' });
    return room;
  },
  'more than a dozen': () => mountInside([...CROWD, ...Array.from({ length: 10 }, (_, i) => member(`guest${i}`))]),
  left: async () => {
    const room = await mountInside();
    await room.leave();
    return room;
  },
};

describe('<p2p-room> for everybody', () => {
  afterEach(async () => {
    await unmountRooms();
    undress();
  });

  for (const dressed of DRESSES)
    it(`has nothing that axe finds, ${dressed.theme} and ${dressed.dir}`, async function () {
      this.timeout(40_000);
      dress(dressed);
      for (const [state, enter] of Object.entries(STATES)) {
        const room = await enter();
        const label = dressed.lang === 'ar' ? 'الغرفة: tea' : 'Room: tea';
        await until(() => one(room, '.frame').ariaLabel === label, 'the words have come');
        await room.updateComplete;
        await until(() => standsStill(room.renderRoot), `stands: ${state}`);
        expectEqual(await violations(room), '', `violations while ${state}`);
        await unmountRooms();
      }
    });

  it('is found out by axe when something is wrong', async () => {
    const room = await mountInside();
    const button = one(room, '.round');
    button.removeAttribute('aria-label');
    button.removeAttribute('title');
    expectEqual((await violations(room)).split(' ')[0], 'button-name');
  });

  it('can be used with the keyboard alone', async () => {
    const room = await mountRoom('name="tea"');
    one(room, 'input').focus();
    await sendKeys({ type: 'mica' });
    await sendKeys({ press: 'Enter' });
    await until(() => FakeDoor.made.length === 1, 'Enter joins, and m and c are letters of a name');
    expectEqual(newest(FakeDoor.made).options.user, 'mica');
    expectThat(!room.muted && !room.cameraOff, 'nothing was switched off');
    newest(FakeDoor.made).open(member('bob'));
    await room.updateComplete;
    one(room, '.round').focus();
    await sendKeys({ press: 'm' });
    expectThat(room.muted, 'm mutes');
    await sendKeys({ press: 'Tab' });
    await sendKeys({ press: 'Tab' });
    await sendKeys({ press: 'Enter' });
    await until(() => room.state === 'left', 'the third button leaves');
  });

  it('tells who comes and goes, and who speaks and is silent, in words', async () => {
    const room = await mountInside(CROWD);
    const tiles = all(room, '.tile').map(text);
    expectThat(
      tiles.some(words => words.includes('cleo') && words.includes('Speaking')),
      tiles.join(),
    );
    expectThat(
      tiles.some(words => words.includes('dana') && words.includes('Microphone off')),
      tiles.join(),
    );
    expectThat(
      tiles.some(words => words.includes('emil') && words.includes('Only listens')),
      tiles.join(),
    );
    newest(FakeDoor.made).fill(...CROWD, member('fay'));
    await room.updateComplete;
    expectEqual(text(one(room, '.frame > .spoken')), 'fay has joined');
  });

  it('speaks German and Arabic, with nothing left in English', async () => {
    for (const [lang, join, level] of [
      ['de', 'Beitreten', 'Pegel des Mikrofons'],
      ['ar', 'انضمام', 'مستوى صوت الميكروفون'],
    ] as const) {
      const room = await mountRoom(`name="tea" lang="${lang}"`);
      await until(() => text(one(room, '.join')) === join, `it speaks ${lang}`);
      expectEqual(one(room, '.level').ariaLabel, level);
      await unmountRooms();
    }
  });
});
