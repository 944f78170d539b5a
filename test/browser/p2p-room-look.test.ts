// How <p2p-room> fills its place: one to twelve people, desks and phones, both directions.

import { expectEqual, expectThat, until } from './expect.ts';
import { all, FakeDoor, member, mountInside, mountRoom, newest, one, unmountRooms } from './room-fakes.ts';

const SIZES = { desk: [1_200, 700], phone: [390, 740], across: [740, 340], small: [300, 260] } as const;
const names = Array.from({ length: 11 }, (_, i) => `guest-with-a-name-${i}`);

/** Where the tiles are, each as [left, top, right, bottom]. */
function places(room: Parameters<typeof all>[0]): [number, number, number, number][] {
  return all(room, '.tile').map(tile => {
    const { left, top, right, bottom } = tile.getBoundingClientRect();
    return [left, top, right, bottom];
  });
}

describe('<p2p-room> in its place', () => {
  afterEach(async () => {
    await unmountRooms();
    document.documentElement.dir = '';
  });

  for (const [size, [width, height]] of Object.entries(SIZES))
    it(`shows 1 to 12 people whole and apart, ${size}`, async function () {
      this.timeout(20_000);
      const room = await mountInside([], undefined, `width: ${width}px; height: ${height}px`);
      const floor = one(room, '.floor').getBoundingClientRect();
      for (let count = 1; count <= 12; count++) {
        newest(FakeDoor.made).fill(...names.slice(0, count - 1).map(name => member(name)));
        await room.updateComplete;
        const tiles = places(room);
        expectEqual(tiles.length, count, 'tiles');
        for (const [left, top, right, bottom] of tiles) {
          expectThat(
            left >= floor.left - 1 && right <= floor.right + 1 && top >= floor.top - 1 && bottom <= floor.bottom + 1,
            `tile ${left},${top}–${right},${bottom} of ${count} is within ${floor.left},${floor.top}–${floor.right},${floor.bottom}`,
          );
          const proportion = (right - left) / (bottom - top);
          expectThat(proportion > 0.7 && proportion < 1.85, `${count}: ${proportion} is like a picture`);
        }
        for (const [i, a] of tiles.entries())
          for (const b of tiles.slice(i + 1))
            expectThat(a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1], `${count}: no two overlap`);
        const filled = tiles.reduce((sum, [left, top, right, bottom]) => sum + (right - left) * (bottom - top), 0);
        expectThat(filled > 0.45 * floor.width * floor.height, `${count} fill ${filled / floor.width / floor.height}`);
        for (const label of all(room, '.label')) {
          const tile = label.parentElement!.getBoundingClientRect(); // a tile
          const { left, right } = label.getBoundingClientRect();
          expectThat(left >= tile.left && right <= tile.right, 'a name stays in its tile');
        }
      }
    });

  it('lays them out anew when its box changes', async () => {
    const room = await mountInside([member('bob')], undefined, 'width: 900px; height: 500px');
    const beside = places(room);
    expectThat(beside[0]![1] === beside[1]![1], 'beside each other');
    room.style.width = '320px';
    await until(() => places(room)[0]![1] < places(room)[1]![1], 'one above the other');
  });

  it('shows oneself as in a mirror, and others as they are', async () => {
    const room = await mountInside([member('bob')]);
    const own = one(room, '.own video');
    expectEqual(getComputedStyle(own).scale, '-1 1');
    expectEqual(getComputedStyle(one(room, '.tile:not(.own) p2p-live')).scale, 'none');
    await until(() => own instanceof HTMLVideoElement && own.currentTime > 0, 'the mirror moves');
  });

  it('begins at the right where that is how one reads', async () => {
    document.documentElement.dir = 'rtl';
    const room = await mountInside([member('bob')], undefined, 'width: 900px; height: 500px');
    const [own, other] = places(room);
    expectThat(own![0] > other![0], 'oneself is at the right');
  });

  it('lets the lobby be scrolled where it does not fit, and be seen whole where it does', async () => {
    const room = await mountRoom(undefined, 'width: 390px; height: 740px');
    one(room, '.wake').click();
    await until(() => all(room, 'select').length === 2, 'the lobby is complete');
    const lobby = one(room, '.lobby');
    expectThat(lobby.scrollHeight <= lobby.clientHeight, 'a phone shows all of it');
    expectThat(lobby.scrollWidth <= lobby.clientWidth, 'nothing is beside it');
    room.style.height = '300px';
    await until(() => lobby.scrollHeight > lobby.clientHeight, 'it can be scrolled');
    expectThat(one(room, '.title').getBoundingClientRect().top > 0, 'nothing is cut off above');
  });

  it('has buttons for fingers', async () => {
    const room = await mountInside([], undefined, 'width: 390px; height: 740px');
    for (const button of all(room, '.round'))
      expectThat(button.getBoundingClientRect().height >= 44, 'it is high enough');
  });
});
