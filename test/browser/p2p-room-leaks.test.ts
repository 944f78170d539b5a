// Rooms that were left are collected, with all that they held.

import { expectEqual, expectThat, until } from './expect.ts';
import { FakePlayer } from './fake-player.ts';
import { FakeDoor, FakePublication, member, mountInside, newest, tracks, unmountRooms } from './room-fakes.ts';

/** Chromium's `--expose-gc`: resolves when all is collected that can be. */
async function collect(): Promise<void> {
  const gc: unknown = Reflect.get(globalThis, 'gc');
  expectThat(typeof gc === 'function', 'the browser was started with --expose-gc');
  await gc({ type: 'major', execution: 'async' });
}

async function expectCollected(gone: readonly WeakRef<object>[], name: string): Promise<void> {
  let what = name;
  let left = gone.length;
  for (let attempt = 0; attempt < 30 && left > 0; attempt++) {
    await collect();
    left = gone.filter(each => each.deref()).length;
  }
  what += ` (${gone.flatMap(each => each.deref()?.constructor.name ?? [])})`;
  expectEqual(left, 0, `${what} left over`);
}

/** Five rooms with people who come and go; then the rooms go. */
async function visits(): Promise<WeakRef<object>[]> {
  const gone: WeakRef<object>[] = [];
  for (let i = 0; i < 5; i++) {
    const room = await mountInside([member('bob'), member('cleo')]);
    const door = newest(FakeDoor.made);
    door.fill(member('cleo'), member('dana', { speaking: true }));
    await room.updateComplete;
    door.become('reconnecting');
    door.become('inside');
    room.cameraOff = true;
    await room.updateComplete;
    room.cameraOff = false;
    await until(() => tracks.filter(track => track.readyState === 'live').length === 2, 'the camera is back');
    gone.push(...[room, door, newest(FakePublication.made), ...FakePlayer.made].map(each => new WeakRef<object>(each)));
    room.remove();
    await until(() => tracks.every(track => track.readyState === 'ended'), 'no device is open');
    await unmountRooms();
  }
  return gone;
}

describe('<p2p-room> leaves nothing behind', () => {
  afterEach(unmountRooms);

  it('when people have come and gone, and the room goes', async function () {
    this.timeout(30_000);
    await expectCollected(await visits(), 'rooms, doors, publications and players');
  });

  it('of a person who has left, while the room stays', async () => {
    const room = await mountInside([member('bob')]);
    const gone = (() => FakePlayer.made.splice(0).map(each => new WeakRef<object>(each)))();
    newest(FakeDoor.made).fill();
    await room.updateComplete;
    await expectCollected(gone, 'players');
    expectEqual(room.state, 'inside');
  });
});
