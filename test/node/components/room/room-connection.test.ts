// RoomConnection against a real relay in the same process, over links in memory that the test can cut.

import assert from 'node:assert/strict';
import test from 'node:test';
import { RoomConnection } from '../../../../components/room/room-connection.ts';
import type { Link, LinkClose } from '../../../../core/link.ts';
import { until } from '../../../support/until.ts';
import { testRelay } from '../../relay/fixtures.ts';

// The part of a page that it listens to.
const page = new EventTarget();
Object.assign(globalThis, { addEventListener: page.addEventListener.bind(page) });

const relay = await testRelay({ rooms: { open: true } });
const closed = await testRelay();

/** A connection whose newest link can be cut, and what it told. */
function person(
  user: string,
  room = 'room/a',
  options: { relay?: typeof relay; token?: string; wrap?: (link: Link) => Link } = {},
) {
  const links: Link[] = [];
  const at = options.relay ?? relay;
  let isReachable = true;
  const connection = new RoomConnection({
    ...{ relay: at.url, room, user, token: options.token ?? '' },
    async createLink() {
      if (!isReachable) throw new Error('no way to the relay');
      const link = options.wrap?.(at.connect()) ?? at.connect();
      links.push(link);
      return link;
    },
  });
  const states: string[] = [];
  const heard: { data: unknown; from: unknown; own: unknown }[] = [];
  const warnings: { code: string; message: string }[] = [];
  connection.addEventListener('statechange', () => states.push(connection.state));
  connection.addEventListener('message', event => {
    heard.push({ data: Reflect.get(event, 'data'), from: Reflect.get(event, 'from'), own: Reflect.get(event, 'own') });
  });
  connection.addEventListener('warning', event => warnings.push((event as CustomEvent).detail)); // it is one
  return {
    ...{ connection, links, states, heard, warnings },
    reachable: (is: boolean) => {
      isReachable = is;
    },
    is: (state: string) =>
      until(
        () => connection.state === state,
        () => `${user} is ${state}: ${connection.state} ${JSON.stringify(connection.error)}`,
      ),
    sees: (...users: string[]) =>
      until(
        () => connection.members.map(member => member.user).join() === users.join(),
        () => `${user} sees ${users}: ${connection.members.map(member => member.user)}`,
      ),
  };
}

test('enters, tells how it is, sees the others, leaves; the relay is told before leave() resolves', async () => {
  const [alice, bob] = [person('alice'), person('bob')];
  assert.equal(alice.connection.state, 'idle');
  alice.connection.setState({ microphone: true, camera: false, speaking: false });
  alice.connection.enter();
  alice.connection.enter();
  await alice.is('inside');
  bob.connection.enter();
  await alice.sees('alice', 'bob');
  await until(() => bob.connection.members[0]?.microphone === true, 'said on entering');
  bob.connection.setState({ microphone: false, camera: true, speaking: true });
  await until(() => alice.connection.members[1]?.speaking === true, 'he speaks');
  await bob.connection.leave();
  assert.equal(bob.connection.state, 'left');
  await alice.sees('alice');
  await alice.connection.leave();
  assert.deepEqual(alice.states, ['connecting', 'inside', 'left']);
  assert.equal(alice.links.length, 1);
  assert.deepEqual(alice.connection.members, []);
  alice.connection.enter();
  await alice.is('inside');
  await alice.connection.leave();
});

test('a lost link: it comes back with the same name, says again how it is, and nothing is sent meanwhile', async () => {
  const [alice, bob] = [person('alice', 'room/lost'), person('bob', 'room/lost')];
  alice.connection.enter();
  bob.connection.enter();
  await bob.sees(...['alice', 'bob']);
  alice.connection.setState({ microphone: true, camera: true, speaking: false });
  await until(() => bob.connection.members.some(({ camera }) => camera), 'her camera is on');
  alice.reachable(false);
  alice.links[0]!.close(5, 'the network went away');
  await alice.is('reconnecting');
  assert.deepEqual(
    alice.connection.members.map(({ user }) => user),
    ['alice', 'bob'],
    'what was known',
  );
  assert.throws(() => alice.connection.send('x'), { name: 'InvalidStateError' });
  await bob.sees('bob');
  await until(() => alice.warnings.some(({ message }) => /no way/.test(message)), 'it is told');
  alice.reachable(true);
  await alice.is('inside');
  await until(() => bob.connection.members[1]?.camera === true, 'she is back, with her camera');
  assert.equal(alice.links.length, 2);
  alice.connection.send('I am back');
  await until(() => bob.heard.length > 0, 'she is heard');
  await Promise.all([alice.connection.leave(), bob.connection.leave()]);
});

/** A link of which the relay never hears the end. */
function endsUnheard(link: Link): Link {
  let settle: (close: LinkClose) => void = () => {};
  const end = new Promise<LinkClose>(resolve => {
    settle = resolve;
  });
  return {
    ...{ transport: 'memory', lanes: 0, drained: () => {}, closed: Promise.race([link.closed, end]) },
    get receive() {
      return link.receive;
    },
    set receive(receive: Link['receive']) {
      link.receive = receive;
    },
    writable: lane => link.writable(lane),
    send: messages => link.send(messages),
    close: (code, reason) => settle({ code, reason }),
  };
}

test('a link that the relay takes for alive is taken over at once, and nobody sees a change', async () => {
  const [alice, bob] = [person('alice', 'room/over', { wrap: endsUnheard }), person('bob', 'room/over')];
  alice.connection.enter();
  await alice.is('inside');
  bob.connection.enter();
  await bob.sees('alice', 'bob');
  let changes = 0;
  bob.connection.addEventListener('members', () => {
    if (bob.connection.members.length !== 2) changes++;
  });
  alice.links[0]!.close(5, 'the network changed');
  await alice.is('reconnecting');
  await alice.is('inside');
  await bob.sees('alice', 'bob');
  assert.equal(changes, 0);
  await Promise.all([alice.connection.leave(), bob.connection.leave()]);
});

test('a name that somebody has is refused; when it is free, enter() gets in', async () => {
  const [alice, again] = [person('alice', 'room/name'), person('alice', 'room/name')];
  alice.connection.enter();
  await alice.is('inside');
  again.connection.enter();
  await again.is('refused');
  assert.equal(again.connection.error?.code, 'taken');
  assert.match(again.connection.error?.message ?? '', /somebody else is alice/);
  assert.equal(again.links.length, 1, 'it does not try again by itself');
  assert.equal(alice.connection.state, 'inside');
  await alice.connection.leave();
  again.connection.enter();
  await again.is('inside');
  assert.equal(again.connection.error, null);
  await again.connection.leave();
});

test('text and bytes reach everybody in order, too much is an error at once or a warning', async () => {
  const [alice, bob] = [person('alice', 'room/talk'), person('bob', 'room/talk')];
  alice.connection.enter();
  bob.connection.enter();
  await Promise.all([alice.is('inside'), bob.is('inside')]);
  alice.connection.send('grüße');
  alice.connection.send(new Uint16Array([1, 2]));
  alice.connection.send(new Uint8Array([9, 8, 7, 6]).subarray(1, 3));
  await until(() => bob.heard.length === 3 && alice.heard.length === 3, 'all is heard');
  assert.deepEqual(bob.heard, [
    { data: 'grüße', from: 'alice', own: false },
    { data: Uint8Array.of(1, 0, 2, 0).buffer, from: 'alice', own: false },
    { data: Uint8Array.of(8, 7).buffer, from: 'alice', own: false },
  ]);
  assert.ok(alice.heard.every(({ own }) => own === true));
  assert.throws(() => alice.connection.send('é'.repeat(8_193)), /RangeError|16386 bytes: at most 16384/);
  for (let i = 0; i < 100; i++) alice.connection.send(`${i}`);
  await until(() => alice.warnings.length > 0, 'she is warned');
  assert.equal(alice.warnings[0]!.code, 'message-too-fast');
  assert.match(alice.warnings[0]!.message, /10 messages/);
  assert.equal(alice.connection.state, 'inside');
  await Promise.all([alice.connection.leave(), bob.connection.leave()]);
});

test('no token, a bad name, no relay: refused, with the reason', async () => {
  const outside = person('alice', 'room/a', { relay: closed });
  outside.connection.enter();
  await outside.is('refused');
  assert.equal(outside.connection.error?.code, 'not-allowed');
  outside.connection.token = await closed.issueToken({
    ...{ channels: ['room/a/*'], actions: ['enter'], expiresInSeconds: 60 },
  });
  outside.connection.enter();
  await outside.is('inside');
  await outside.connection.leave();
  const nameless = person('a/b');
  nameless.connection.enter();
  await nameless.is('refused');
  assert.equal(nameless.connection.error?.code, 'bad-name');
  const nowhere = new RoomConnection({ relay: 'nowhere', room: 'room/a', user: 'a', token: '' });
  nowhere.enter();
  assert.deepEqual([nowhere.state, nowhere.error?.code], ['refused', 'bad-relay']);
});

test('a page that goes leaves the room at once; one that is shown again comes back', async () => {
  const [alice, bob] = [person('alice', 'room/page'), person('bob', 'room/page', { relay })];
  alice.connection.enter();
  await alice.is('inside');
  const begun = performance.now();
  page.dispatchEvent(new Event('pagehide'));
  await alice.is('reconnecting');
  bob.connection.enter();
  await bob.is('inside');
  await bob.sees('bob');
  assert.ok(performance.now() - begun < 500);
  page.dispatchEvent(new Event('pageshow'));
  await alice.is('inside');
  await bob.sees('bob', 'alice');
  await Promise.all([alice.connection.leave(), bob.connection.leave()]);
});
