import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { sha256 } from '../../../core/sha256.ts';

const reference = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest());

test('hashes messages of every length around the blocks as Node does', () => {
  const bytes = Uint8Array.from({ length: 300 }, (_, i) => (i * 151 + 7) & 255);
  for (let length = 0; length <= bytes.length; length++) {
    const message = bytes.subarray(0, length);
    assert.deepEqual(sha256(message), reference(message), `${length} bytes`);
  }
});

test('hashes a view into a larger buffer, and leaves it as it is', () => {
  const bytes = Uint8Array.from({ length: 5_000 }, (_, i) => (i * i) & 255);
  const view = bytes.subarray(13, 4_109);
  const before = view.slice();
  assert.deepEqual(sha256(view), reference(view));
  assert.deepEqual(view, before);
});
