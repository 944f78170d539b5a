// Chunks: header codec, every truncation, and what the signature covers.

import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import test from 'node:test';
import fc from 'fast-check';
import {
  assembleChunk,
  type ChunkHeader,
  decodeChunk,
  encodeHeader,
  MAX_PAYLOAD,
  startsGroup,
} from '../../../core/chunk.ts';
import { ProtocolViolation } from '../../../core/errors.ts';
import { decodeInit, encodeInit, initId } from '../../../core/init-document.ts';
import { createSigner, createVerifier, signChunk, verifyChunk } from '../../../core/signature.ts';

const header: ChunkHeader = {
  track: 0,
  sequence: 1_795_000_000_123,
  group: 1_795_000_000_100,
  epoch: 1_794_999_000_000,
  discontinuity: true,
  end: false,
  timestamp: 161_550_000_000_000,
  duration: 9_000,
  entry: 17,
  initId: new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]),
  capturedAt: 1_795_000_000_321,
};
const payload = Uint8Array.from({ length: 4_000 }, (_, i) => i * 7);
const secret = new Uint8Array(32).fill(9);

test('a chunk survives its bytes, and a header stays small', async () => {
  const chunk = await signChunk('lecture', header, payload, await createSigner(secret, webcrypto.subtle));
  assert.deepEqual(decodeChunk(chunk.bytes), chunk);
  assert.ok(chunk.bytes.length - payload.length <= 120, `${chunk.bytes.length - payload.length} bytes of header`);
  assert.equal(startsGroup(chunk.header), false);
});

test('any header survives', () => {
  const nat = fc.maxSafeNat();
  fc.assert(
    fc.property(
      nat,
      nat,
      nat,
      fc.nat(1e9),
      fc.nat(1e9),
      fc.boolean(),
      fc.boolean(),
      fc.uint8Array({ maxLength: 50 }),
      (timestamp, capturedAt, epoch, group, more, discontinuity, end, bytes) => {
        fc.pre(epoch + group + more <= Number.MAX_SAFE_INTEGER);
        const any = {
          ...header,
          timestamp,
          capturedAt,
          epoch,
          group: epoch + group,
          sequence: epoch + group + more,
          discontinuity,
          end,
          entry: bytes.length,
        };
        const chunk = assembleChunk(any, encodeHeader(any, bytes.length), new Uint8Array(64), new Uint8Array(bytes));
        assert.deepEqual(decodeChunk(chunk.bytes).header, any);
      },
    ),
  );
});

test('every truncation and any byte too many is refused', () => {
  const small = { ...header, entry: 0 };
  const { bytes } = assembleChunk(small, encodeHeader(small, 5), new Uint8Array(64), new Uint8Array(5));
  for (let size = 0; size < bytes.length; size++)
    assert.throws(() => decodeChunk(bytes.subarray(0, size)), ProtocolViolation);
  assert.throws(() => decodeChunk(new Uint8Array([...bytes, 0])), ProtocolViolation);
});

test('a payload over the limit and an entry behind its end are refused', () => {
  const large = assembleChunk(
    header,
    encodeHeader(header, MAX_PAYLOAD + 1),
    new Uint8Array(64),
    new Uint8Array(MAX_PAYLOAD + 1),
  );
  assert.throws(() => decodeChunk(large.bytes), /at most 16000/);
  const beyond = assembleChunk(
    { ...header, entry: 6 },
    encodeHeader({ ...header, entry: 6 }, 5),
    new Uint8Array(64),
    new Uint8Array(5),
  );
  assert.throws(() => decodeChunk(beyond.bytes), /entry 6/);
});

test('random bytes never do more than a protocol violation', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), bytes => {
      try {
        decodeChunk(new Uint8Array(bytes));
      } catch (error) {
        assert.ok(error instanceof ProtocolViolation);
      }
    }),
  );
});

for (const [name, subtle] of [
  ['WebCrypto', webcrypto.subtle],
  ['JavaScript', undefined],
] as const) {
  test(`one flipped bit anywhere, or another channel's name, is noticed (${name})`, async () => {
    const signer = await createSigner(secret, subtle);
    const verify = await createVerifier(signer.publicKey, subtle);
    const chunk = await signChunk('lecture', { ...header, entry: 0 }, payload.subarray(0, 40), signer);
    assert.equal(await verifyChunk('lecture', chunk, verify), true);
    assert.equal(await verifyChunk('lectures', chunk, verify), false);
    for (let at = 0; at < chunk.bytes.length; at += subtle ? 1 : 13) {
      const forged = chunk.bytes.slice();
      forged[at]! ^= 1 << (at % 8);
      let accepted = false;
      try {
        accepted = await verifyChunk('lecture', decodeChunk(forged), verify);
      } catch (error) {
        assert.ok(error instanceof ProtocolViolation);
      }
      assert.equal(accepted, false, `bit at ${at}`);
    }
  });
}

test('WebCrypto and JavaScript verify each other', async () => {
  const [a, b] = [await createSigner(secret, webcrypto.subtle), await createSigner(secret)];
  assert.deepEqual(a.publicKey, b.publicKey);
  const chunk = await signChunk('x', { ...header, entry: 0 }, payload.subarray(0, 9), a);
  assert.deepEqual(await signChunk('x', { ...header, entry: 0 }, payload.subarray(0, 9), b), chunk);
  assert.equal(await verifyChunk('x', chunk, await createVerifier(a.publicKey)), true);
});

test('init documents survive, and are named by their hash', () => {
  const init = { container: 'ts', timestampOffset: -12_345_678_901_234, bytes: payload } as const;
  const encoded = encodeInit(init);
  assert.deepEqual(decodeInit(encoded), init);
  assert.notDeepEqual(initId(encoded), initId(encodeInit({ ...init, timestampOffset: 0 })));
  assert.throws(() => decodeInit(Uint8Array.of(7)), /unknown container/);
  assert.throws(() => decodeInit(Uint8Array.of(1, 0, 0)), ProtocolViolation);
});
