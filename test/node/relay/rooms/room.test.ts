// A room on a clock that the test turns: who may enter, who takes over, and how often everybody is told.

import assert from 'node:assert/strict';
import test from 'node:test';
import type { Bytes } from '../../../../core/bytes.ts';
import { decodeBody, MessageReader } from '../../../../core/wire/framing.ts';
import { roomState } from '../../../../core/wire/index.ts';
import type { RoomMember } from '../../../../core/wire/room-state.ts';
import { type Occupant, Room } from '../../../../relay/rooms/room.ts';

class Person implements Occupant {
  readonly states: (readonly RoomMember[])[] = [];
  replaced = false;

  tell(state: Bytes): void {
    const reader = new MessageReader((type, body) => {
      assert.equal(type, roomState.type);
      this.states.push(decodeBody(roomState, body).members);
    });
    reader.push(state);
  }
  replace(): void {
    this.replaced = true;
  }
  get members(): readonly RoomMember[] {
    return this.states.at(-1) ?? [];
  }
  get users(): string[] {
    return this.members.map(({ user }) => user);
  }
}

const secretOf = (byte: number) => new Uint8Array(32).fill(byte);
const QUIET = { microphone: false, camera: false, speaking: false };

function stage(maxMembers = 50) {
  let now = 0;
  let tasks: { at: number; task: () => void }[] = [];
  const steady = () => now;
  const after = (ms: number, task: () => void) => void tasks.push({ at: now + ms, task });
  const room = new Room('room/a', { maxMembers, clock: () => 1_000_000 + now, steady, after });
  return {
    room,
    enter(user: string, byte = 1): Person {
      const person = new Person();
      assert.equal(room.enter(user, secretOf(byte), person), undefined);
      return person;
    },
    pass(ms: number): void {
      for (const end = now + ms; now < end; ) {
        now = Math.min(end, now + 10);
        const due = tasks.filter(({ at }) => at <= now);
        tasks = tasks.filter(({ at }) => at > now);
        for (const { task } of due) task();
      }
    },
  };
}

test('whoever enters is told at once who is there, and the others learn of it', () => {
  const { enter, pass } = stage();
  const alice = enter('alice');
  assert.deepEqual(alice.members, [{ user: 'alice', ...QUIET, channelIsLive: false, joinedAt: 1_000_000 }]);
  pass(50);
  const bob = enter('bob', 2);
  assert.deepEqual(bob.users, ['alice', 'bob']);
  pass(100);
  assert.deepEqual(alice.users, ['alice', 'bob']);
  assert.equal(alice.members[1]!.joinedAt, 1_000_050);
});

test('a name is taken while somebody has it; the same secret takes over, and keeps its place', () => {
  const { room, enter, pass } = stage();
  const alice = enter('alice');
  const bob = enter('bob', 2);
  const impostor = new Person();
  assert.equal(room.enter('alice', secretOf(3), impostor), 'taken');
  assert.equal(alice.replaced, false);
  assert.deepEqual(impostor.states, []);
  room.setState('alice', alice, { ...QUIET, camera: true });
  pass(1_000);
  const again = enter('alice');
  assert.equal(alice.replaced, true);
  assert.deepEqual(again.users, ['alice', 'bob']);
  assert.deepEqual([again.members[0]!.joinedAt, again.members[0]!.camera], [1_000_000, true]);
  const told = bob.states.length;
  room.leave('alice', alice);
  room.setState('alice', alice, QUIET);
  pass(1_000);
  assert.ok(bob.states.length <= told + 1, 'the older link has no say any more');
  assert.deepEqual(bob.users, ['alice', 'bob']);
  assert.equal(bob.members[0]!.camera, true);
  room.leave('alice', again);
  pass(100);
  assert.deepEqual(bob.users, ['bob']);
  enter('alice', 3);
});

test('a full room takes nobody else, but those who come back', () => {
  const { room, enter } = stage(2);
  enter('alice');
  enter('bob', 2);
  assert.equal(room.enter('carol', secretOf(3), new Person()), 'too-many');
  enter('bob', 2);
  assert.equal(room.size, 2);
});

test('many changes are told together: at most 10 times a second, fewer the more there are; the last counts', () => {
  const { room, enter, pass } = stage();
  const alice = enter('alice');
  pass(500);
  const before = alice.states.length;
  for (let i = 0; i < 100; i++) {
    room.setState('alice', alice, { ...QUIET, speaking: i % 2 === 0 });
    pass(10);
  }
  assert.ok(alice.states.length - before <= 11, `${alice.states.length - before} in a second`);
  assert.ok(alice.states.length - before >= 9, `${alice.states.length - before} in a second`);
  room.setState('alice', alice, { ...QUIET, speaking: true });
  pass(100);
  assert.equal(alice.members[0]!.speaking, true);
  for (let i = 0; i < 39; i++) enter(`user${i}`, i);
  pass(1_000);
  const crowd = alice.states.length;
  for (let i = 0; i < 100; i++) {
    room.setState('alice', alice, { ...QUIET, speaking: i % 2 === 0 });
    pass(10);
  }
  assert.ok(alice.states.length - crowd <= 3, `${alice.states.length - crowd} in a second, of 40`);
});

test('nothing is told where nothing has changed', () => {
  const { room, enter, pass } = stage();
  const alice = enter('alice');
  pass(500);
  const before = alice.states.length;
  room.setState('alice', alice, QUIET);
  room.setLive('nobody', false);
  pass(500);
  assert.equal(alice.states.length, before);
});

test('a channel on air is seen at its member; of whoever is not inside it makes a guest, but not of who has left', () => {
  const { room, enter, pass } = stage();
  const alice = enter('alice');
  const bob = enter('bob', 2);
  room.setLive('bob', true);
  pass(100);
  assert.deepEqual(
    alice.members.map(({ channelIsLive }) => channelIsLive),
    [false, true],
  );
  room.setLive('encoder', true);
  pass(100);
  assert.deepEqual(alice.members[2], {
    ...{ user: 'encoder', microphone: true, camera: true, speaking: false, channelIsLive: true, joinedAt: 1_000_100 },
  });
  room.leave('bob', bob);
  pass(100);
  assert.deepEqual(alice.users, ['alice', 'encoder'], 'his channel may end a little later');
  room.setLive('bob', false);
  room.setLive('encoder', false);
  pass(100);
  assert.deepEqual(alice.users, ['alice']);
  room.setLive('bob', true);
  pass(100);
  assert.deepEqual(alice.users, ['alice', 'bob']);
});
