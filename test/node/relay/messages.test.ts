// Messages at the real relay: who hears them, in which order, and what happens to those who say too much or hear too slowly.

import assert from 'node:assert/strict';
import test from 'node:test';
import { CloseCode } from '../../../core/link.ts';
import { WIRE_VERSION } from '../../../core/wire/codec.ts';
import * as wire from '../../../core/wire/index.ts';
import { until } from '../../support/until.ts';
import { overWebSocket, Party, publisher, signerOf, testRelay, viewer } from './fixtures.ts';

const relay = await testRelay();
const texts = (party: Party) => party.all(wire.message).map(({ data }) => new TextDecoder().decode(data));
const say = (party: Party, text: string) =>
  party.send(wire.message, { from: 'somebody else', own: true, isText: true, data: new TextEncoder().encode(text) });

/** A viewer that hears. */
async function listener(channel: string, at = relay): Promise<Party> {
  const party = viewer(at, channel);
  await party.gets(wire.channelState);
  return party;
}

test('everybody on the channel hears, the speaker too, with the name that the relay knows; nobody elsewhere', async () => {
  const [alice, bob, elsewhere] = await Promise.all([listener('talk'), listener('talk'), listener('other')]);
  say(alice, 'one');
  await bob.gets(wire.message);
  await alice.gets(wire.message);
  const [heard] = bob.all(wire.message);
  const [own] = alice.all(wire.message);
  assert.match(heard!.from, /^#[\w-]{8}$/, 'what the sender wrote there does not count');
  assert.deepEqual([heard!.own, own!.own], [false, true]);
  assert.equal(heard!.from, own!.from);
  say(bob, 'two');
  await alice.gets(wire.message, 2);
  assert.notEqual(alice.all(wire.message)[1]!.from, own!.from);
  assert.deepEqual(texts(alice), ['one', 'two']);
  say(elsewhere, 'three');
  await elsewhere.gets(wire.message);
  assert.deepEqual(texts(alice), ['one', 'two']);
});

test('bytes of any kind pass, up to 16 KiB; a longer message closes its sender', async () => {
  const [alice, bob] = await Promise.all([listener('bytes'), listener('bytes')]);
  const data = crypto.getRandomValues(new Uint8Array(16_384));
  alice.send(wire.message, { from: '', own: false, isText: false, data });
  assert.deepEqual((await bob.gets(wire.message)).data, data);
  assert.equal((await bob.gets(wire.message)).isText, false);
  alice.link.send(
    Uint8Array.of(wire.message.type, 0x80, 0, 0x40, 4, 0, 0, 0x80, 0, 0x40, 1, ...new Uint8Array(16_385)),
  );
  assert.equal((await alice.ends()).code, CloseCode.protocolViolation);
});

test('the order of each sender is kept, whatever the transport', async () => {
  const fast = await testRelay({ messages: { perSecond: 1_000, channelPerSecond: 10_000 } });
  const parties = [await listener('order', fast), (await overWebSocket(fast)).party, (await overWebSocket(fast)).party];
  for (const party of parties.slice(1)) {
    party.send(wire.subscribe, { version: WIRE_VERSION, channel: 'order' });
    await party.gets(wire.channelState);
  }
  for (let i = 0; i < 300; i++) for (const [who, party] of parties.entries()) say(party, `${who} ${i}`);
  for (const party of parties) await party.gets(wire.message, 900);
  for (const party of parties) {
    for (const who of parties.keys()) {
      const of = texts(party).filter(text => text.startsWith(`${who} `));
      assert.deepEqual(
        of,
        Array.from({ length: 300 }, (_, i) => `${who} ${i}`),
      );
    }
  }
});

test('a publisher that is on air speaks and hears; one that has not proven itself does neither', async () => {
  const source = await publisher(relay, 'stage', await signerOf(1));
  const watcher = await listener('stage');
  say(source.party, 'welcome');
  await watcher.gets(wire.message);
  say(watcher, 'thanks');
  await source.party.gets(wire.message, 2);
  const impostor = new Party(relay.connect());
  impostor.send(wire.publish, { version: WIRE_VERSION, channel: 'stage', publicKey: (await signerOf(2)).publicKey });
  await impostor.gets(wire.challenge);
  say(impostor, 'I am the stage');
  assert.equal((await impostor.gets(wire.messageLoss)).cause, 'not-allowed');
  say(watcher, 'again');
  await watcher.gets(wire.message, 3);
  assert.deepEqual(texts(watcher), ['welcome', 'thanks', 'again']);
  assert.deepEqual(texts(impostor), []);
});

test('who sends too fast is told how many were dropped; the others notice nothing, and it may go on', async () => {
  const [flooder, other] = await Promise.all([listener('flood'), listener('flood')]);
  for (let i = 0; i < 2_000; i++) say(flooder, `${i}`);
  say(other, 'hello');
  await until(() => texts(other).includes('hello'), 'the others are heard');
  await until(
    () => flooder.all(wire.messageLoss).reduce((sum, { count }) => sum + count, 0) + texts(flooder).length === 2_001,
    () => `every message is heard or counted: ${JSON.stringify(flooder.all(wire.messageLoss))}`,
  );
  const losses = flooder.all(wire.messageLoss);
  assert.ok(losses.length <= 3, `${losses.length} notices of 1,970 drops`);
  assert.equal(losses[0]!.cause, 'too-fast');
  assert.match(losses[0]!.reason, /10 messages and 64 kB a second/);
  assert.deepEqual(other.all(wire.messageLoss), []);
  assert.equal(flooder.end, undefined);
  await until(
    () => {
      say(flooder, 'calm');
      return texts(other).includes('calm');
    },
    'it is heard again',
    3_000,
  );
});

test('many who send much together: the channel carries what it may, and each is told of its own', async () => {
  const busy = await testRelay({ messages: { channelPerSecond: 20 } });
  const parties = await Promise.all(Array.from({ length: 10 }, () => listener('busy', busy)));
  for (const party of parties) for (let i = 0; i < 20; i++) say(party, `${i}`);
  const total = () =>
    parties.reduce((sum, party) => sum + party.all(wire.messageLoss).reduce((all, { count }) => all + count, 0), 0);
  await until(
    () => total() + texts(parties[0]!).length === 200,
    () => `${total()} dropped and ${texts(parties[0]!).length} heard of 200`,
  );
  assert.ok(texts(parties[0]!).length >= 60 && texts(parties[0]!).length < 90, `${texts(parties[0]!).length} heard`);
  assert.match(parties[9]!.all(wire.messageLoss)[0]!.reason, /channel carries 20 messages/);
  assert.equal(parties[9]!.all(wire.messageLoss)[0]!.cause, 'busy');
});

test('where messages are off, the sender is told', async () => {
  const mute = await testRelay({ messages: { enabled: false } });
  const alice = await listener('mute', mute);
  say(alice, 'one');
  assert.deepEqual(await alice.gets(wire.messageLoss), {
    ...{ cause: 'off', count: 1, reason: 'dropped: this relay carries no messages' },
  });
  assert.deepEqual(texts(alice), []);
});

test('who does not read misses messages, a bounded part is on the way to it, and it is told when it reads again', async () => {
  const loud = await testRelay({
    messages: {
      ...{ perSecond: 10_000, kilobytesPerSecond: 100_000 },
      ...{ channelPerSecond: 10_000, channelKilobytesPerSecond: 100_000, megabitsPerSecond: 10_000 },
    },
  });
  const speaker = await listener('slow', loud);
  const { party: slow, socket } = await overWebSocket(loud);
  slow.send(wire.subscribe, { version: WIRE_VERSION, channel: 'slow' });
  await slow.gets(wire.channelState);
  socket.pause();
  const data = new Uint8Array(16_000);
  const figures = () => loud.stats().channels.slow!.messages;
  await until(
    () => {
      speaker.send(wire.message, { from: '', own: false, isText: false, data });
      return figures().missed >= 20;
    },
    () => `some are missed: ${JSON.stringify(figures())}`,
    20_000,
  );
  const own = speaker.all(wire.message).length;
  const given = figures().delivered - own;
  assert.ok(given * data.length <= 1_048_576 + 65_536, `${given} messages of 16 kB are on the way to it`);
  socket.resume();
  const loss = await slow.gets(wire.messageLoss);
  assert.equal(loss.cause, 'missed');
  await until(
    () => slow.all(wire.messageLoss).reduce((sum, { count }) => sum + count, 0) === figures().missed,
    'all that it missed is counted',
  );
  assert.equal(slow.all(wire.message).length + figures().missed, speaker.all(wire.message).length);
  const before = slow.all(wire.message).length;
  await until(() => {
    speaker.send(wire.message, { from: '', own: false, isText: false, data: new Uint8Array(1) });
    return slow.all(wire.message).length > before;
  }, 'it hears again');
});
