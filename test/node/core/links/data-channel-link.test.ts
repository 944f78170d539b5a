// The link over data channels, with channels made up: what a browser's never do on demand.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Bytes } from '../../../../core/bytes.ts';
import { CloseCode } from '../../../../core/link.ts';
import { type DataChannelLink, dataChannelLink } from '../../../../core/links/data-channel-link.ts';
import { encodeMessage } from '../../../../core/wire/framing.ts';
import { ping } from '../../../../core/wire/ping.ts';
import { FakeChannel } from '../../../support/fake-channel.ts';

const PING = encodeMessage(ping, { sentAt: 7 });

function make({ open = true } = {}) {
  const [control, chunks] = [new FakeChannel(), new FakeChannel()];
  let waited = () => {};
  const wait = () => new Promise<void>(resolve => (waited = resolve));
  const link = dataChannelLink({ control, chunks }, { wait });
  if (open) {
    control.open();
    chunks.open();
  }
  return { link, control, chunks, timeOut: () => waited() };
}

function listen(link: DataChannelLink): Bytes[] {
  const bodies: Bytes[] = [];
  link.receive = (_type, body) => bodies.push(body);
  return bodies;
}

describe('data channel link', () => {
  it('takes ArrayBuffers from both channels and says where chunks go', async () => {
    const { link, control, chunks } = make();
    const bodies = listen(link);
    await link.opened;
    assert.equal(control.binaryType, 'arraybuffer');
    control.deliver(PING.slice().buffer);
    chunks.deliver(PING.slice().buffer);
    assert.equal(bodies.length, 2);
    link.send(PING);
    link.send(PING, 1);
    assert.deepEqual([control.sent, chunks.sent], [[PING], [PING]]);
    assert.throws(() => link.send(PING, 2), RangeError);
  });

  it('is writable when it opens, not before', async () => {
    const { link, control, chunks } = make({ open: false });
    const drained: number[] = [];
    link.drained = lane => drained.push(lane);
    assert.equal(link.writable(1), false);
    link.send(PING); // a control message may be sent regardless
    control.open();
    assert.deepEqual(control.sent, []);
    chunks.open();
    assert.equal(await link.opened, true);
    assert.deepEqual(control.sent, [PING]);
    assert.deepEqual(drained, [1]);
    assert.equal(link.writable(1), true);
  });

  it('lets little wait on the chunk lane, and tells how much and when it has drained', async () => {
    const { link, chunks } = make();
    await link.opened;
    const drained: number[] = [];
    link.drained = lane => drained.push(lane);
    chunks.holding = true;
    const chunk = new Uint8Array(4_000);
    let count = 0;
    for (; link.writable(1) && count < 100; count++) link.send(chunk, 1);
    assert.equal(count, 9); // 32 KiB
    assert.equal(link.backlog, 36_000);
    chunks.drain(27_000);
    assert.deepEqual(drained, []);
    chunks.drain(1_000);
    assert.deepEqual(drained, [1]);
    chunks.drain(8_000);
    assert.deepEqual(drained, [1], 'told once');
    assert.equal(link.backlog, 0);
  });

  it('tells that it has drained also whoever goes by the backlog', async () => {
    const { link, chunks } = make();
    await link.opened;
    const drained: number[] = [];
    link.drained = lane => drained.push(lane);
    chunks.holding = true;
    while (link.backlog < 16_384) link.send(new Uint8Array(4_000), 1);
    chunks.drain(13_000);
    assert.deepEqual(drained, [1]);
  });

  it('refuses to send more than a data channel surely carries', () => {
    const { link } = make();
    assert.throws(() => link.send(new Uint8Array(16_385)), { name: 'RangeError', message: /at most 16384/ });
    assert.doesNotThrow(() => link.send(new Uint8Array(16_384)));
  });

  const violations: [what: string, data: unknown, reason: RegExp][] = [
    ['a text frame', 'hello', /text frame/],
    ['too long a message', new ArrayBuffer(16_385), /at most 16384/],
    ['half a message', PING.slice(0, -1).buffer, /ended .* into a message/],
    ['too long an announcement', Uint8Array.of(4, 0xc0, 0, 0, 0, 0x40, 0, 0, 0).buffer, /1073741824 bytes/],
    ['a bad farewell', Uint8Array.of(31, 1, 0).buffer, /./],
  ];
  for (const [what, data, reason] of violations) {
    for (const lane of ['control', 'chunks'] as const) {
      it(`closes at ${what} on ${lane}`, async () => {
        const made = make();
        const bodies = listen(made.link);
        await made.link.opened;
        made[lane].deliver(data);
        const end = await made.link.closed;
        assert.equal(end.code, CloseCode.protocolViolation);
        assert.match(end.reason, reason);
        made.control.deliver(PING.slice().buffer);
        assert.equal(bodies.length, 0, 'nothing is handed on after the end');
        assert.deepEqual([made.control.readyState, made.chunks.readyState], ['closed', 'closed']);
      });
    }
  }

  it('ends when the channels do not open in time', async () => {
    const { link, control, chunks, timeOut } = make({ open: false });
    control.open();
    timeOut();
    assert.deepEqual(await link.closed, {
      code: CloseCode.failed,
      reason: 'the data channels did not open within 10 s',
    });
    assert.equal(await link.opened, false);
    assert.equal(chunks.readyState, 'closed');
  });

  it('stays when the time is over and the channels are open', async () => {
    const { link, timeOut } = make();
    await link.opened;
    timeOut();
    await Promise.resolve();
    assert.equal(link.writable(0), true);
  });

  for (const lane of ['control', 'chunks'] as const) {
    it(`ends when ${lane} breaks off`, async () => {
      const made = make();
      listen(made.link);
      await made.link.opened;
      made[lane].close();
      assert.deepEqual(await made.link.closed, { code: CloseCode.failed, reason: 'the data channel broke off' });
      assert.deepEqual([made.control.readyState, made.chunks.readyState], ['closed', 'closed']);
      made.link.send(PING); // does nothing
    });
  }

  it('ends over channels that were closed before', async () => {
    const [control, chunks] = [new FakeChannel(), new FakeChannel()];
    control.open();
    chunks.close();
    const link = dataChannelLink({ control, chunks }, { wait: () => new Promise(() => {}) });
    assert.equal((await link.closed).code, CloseCode.failed);
  });

  it('ends when a peer reads nothing, before much waits for it', async () => {
    const { link, control } = make();
    await link.opened;
    control.holding = true;
    for (let i = 0; i < 100; i++) link.send(new Uint8Array(16_000));
    assert.equal((await link.closed).code, CloseCode.tooSlow);
    assert.ok(control.bufferedAmount < 1_100_000, `${control.bufferedAmount}`);
  });

  it('does not hold without end for an owner who never listens', async () => {
    const { link, chunks } = make();
    for (let i = 0; i < 100; i++) chunks.deliver(new ArrayBuffer(16_000));
    assert.equal((await link.closed).code, CloseCode.failed);
  });

  it('ends when a channel refuses what is sent', async () => {
    const { link, control } = make();
    await link.opened;
    control.refusing = true;
    link.send(PING);
    assert.equal((await link.closed).code, CloseCode.failed);
  });
});
