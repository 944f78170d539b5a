import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProtocolViolation } from '../../../core/errors.ts';

test("a violation is known as one, also when another copy of core threw it, and nobody else's error is", () => {
  class Copy extends Error {
    override readonly name = 'ProtocolViolation';
  }
  assert.ok(new ProtocolViolation('x') instanceof ProtocolViolation);
  assert.ok(new Copy('x') instanceof ProtocolViolation);
  for (const other of [new Error('x'), new TypeError('x'), { name: 'ProtocolViolation' }, undefined])
    assert.ok(!(other instanceof ProtocolViolation));
});
