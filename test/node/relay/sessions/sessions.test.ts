// Sessions on a clock that the test turns, over links that note what they are told.

import assert from 'node:assert/strict';
import test from 'node:test';
import type { Bytes } from '../../../../core/bytes.ts';
import { CloseCode, type Link, type LinkClose } from '../../../../core/link.ts';
import { type Codec, WIRE_VERSION } from '../../../../core/wire/codec.ts';
import { decodeBody, encodeMessage, MessageReader } from '../../../../core/wire/framing.ts';
import * as wire from '../../../../core/wire/index.ts';
import { AccessControl } from '../../../../relay/access/access-control.ts';
import { Channels } from '../../../../relay/channels/channels.ts';
import { parseConfig } from '../../../../relay/config/config.ts';
import { LiveConfig } from '../../../../relay/config/live-config.ts';
import { QualityBoard } from '../../../../relay/figures/quality-board.ts';
import { createLog } from '../../../../relay/log.ts';
import { messageTerms } from '../../../../relay/messages/message-terms.ts';
import { Rooms } from '../../../../relay/rooms/rooms.ts';
import { RateCap } from '../../../../relay/sessions/rate-cap.ts';
import { Sessions } from '../../../../relay/sessions/sessions.ts';

class FakeLink implements Link {
  readonly transport = 'memory';
  readonly lanes = 0;
  receive: (type: number, body: Bytes) => void = () => {};
  drained: (lane: number) => void = () => {};
  readonly closed: Promise<LinkClose>;
  free = true;
  end: LinkClose | undefined;
  readonly sent: Bytes[] = [];
  #settle!: (end: LinkClose) => void; // set by the promise's executor, which runs at once

  constructor() {
    this.closed = new Promise(resolve => {
      this.#settle = resolve;
    });
  }

  writable(): boolean {
    return this.free;
  }
  send(messages: Bytes): void {
    if (!this.end) this.sent.push(messages);
  }
  close(code: number, reason: string): void {
    this.end ??= { code, reason };
    this.#settle(this.end);
  }

  /** The other side says something. */
  hears<Message>(codec: Codec<Message>, message: Message): void {
    new MessageReader(this.receive).push(encodeMessage(codec, message));
  }

  told<Message>(codec: Codec<Message>): Message[] {
    const found: Message[] = [];
    const reader = new MessageReader((type, body) => {
      if (type === codec.type) found.push(decodeBody(codec, body));
    });
    for (const bytes of this.sent) reader.push(bytes);
    return found;
  }
}

async function stage(links: { links?: number; linksPerAddress?: number } = {}) {
  const limits = { ...parseConfig({}).limits, links: 100, linksPerAddress: 100, ...links };
  let now = 0;
  let tasks: { at: number; task: () => void }[] = [];
  const clock = () => now;
  const after = (ms: number, task: () => void) => void tasks.push({ at: now + ms, task });
  const log = createLog('silent');
  const { swarm, messages: messageSettings, rooms: roomSettings } = parseConfig({ rooms: { open: true } });
  const messages = messageTerms(messageSettings, { steady: clock, after });
  const window = { maxAgeMs: 60_000, maxBytes: 1e8 };
  const rooms: Rooms = new Rooms({
    settings: roomSettings,
    channels: () => channels,
    ...{ clock: () => 1_000_000 + now, steady: clock, after },
  });
  const channels: Channels = new Channels({
    ...{ window, swarm, messages, log, clock, steady: clock, after },
    watchers: [{ stateChanged: channel => rooms.channelChanged(channel) }],
  });
  const access = await AccessControl.open({
    ...{ live: new LiveConfig(parseConfig({})), publishKeys: () => ['the key of these tests'], viewersOf: () => 0 },
    ...{ log, clock: () => 1_000_000 + now, steady: clock },
  });
  const sessions = new Sessions(() => limits, {
    ...{ channels, access, log },
    ...{ recalls: new RateCap(1e6, 0), messages, rooms },
    quality: new QualityBoard({ clock, steady: clock }),
    ...{ clock: () => 1_000_000 + now, steady: clock, after },
  });
  return {
    channels,
    sessions,
    add(address = '10.0.0.1'): FakeLink {
      const link = new FakeLink();
      sessions.add(link, address);
      return link;
    },
    /** Lets time pass with a tick each second. */
    pass(ms: number): void {
      for (const end = now + ms; now < end; ) {
        now = Math.min(end, now + 500);
        const due = tasks.filter(({ at }) => at <= now);
        tasks = tasks.filter(({ at }) => at > now);
        for (const { task } of due) task();
        if (now % 1_000 === 0) sessions.tick();
      }
    },
  };
}

const subscribed = (link: FakeLink, channel = 'a') => link.hears(wire.subscribe, { version: WIRE_VERSION, channel });

test('a link that does not say within 5 s what it is gets closed, though it pings', async () => {
  const { add, pass } = await stage();
  const quiet = add();
  const viewer = add();
  subscribed(viewer);
  for (let second = 0; second < 6; second++) {
    pass(1_000);
    if (!quiet.end) quiet.hears(wire.ping, { sentAt: second });
  }
  assert.deepEqual(quiet.end, {
    code: CloseCode.protocolViolation,
    reason: 'neither subscribe nor publish nor enter-room came within 5 s',
  });
  assert.equal(viewer.end, undefined);
});

test('pings at once and every 5 s; what is silent for 15 s is dead, what answers lives', async () => {
  const { add, pass } = await stage();
  const dead = add();
  const alive = add();
  subscribed(dead);
  subscribed(alive);
  for (let second = 0; second < 17; second++) {
    pass(1_000);
    alive.hears(wire.pong, { sentAt: 0, clock: 0 });
  }
  assert.equal(dead.end?.code, CloseCode.failed);
  assert.match(dead.end?.reason ?? '', /silent for 15 s/);
  assert.equal(alive.end, undefined);
  assert.equal(alive.told(wire.ping).length, 4);
});

test('a ping is answered with the wall clock; but answers that nobody reads do not pile up', async () => {
  const { add } = await stage();
  const link = add();
  subscribed(link);
  link.hears(wire.ping, { sentAt: 42 });
  assert.deepEqual(link.told(wire.pong), [{ sentAt: 42, clock: 1_000_000 }]);
  link.free = false;
  for (let i = 0; i < 1_000; i++) link.hears(wire.ping, { sentAt: i });
  assert.equal(link.told(wire.pong).length, 1);
});

test('too many links, and too many from one address, are told so and closed; the others stay', async () => {
  const { add, pass, sessions } = await stage({ links: 3, linksPerAddress: 2 });
  const links = [add('10.0.0.1'), add('10.0.0.1'), add('10.0.0.1'), add('10.0.0.2')];
  for (const link of links.slice(0, 2)) subscribed(link);
  assert.match(links[2]!.told(wire.refused)[0]?.reason ?? '', /at most 2 links from one address/);
  assert.match(links[3]!.told(wire.refused)[0]?.reason ?? '', /at most 3 links/);
  pass(1_000);
  assert.equal(links[2]!.end?.code, CloseCode.refused);
  assert.equal(links[3]!.end?.code, CloseCode.refused);
  assert.equal(links[0]!.end, undefined);
  await Promise.resolve();
  assert.equal(sessions.count, 2);
  const again = add('10.0.0.2');
  assert.equal(again.told(wire.refused).length, 0, 'there is room again');
});

test('a refusal that quotes what came stays short enough to close any transport with', async () => {
  const { add, pass } = await stage();
  const link = add();
  subscribed(link, 'é'.repeat(400));
  assert.equal(link.told(wire.refused)[0]?.code, 'bad-name');
  pass(1_000);
  assert.ok(new TextEncoder().encode(link.end?.reason).length <= 1_024);
});

test('after a refusal nothing that comes counts', async () => {
  const { add, channels } = await stage();
  const link = add();
  link.hears(wire.subscribe, { version: 99, channel: 'a' });
  subscribed(link);
  assert.equal(link.told(wire.refused).length, 1);
  assert.equal(channels.find('a'), undefined);
});

test('goaway reaches everybody, and whoever comes later', async () => {
  const { add, sessions } = await stage();
  const early = add();
  sessions.goaway(500, 'the relay leaves');
  const late = add();
  assert.deepEqual(early.told(wire.goaway), [{ retryAfterMs: 500, reason: 'the relay leaves' }]);
  assert.equal(late.told(wire.goaway).length, 1);
  sessions.close(CloseCode.goingAway, 'the relay leaves');
  assert.equal(late.end?.code, CloseCode.goingAway);
});

test('a channel that nobody needs is forgotten', async () => {
  const { add, sessions, channels } = await stage();
  const link = add();
  subscribed(link, 'room/alice');
  channels.sweep();
  assert.deepEqual(sessions.channelStats(), {
    'room/alice': {
      ...{ state: 'waiting', viewers: 1, bytesIn: 0, bytesOut: 0, bytesPulled: 0, transports: { memory: 1 } },
      ...{ copies: { recent: null, total: null }, swarm: null },
      messages: { listeners: 1, delivered: 0, missed: 0 },
    },
  });
  link.close(0, '');
  await Promise.resolve();
  channels.sweep();
  assert.equal(channels.find('room/alice'), undefined);
});

test('a member whose link is full gets the newest state of its room when it drains, and pings all the while', async () => {
  const { add, pass } = await stage();
  const enter = async (user: string, byte: number) => {
    const link = add();
    const secret = new Uint8Array(16).fill(byte);
    link.hears(wire.enterRoom, { version: WIRE_VERSION, room: 'room/a', user, secret, token: '' });
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    return link;
  };
  const usersOf = (link: FakeLink) => link.told(wire.roomState).map(({ members }) => members.map(({ user }) => user));
  const slow = await enter('slow', 1);
  pass(1_000);
  const before = usersOf(slow).length;
  slow.free = false;
  const alive = () => slow.hears(wire.pong, { sentAt: 0, clock: 0 });
  const bob = await enter('bob', 2);
  pass(500);
  alive();
  await enter('carol', 3);
  bob.hears(wire.leaveRoom, {});
  pass(500);
  alive();
  assert.equal(usersOf(slow).length, before, 'nothing piles up');
  slow.free = true;
  slow.drained(0);
  assert.deepEqual(usersOf(slow).slice(before), [['slow', 'carol']]);
  assert.deepEqual(bob.end, { code: CloseCode.done, reason: 'left the room' });
  const pings = slow.told(wire.ping).length;
  pass(1_000);
  assert.ok(slow.told(wire.ping).length >= pings + 2, 'twice a second');
  pass(2_500);
  assert.equal(slow.end?.reason, 'silent for 2.5 s');
});
