// What a page may send to a channel.

import assert from 'node:assert/strict';
import test from 'node:test';
import { outgoingMessage } from '../../../../components/engine/outgoing-message.ts';

test('text becomes UTF-8, bytes of any view are copied as far as the view reaches', () => {
  assert.deepEqual(outgoingMessage('é'), { data: Uint8Array.of(0xc3, 0xa9), isText: true });
  const words = new Uint16Array([1, 2, 3]);
  assert.deepEqual(outgoingMessage(words.subarray(1, 2)), { data: Uint8Array.of(2, 0), isText: false });
  assert.deepEqual(outgoingMessage(words.buffer).data.length, 6);
  assert.deepEqual(outgoingMessage(new DataView(words.buffer, 2)).data, Uint8Array.of(2, 0, 3, 0));
  const shared = new Uint8Array(new SharedArrayBuffer(4)).fill(7);
  assert.deepEqual(outgoingMessage(shared).data, new Uint8Array(4).fill(7));
  const mine = Uint8Array.of(1);
  const { data } = outgoingMessage(mine);
  mine[0] = 9;
  assert.deepEqual(data, Uint8Array.of(1));
});

test('16 KiB pass, one byte more does not, in UTF-8', () => {
  assert.equal(outgoingMessage('x'.repeat(16_384)).data.length, 16_384);
  assert.throws(() => outgoingMessage('x'.repeat(16_385)), RangeError);
  assert.throws(() => outgoingMessage(`${'é'.repeat(8_192)}x`), /RangeError: a message of 16385 bytes: at most 16384/);
  assert.throws(() => outgoingMessage(new Uint8Array(16_385)), RangeError);
});
