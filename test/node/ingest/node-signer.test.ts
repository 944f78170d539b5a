import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSigner, createVerifier, signChunk, verifyChunk } from '../../../core/signature.ts';
import { nodeSigner } from '../../../ingest/node-signer.ts';

test('signs as every other signer does', async () => {
  const secretKey = new Uint8Array(32).fill(9);
  const [ours, other] = [nodeSigner(secretKey), await createSigner(secretKey)];
  assert.deepEqual(ours.publicKey, other.publicKey);
  const header = {
    ...{ track: 0, sequence: 7, group: 7, epoch: 7, discontinuity: false, end: false, timestamp: 90_000 },
    ...{ duration: 3_600, entry: 0, initId: new Uint8Array(8), capturedAt: 1_000 },
  };
  const payload = new Uint8Array(4_000).fill(5);
  const [mine, theirs] = [
    await signChunk('a/b', header, payload, ours),
    await signChunk('a/b', header, payload, other),
  ];
  assert.deepEqual(mine.bytes, theirs.bytes);
  const verify = await createVerifier(ours.publicKey, crypto.subtle);
  assert.ok(await verifyChunk('a/b', mine, verify));
  assert.ok(!(await verifyChunk('a/c', mine, verify)));
});
