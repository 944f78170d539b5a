// Channels across a port: what the engine sees follows what the page's channels do.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { channelsOfPort, pumpChannels } from '../../../../components/links/data-channel-port.ts';
import type { PeerChannels } from '../../../../core/links/data-channel-link.ts';
import { FakeChannel } from '../../../support/fake-channel.ts';
import { until } from '../../../support/until.ts';

describe('data channel port', () => {
  let control: FakeChannel;
  let chunks: FakeChannel;
  let far: PeerChannels;
  let ports: MessageChannel;

  beforeEach(() => {
    [control, chunks] = [new FakeChannel(), new FakeChannel()];
    ports = new MessageChannel();
    pumpChannels(ports.port1, { control, chunks });
    far = channelsOfPort(ports.port2);
  });
  afterEach(() => {
    ports.port1.close();
    ports.port2.close();
  });

  async function open(): Promise<void> {
    control.open();
    chunks.open();
    await until(() => far.control.readyState === 'open' && far.chunks.readyState === 'open', 'both are open');
  }

  it('opens when the channel does, each on its own', async () => {
    let opened = 0;
    far.chunks.addEventListener('open', () => opened++);
    assert.equal(far.chunks.readyState, 'connecting');
    assert.throws(() => far.chunks.send(new Uint8Array(1)), { name: 'InvalidStateError' });
    chunks.open();
    await until(() => opened === 1, 'it opens');
    assert.equal(far.control.readyState, 'connecting');
  });

  it('carries bytes both ways and leaves the sender its own', async () => {
    await open();
    const shared = Uint8Array.of(1, 2, 3, 4, 5);
    far.control.send(shared.subarray(1, 3));
    far.chunks.send(shared.subarray(2));
    await until(() => control.sent.length + chunks.sent.length === 2, 'both are sent');
    assert.deepEqual([control.sent, chunks.sent], [[Uint8Array.of(2, 3)], [Uint8Array.of(3, 4, 5)]]);
    assert.equal(shared.length, 5);
    const got: unknown[] = [];
    far.control.addEventListener('message', ({ data }) => got.push(data));
    control.deliver(Uint8Array.of(9).buffer);
    control.deliver('text');
    await until(() => got.length === 2, 'both come');
    assert.deepEqual(got, [Uint8Array.of(9).buffer, 'text']);
  });

  it('shows how much waits, and tells when it has drained', async () => {
    await open();
    chunks.holding = true;
    far.chunks.bufferedAmountLowThreshold = 16_384;
    let low = 0;
    far.chunks.addEventListener('bufferedamountlow', () => low++);
    for (let i = 0; i < 8; i++) far.chunks.send(new Uint8Array(4_000));
    assert.equal(far.chunks.bufferedAmount, 32_000, 'at once, although nothing has reached the channel');
    await until(() => chunks.sent.length === 8, 'all are in the channel');
    assert.equal(far.chunks.bufferedAmount, 32_000);
    chunks.drain(8_000);
    await until(() => far.chunks.bufferedAmount === 24_000, 'what has left is seen');
    assert.equal(low, 0);
    chunks.drain(8_000);
    await until(() => low === 1, 'it is told');
    chunks.drain(16_000);
    await until(() => far.chunks.bufferedAmount === 0, 'all has left');
    assert.equal(low, 1);
    assert.equal(far.control.bufferedAmount, 0);
  });

  it('closes from either end', async () => {
    await open();
    const ends: string[] = [];
    far.control.addEventListener('close', () => ends.push('control'));
    far.chunks.addEventListener('close', () => ends.push('chunks'));
    far.control.close();
    assert.equal(far.control.readyState, 'closing');
    await until(() => control.readyState === 'closed' && ends.length === 1, 'the page closes it');
    far.control.close();
    chunks.close();
    await until(() => ends.length === 2, 'the engine sees it closed');
    assert.deepEqual(ends, ['control', 'chunks']);
    assert.throws(() => far.chunks.send(new Uint8Array(1)));
  });
});
