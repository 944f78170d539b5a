// Rooms at the real relay: who is let in, who is told, and who is gone how soon.

import assert from 'node:assert/strict';
import test from 'node:test';
import { CloseCode } from '../../../core/link.ts';
import { WIRE_VERSION } from '../../../core/wire/codec.ts';
import * as wire from '../../../core/wire/index.ts';
import type { Relay } from '../../../relay/relay.ts';
import { until } from '../../support/until.ts';
import { overWebSocket, Party, PUBLISH_KEY, publisher, signerOf, testRelay, viewer } from './fixtures.ts';

const open = await testRelay({ rooms: { open: true } });
const closed = await testRelay({ publishKeys: [`${PUBLISH_KEY}, a long one`] });
const secretOf = (byte: number) => new Uint8Array(16).fill(byte);

interface Wish {
  readonly room?: string;
  readonly user: string;
  readonly secret?: number;
  readonly token?: string;
  readonly version?: number;
}

function ask(party: Party, { room = 'room/a', user, secret = 1, token = '', version = WIRE_VERSION }: Wish): Party {
  party.send(wire.enterRoom, { version, room, user, secret: secretOf(secret), token });
  return party;
}

/** Somebody inside. */
async function enter(wish: Wish, relay: Relay = open): Promise<Party> {
  const party = ask(new Party(relay.connect()), wish);
  await party.gets(wire.roomState);
  return party;
}

const membersOf = (party: Party) => party.all(wire.roomState).at(-1)?.members ?? [];
const usersOf = (party: Party) => membersOf(party).map(({ user }) => user);
const sees = (party: Party, ...users: string[]) =>
  until(
    () => usersOf(party).join() === users.join(),
    () => `${users} are there: ${usersOf(party)}`,
  );

async function refusal(wish: Wish, relay: Relay = open): Promise<{ code: string; reason: string }> {
  const party = ask(new Party(relay.connect()), wish);
  const said = await party.gets(wire.refused);
  assert.equal((await party.ends()).code, CloseCode.refused);
  return said;
}

test('all see who comes, how each is, and who goes', async () => {
  const room = 'room/all';
  const alice = await enter({ room, user: 'alice' });
  const bob = await enter({ room, user: 'bob' });
  await sees(alice, 'alice', 'bob');
  bob.send(wire.memberState, { microphone: true, camera: true, speaking: false });
  await until(() => membersOf(alice)[1]?.camera === true, 'his camera is on');
  const { link } = await enter({ room, user: 'carol' });
  await sees(alice, 'alice', 'bob', 'carol');
  bob.send(wire.leaveRoom, {});
  await sees(alice, 'alice', 'carol');
  assert.equal((await bob.ends()).code, CloseCode.done);
  link.close(CloseCode.failed, 'the browser crashed');
  await sees(alice, 'alice');
});

test('what is said before the room let somebody in counts when it does', async () => {
  const party = ask(new Party(open.connect()), { room: 'room/early', user: 'alice' });
  party.send(wire.memberState, { microphone: true, camera: false, speaking: false });
  await until(() => membersOf(party)[0]?.microphone === true, 'it is known');
});

test('a taken name is refused, whoever has it stays; the same secret takes over', async () => {
  const room = 'room/taken';
  const alice = await enter({ room, user: 'alice', secret: 1 });
  const bob = await enter({ room, user: 'bob', secret: 2 });
  const { code, reason } = await refusal({ room, user: 'alice', secret: 3 });
  assert.equal(code, 'taken');
  assert.match(reason, /somebody else is alice in room\/taken/);
  const again = await enter({ room, user: 'alice', secret: 1 });
  assert.equal((await alice.gets(wire.refused)).code, 'replaced');
  await alice.ends();
  await sees(again, 'alice', 'bob');
  await sees(bob, 'alice', 'bob');
  assert.ok(
    bob.all(wire.roomState).every(({ members }) => members.length === 2),
    'nobody saw her go',
  );
});

test('names that can not be, other versions, and rooms that are full or too many', async () => {
  const small = await testRelay({ rooms: { open: true, maxMembers: 1, maxRooms: 2 } });
  for (const [wish, reason] of [
    [{ user: '' }, /at least one character/],
    [{ user: 'a/b' }, /no \//],
    [{ user: '..' }, /no segment/],
    [{ user: 'né' }, /A-Z a-z/],
    [{ user: 'x'.repeat(125) }, /at most 128 characters/],
    [{ user: 'a', room: 'lobby' }, /room\/<name>/],
    [{ user: 'a', room: 'room/a/b' }, /room\/<name>/],
    [{ user: 'a', room: 'room/' }, /room\/<name>/],
  ] as const) {
    const said = await refusal(wish);
    assert.equal(said.code, 'bad-name');
    assert.match(said.reason, reason);
  }
  assert.equal((await refusal({ user: 'a', version: 9 })).code, 'bad-version');
  await enter({ room: 'room/1', user: 'a' }, small);
  const last = await enter({ room: 'room/2', user: 'a' }, small);
  assert.match((await refusal({ room: 'room/1', user: 'b' }, small)).reason, /full: at most 1 members/);
  assert.match((await refusal({ room: 'room/3', user: 'a' }, small)).reason, /at most 2 rooms/);
  last.send(wire.leaveRoom, {});
  await last.ends();
  await enter({ room: 'room/3', user: 'a' }, small);
});

test('a room needs a token: for it or all below it, to enter, in time, and for that user', async () => {
  const issue = (channels: string[], more: object = {}) =>
    closed.issueToken({ channels, actions: ['enter'], expiresInSeconds: 60, ...more });
  for (const token of [
    await issue(['room/a']),
    await issue(['room/a/*']),
    await issue(['room/*'], { user: 'alice' }),
  ]) {
    const party = await enter({ user: 'alice', token }, closed);
    party.send(wire.leaveRoom, {});
    await party.ends();
  }
  for (const [token, reason] of [
    ['', /needs a token/],
    ['x', /no token/],
    [await issue(['room/b/*']), /not for room\/a/],
    [await issue(['room/a'], { actions: ['publish'] }), /does not allow to enter/],
    [await issue(['room/a'], { user: 'bob' }), /bob's/],
    [await open.issueToken({ channels: ['room/a'], actions: ['enter'], expiresInSeconds: 60 }), /not signed/],
  ] as const) {
    const said = await refusal({ user: 'alice', token }, closed);
    assert.equal(said.code, 'not-allowed');
    assert.match(said.reason, reason);
    if (token) assert.ok(!said.reason.includes(token) || token === 'x');
  }
});

test('when the token ends, so does the stay', async () => {
  const room = 'room/short';
  const token = (seconds: number) =>
    closed.issueToken({ channels: [room], actions: ['enter'], expiresInSeconds: seconds });
  const alice = await enter({ room, user: 'alice', token: await token(60) }, closed);
  const bob = await enter({ room, user: 'bob', token: await token(1) }, closed);
  await sees(alice, 'alice', 'bob');
  assert.match((await bob.gets(wire.refused)).reason, /token has expired/);
  await sees(alice, 'alice');
  assert.equal(alice.end, undefined);
});

test('channels below the room are seen as they begin, pause and end; also those that were there before', async () => {
  const room = 'room/stage';
  const early = await publisher(open, `${room}/alice`, await signerOf(1));
  const alice = await enter({ room, user: 'alice' });
  assert.equal(membersOf(alice)[0]?.channelIsLive, true);
  const bob = await enter({ room, user: 'bob' });
  const his = await publisher(open, `${room}/bob`, await signerOf(2));
  await until(() => membersOf(alice)[1]?.channelIsLive === true, 'his is on air');
  early.party.send(wire.unpublish, {});
  await until(() => membersOf(bob)[0]?.channelIsLive === false, 'hers has ended');
  his.party.link.close(0, '');
  await until(() => membersOf(bob)[1]?.channelIsLive === false, 'his has paused');
});

test('members hear each other, with names; an outsider may listen, and say nothing', async () => {
  const room = 'room/talk';
  const issue = () => closed.issueToken({ channels: [room], actions: ['enter'], expiresInSeconds: 60 });
  const alice = await enter({ room, user: 'alice', token: await issue() }, closed);
  const bob = await enter({ room, user: 'bob', token: await issue() }, closed);
  const outsider = viewer(closed, room);
  await outsider.gets(wire.channelState);
  const said = { from: 'bob', own: false, isText: true, data: new TextEncoder().encode('hello') };
  alice.send(wire.message, said);
  for (const [party, own] of [
    [alice, true],
    [bob, false],
    [outsider, false],
  ] as const) {
    assert.deepEqual(await party.gets(wire.message), { ...said, from: 'alice', own });
  }
  outsider.send(wire.message, said);
  const loss = await outsider.gets(wire.messageLoss);
  assert.deepEqual([loss.cause, loss.reason], ['not-allowed', 'dropped: only its members send to room/talk']);
  assert.equal(bob.all(wire.message).length, 1);
});

test('a member that falls silent is gone within 3.5 s, one whose socket breaks at once', async () => {
  const room = 'room/silent';
  const alice = await enter({ room, user: 'alice' });
  const broken = await overWebSocket(open);
  ask(broken.party, { room, user: 'broken' });
  await broken.party.gets(wire.roomState);
  await sees(alice, 'alice', 'broken');
  let begun = performance.now();
  broken.socket.terminate();
  await sees(alice, 'alice');
  const brokenMs = performance.now() - begun;
  assert.ok(brokenMs < 1_000, `${brokenMs} ms`);
  const silent = await overWebSocket(open);
  ask(silent.party, { room, user: 'silent' });
  await silent.party.gets(wire.roomState);
  await sees(alice, 'alice', 'silent');
  begun = performance.now();
  silent.socket.pause();
  await sees(alice, 'alice');
  const silentMs = performance.now() - begun;
  assert.ok(silentMs < 3_500, `${silentMs} ms`);
  process.stdout.write(`# gone after ${brokenMs.toFixed(0)} ms (broken), ${silentMs.toFixed(0)} ms (silent)\n`);
});

test('members that send what no member should are closed, and the others stay', async () => {
  const room = 'room/hostile';
  const alice = await enter({ room, user: 'alice' });
  for (const message of [
    Uint8Array.of(wire.chunk.type, 0),
    Uint8Array.of(wire.subscribe.type, 0),
    Uint8Array.of(wire.memberState.type, 1, 0xff),
    Uint8Array.of(wire.memberState.type, 0),
    Uint8Array.of(wire.message.type, 1, 9),
  ]) {
    const mallory = await enter({ room, user: 'mallory' });
    mallory.link.send(message);
    assert.equal((await mallory.ends()).code, CloseCode.protocolViolation);
  }
  const flood = await enter({ room, user: 'flood' });
  const before = alice.all(wire.roomState).length;
  for (let i = 0; i < 5_000; i++)
    flood.send(wire.memberState, { microphone: i % 2 === 0, camera: false, speaking: true });
  await until(() => membersOf(alice)[1]?.speaking === true, 'the last of its states is known');
  assert.ok(alice.all(wire.roomState).length - before < 10, 'told together');
  flood.link.send(Uint8Array.of(0x3f, 2, 1, 2)); // room to grow
  flood.link.close(0, '');
  await sees(alice, 'alice');
  assert.equal(alice.end, undefined);
});

test('a room that nobody is in any more is forgotten, and with it whose its names were', async () => {
  const own = await testRelay({ rooms: { open: true } });
  const alice = await enter({ room: 'room/gone', user: 'alice' }, own);
  assert.ok(own.stats().channels['room/gone']);
  alice.link.close(0, '');
  await enter({ room: 'room/gone', user: 'alice', secret: 7 }, own);
});
