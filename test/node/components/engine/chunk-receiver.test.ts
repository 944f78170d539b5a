// Chunks from the relay and from peers: only what the publisher signed is passed on, whoever sent it, in whatever order it came.

import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ChunkReceiver, type ChunkReceiverOwner } from '../../../../components/engine/chunk-receiver.ts';
import type { Bytes } from '../../../../core/bytes.ts';
import type { Chunk } from '../../../../core/chunk.ts';
import { encodeInit, initId } from '../../../../core/init-document.ts';
import { type PeerId, RELAY } from '../../../../core/peer-id.ts';
import { createSigner, signChunk } from '../../../../core/signature.ts';
import { decodeBody, encodeMessage, MessageReader } from '../../../../core/wire/framing.ts';
import { channelState, chunk as chunkMessage, init } from '../../../../core/wire/index.ts';
import { until } from '../../../support/until.ts';

const CHANNEL = 'lecture';
const signer = await createSigner(new Uint8Array(32).fill(7), webcrypto.subtle);
const document = encodeInit({ container: 'flv', timestampOffset: 0, bytes: Uint8Array.of(1, 2, 3) });

const chunks = await Promise.all(
  Array.from({ length: 12 }, (_, i) => {
    const sequence = 1_000 + i;
    const header = {
      track: 0,
      sequence,
      group: 1_000,
      epoch: 1_000,
      discontinuity: false,
      end: false,
      timestamp: i * 3_600,
      duration: 3_600,
      entry: 0,
      initId: initId(document),
      capturedAt: sequence,
    };
    return signChunk(CHANNEL, header, new Uint8Array(100).fill(i), signer);
  }),
);

/** The body of a message, as a link hands it over. */
function bodyOf(message: Bytes): Bytes {
  let found: Bytes | undefined;
  new MessageReader((_, body) => (found = body)).push(message);
  assert.ok(found);
  return found;
}

/** The body of a chunk's message, with a bit flipped at a place, if one is given. */
function chunkBody(chunk: Chunk, flip?: number): Bytes {
  const body = bodyOf(encodeMessage(chunkMessage, chunk)).slice();
  if (flip !== undefined) body[body.length - 1 - flip]! ^= 1;
  return body;
}

/** Notes what the receiver lets through. */
class Owner implements ChunkReceiverOwner {
  readonly passedOn: { readonly chunk: Chunk; readonly from: PeerId }[] = [];
  readonly forgers: PeerId[] = [];
  readonly played: number[] = [];
  readonly failures: string[] = [];
  readonly #held = new Map<number, Bytes>();

  channelState(): void {}
  initCame(): void {}
  ordered(events: Parameters<ChunkReceiverOwner['ordered']>[0]): void {
    for (const event of events) if (event.type === 'chunk') this.played.push(event.chunk.header.sequence);
  }
  held(sequence: number): Bytes | undefined {
    return this.#held.get(sequence);
  }
  verified(chunk: Chunk, from: PeerId): boolean {
    this.passedOn.push({ chunk, from });
    const { sequence } = chunk.header;
    if (this.#held.has(sequence)) return false;
    this.#held.set(sequence, encodeMessage(chunkMessage, chunk));
    return true;
  }
  recalled(): boolean {
    return false;
  }
  forged(from: PeerId): void {
    this.forgers.push(from);
  }
  failed({ message }: Parameters<ChunkReceiverOwner['failed']>[0]): void {
    this.failures.push(message);
  }
}

const keyed = bodyOf(encodeMessage(channelState, { state: 'live', publicKey: signer.publicKey, windowStart: 0 }));
const initBody = bodyOf(encodeMessage(init, { track: 0, document }));

describe('ChunkReceiver', () => {
  it('says so when what it hashes with is not to be had', async () => {
    const owner = new Owner();
    const digest = () => Promise.reject(new TypeError('Failed to fetch'));
    const receiver = new ChunkReceiver(CHANNEL, { importKey: digest, digest }, owner);
    receiver.linked(0, false);
    receiver.take(init.type, initBody);
    await until(
      () => owner.failures.length > 0,
      () => 'the owner is told',
    );
    assert.deepEqual(owner.failures, ["signatures can't be checked: TypeError: Failed to fetch"]);
    receiver.close();
  });

  it('never lets through what the publisher did not sign, whoever sends it, also when the genuine chunk is held', async () => {
    const arrivals = fc.array(
      fc.record({
        index: fc.nat(chunks.length - 1),
        // Payload (100 bytes) and signature (64 before it): flipped bits elsewhere may not even decode.
        flip: fc.option(fc.nat(163), { nil: undefined }),
        from: fc.nat(3),
      }),
      { minLength: 1, maxLength: 30 },
    );
    await fc.assert(
      fc.asyncProperty(arrivals, fc.nat(3), async (sent, knownAfter) => {
        const owner = new Owner();
        const receiver = new ChunkReceiver(CHANNEL, webcrypto.subtle, owner);
        receiver.linked(0, false);
        for (const [i, { index, flip, from }] of sent.entries()) {
          // The key and the init document may come after the first chunks.
          if (i === Math.min(knownAfter, sent.length - 1)) {
            receiver.take(channelState.type, keyed);
            receiver.take(init.type, initBody);
          }
          receiver.take(chunkMessage.type, chunkBody(chunks[index]!, flip), from);
        }
        await until(() => owner.passedOn.length + owner.forgers.length === sent.length, 'all have been looked at');
        receiver.close();
        for (const { chunk } of owner.passedOn) {
          const genuine = chunks[chunk.header.sequence - 1_000]!;
          assert.deepEqual(Buffer.from(chunk.bytes), Buffer.from(genuine.bytes));
        }
        const forgers = sent.filter(({ flip }) => flip !== undefined).map(({ from }) => from);
        assert.deepEqual([...owner.forgers].sort(), forgers.sort());
      }),
      { numRuns: 60 },
    );
  });

  it('takes nothing but chunks and init documents from peers', () => {
    const owner = new Owner();
    let told = 0;
    owner.channelState = () => told++;
    const receiver = new ChunkReceiver(CHANNEL, webcrypto.subtle, owner);
    receiver.linked(0, false);
    receiver.take(channelState.type, keyed, 42);
    assert.equal(told, 0);
    receiver.take(channelState.type, keyed, RELAY);
    assert.equal(told, 1);
    assert.deepEqual(decodeBody(channelState, keyed).publicKey, signer.publicKey);
    receiver.close();
  });
});
