// Encoders at the door, over real sockets: who is let in, who is not, who follows whom, and when a channel ends.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { concat } from '../../../../core/bytes.ts';
import { readListenAddress } from '../../../../ingest/rtmp/listen-address.ts';
import { listenRtmp } from '../../../../ingest/rtmp/listen-rtmp.ts';
import { flvHeader, flvTag } from '../../../support/flv-muxer.ts';
import { publishRtmp } from '../../../support/rtmp-publisher.ts';
import { until as eventually } from '../../../support/until.ts';
import { TestLog, until } from '../fixtures.ts';
import { command, HANDSHAKE, introduction } from './chunk-stream.ts';
import { Feed, HASTE, KEY, listening, rawSocket, tag } from './stage.ts';

test('every byte of the tags goes in, whatever codec they are of', async () => {
  const { feed, publish } = await listening();
  const publisher = await publish('enhanced');
  const bodies: [number, string][] = [
    ...[
      [9, '\x90hvc1config'],
      [8, '\x90Opusconfig'],
      [9, '\x91hvc1\0\0\0frame'],
      [8, '\x91Opussound'],
    ],
    ...[
      [9, '\x90av01config'],
      [9, '\x93av01frame'],
      [9, '\x95vp09multitrack'],
      [8, '\xaf\x01AAC'],
      [9, '\x17\x01\0\0\0AVC'],
    ],
  ] as [number, string][]; // tuples, which spreading forgets
  const tags = bodies.map(([type, text], i) => flvTag(type, i * 10, Uint8Array.from(Buffer.from(text, 'latin1'))));
  for (const one of tags) publisher.send(one);
  const expected = concat([flvHeader(), ...tags]);
  await until('all has come', () => feed('enhanced')?.bytes.length === expected.length);
  assert.deepEqual(feed('enhanced')?.bytes, expected);
});

test('a wrong key, no key, an address that is none: refused with a sentence, after a while', async () => {
  const { feeds, log, publish, server } = await listening();
  const startedAt = performance.now();
  await assert.rejects(publish('a', 'guessed'), /^Error: wrong key$/);
  assert.ok(performance.now() - startedAt >= 1_000 / HASTE, 'guessing takes time');
  await assert.rejects(publish('a', ''), /no key was given: add \?key=/);
  await assert.rejects(publishRtmp(server, `../a?key=${KEY}`), /no segment "\.\."; the address is rtmp:/);
  assert.equal(feeds.size, 0);
  assert.ok(log.has(/an encoder is refused: wrong key/));
  assert.ok(!JSON.stringify(log.lines).includes('guessed'));
});

test('a good-bye ends the broadcast, a lost connection leaves it waiting: both when nobody comes back', async () => {
  const { feed, publish, server } = await listening();
  const lost = await publish('lost');
  lost.send(tag(0));
  await until('it is there', () => feed('lost')?.bytes.length);
  lost.disconnect();
  const { socket, heard, closed } = await rawSocket(server);
  socket.write(introduction(`ends?key=${KEY}`));
  await until('it is let in', () => heard().includes('Publish.Start'));
  socket.write(command('deleteStream', 4, null, 1));
  await closed;
  await until('both are over', () => feed('lost')?.stopped && feed('ends')?.stopped);
  assert.deepEqual(feed('lost')?.stopped, { unpublish: false });
  assert.deepEqual(feed('ends')?.stopped, { unpublish: true });
  await publish('ends');
  await until('it begins anew', () => feed('ends')?.bytes.length);
});

test('who comes back in time goes on in the same broadcast', async () => {
  const { feed, feeds, publish } = await listening();
  const first = await publish('a');
  first.send(tag(0));
  await until('it is there', () => (feed('a')?.bytes.length ?? 0) > 13);
  first.disconnect();
  const second = await publish('a');
  second.send(tag(0, 'another'));
  const expected = concat([flvHeader(), tag(0), flvHeader(), tag(0, 'another')]);
  await until('it goes on', () => feed('a')?.bytes.length === expected.length);
  assert.deepEqual(feed('a')?.bytes, expected);
  assert.deepEqual([feeds.get('a')?.length, feed('a')?.breaks], [1, ['the encoder begins anew']]);
  await delay((2 * 5_000) / HASTE); // longer than the grace of the first
  assert.equal(feed('a')?.stopped, undefined);
});

test('a second encoder is refused while the first is alive, and follows it when it is silent', async () => {
  const { feed, log, publish } = await listening();
  const first = await publish('a');
  let time = 0;
  const alive = setInterval(() => first.send(tag(time++)), 10);
  await assert.rejects(publish('a'), /somebody else publishes a/);
  clearInterval(alive);
  const second = await publish('a');
  await first.closed;
  assert.ok(log.has(/the encoder is silent, and another takes over/));
  first.send(tag(time, 'too late'));
  second.send(tag(0, 'from the second'));
  await until('the second is heard', () => Buffer.from(feed('a')!.bytes).includes('from the second'));
  assert.ok(!Buffer.from(feed('a')!.bytes).includes('too late'));
});

test('an encoder that falls silent is dropped', async () => {
  const { log, publish } = await listening({ stallMs: 4_000 });
  const publisher = await publish('a');
  publisher.send(tag(0));
  await publisher.closed;
  assert.ok(log.has(/the encoder is dropped: nothing came for 4 s: the channel waits/));
});

test('a channel that can not be fed: the encoder hears why', async () => {
  const refused = await listening({
    start: async () => {
      const feed = new Feed();
      feed.end({ code: 'refused', reason: 'the relay refused to publish a (taken): somebody else publishes a' });
      return feed;
    },
  });
  await assert.rejects(refused.publish('a'), /\(taken\): somebody else publishes a/);
  const silent = await listening({ start: async () => new Feed() });
  await assert.rejects(silent.publish('a'), /the relay does not answer/);
  const broken = await listening({ start: () => Promise.reject(new Error('no disk')) });
  await assert.rejects(broken.publish('a'), /the channel could not be started/);
  assert.ok(broken.log.has(/the channel could not be started/));
  const { feed, publish } = await listening();
  const publisher = await publish('a');
  feed('a')?.end({ code: 'refused', reason: 'the same key has begun to publish from elsewhere' });
  await publisher.closed;
  await publish('a'); // and may try again
});

test('connections that say nothing, or nonsense, are closed; everybody else plays on', async () => {
  const { feed, publish, server } = await listening();
  const publisher = await publish('a');
  const slow = await rawSocket(server);
  const dripping = setInterval(() => slow.socket.write(Uint8Array.of(3)), 20);
  const shaken = await rawSocket(server);
  shaken.socket.write(HANDSHAKE);
  const garbage = await rawSocket(server);
  garbage.socket.write('GET / HTTP/1.1\r\n\r\n');
  const huge = await rawSocket(server);
  huge.socket.write(Buffer.concat([HANDSHAKE, Buffer.from([3, 0, 0, 0, 255, 255, 255, 20, 0, 0, 0, 0, 1, 2, 3])]));
  const alive = setInterval(() => publisher.send(tag(0)), 10);
  await Promise.all([slow.closed, shaken.closed, garbage.closed, huge.closed]);
  clearInterval(dripping);
  const before = feed('a')!.bytes.length;
  await until('the publisher goes on', () => feed('a')!.bytes.length > before);
  clearInterval(alive);
});

test('a crowd from one address is kept out, and that is told once', async () => {
  const { log, publish, server } = await listening({ limits: { connections: 10, connectionsPerAddress: 3 } });
  const there = await Promise.all([rawSocket(server), rawSocket(server), rawSocket(server)]);
  await Promise.all(Array.from({ length: 20 }, async () => (await rawSocket(server)).closed));
  assert.equal(log.lines.filter(({ message }) => /3 connections from 127\.0\.0\.1/.test(message)).length, 1);
  for (const { socket, closed } of there) {
    socket.destroy();
    await closed;
  }
  const enters = () =>
    publish('a').then(
      () => true,
      () => false,
    );
  await eventually(enters, 'there is room again');
});

test('a source that is not taken stops its encoder, and memory', async () => {
  let events: AsyncIterator<unknown> | undefined;
  const { publish } = await listening({
    start: async (_, pushed) => {
      events = pushed.open(new AbortController().signal)[Symbol.asyncIterator]();
      void events.next(); // the file header is all that is taken
      return new Feed();
    },
  });
  const publisher = await publish('a');
  const large = flvTag(9, 0, new Uint8Array(1_000_000));
  for (let i = 0; i < 60; i++) publisher.send(large);
  let waiting = Number.POSITIVE_INFINITY;
  await eventually(() => {
    const before = waiting;
    waiting = publisher.waiting;
    return waiting === before;
  }, 'no more is read');
  assert.ok(waiting > 40e6, `of 60 MB ${waiting} bytes wait at the encoder`);
  for (let i = 0; i < 60; i++) assert.equal((await events!.next()).done, false);
  assert.equal(publisher.waiting, 0, 'all has come in the end');
});

test('an address that is taken: one sentence', async () => {
  const { server } = await listening();
  const address = readListenAddress(server);
  assert.ok(typeof address === 'object');
  const again = listenRtmp({
    listen: [address],
    mayPublish: () => false,
    start: async () => new Feed(),
    log: new TestLog(),
  });
  await assert.rejects(
    again,
    /^Error: encoders can't be listened for at rtmp:\/\/127\.0\.0\.1:\d+: the port is taken$/,
  );
});

test('leaving: every encoder is let go, every channel stopped as asked', async () => {
  const { feed, listener, publish, server } = await listening();
  const publisher = await publish('a');
  const idle = await rawSocket(server);
  await listener.close({ unpublish: true });
  await Promise.all([publisher.closed, idle.closed]);
  assert.deepEqual(feed('a')?.stopped, { unpublish: true });
});
