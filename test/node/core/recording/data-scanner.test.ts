// The scanner: the same groups whatever the split, an end at the last whole message whatever the cut.

import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { concat } from '../../../../core/bytes.ts';
import { DataScanner } from '../../../../core/recording/data-scanner.ts';
import { RECORDING_END_SIZE, readRecordingEnd } from '../../../../core/recording/recording-end.ts';
import { dataOf, END, HEAD, messagesOf } from './recorded.ts';

function scan(...parts: Uint8Array<ArrayBuffer>[]): DataScanner {
  const scanner = new DataScanner();
  for (const part of parts) scanner.push(part);
  return scanner;
}

test('groups, their init messages, the head and the end are found where they stand', () => {
  const messages = messagesOf();
  const data = concat(messages);
  const scanner = scan(data);
  assert.equal(scanner.fault, undefined);
  assert.deepEqual(scanner.head, HEAD);
  assert.deepEqual(scanner.end, END);
  assert.equal(scanner.container, 'ts');
  assert.equal(scanner.chunks, 20);
  assert.equal(scanner.to, 900_000 + 20 * 4_000);
  assert.equal(scanner.offset, data.length - RECORDING_END_SIZE);
  assert.deepEqual(
    scanner.groups.map(({ sequence, timestamp }) => [sequence, timestamp]),
    [0, 5, 10, 15].map(n => [1_000 + n, 900_000 + n * 4_000]),
  );
  const firstInit = messages[0]!.length;
  const secondInit = scanner.groups[2]!.init;
  assert.deepEqual(
    scanner.groups.map(({ init, initSize }) => [init, initSize]),
    [firstInit, firstInit, secondInit, secondInit].map(at => [at, messages[1]!.length]),
  );
  for (const { offset } of scanner.groups) {
    const after = new DataScanner({ offset, init: { offset: firstInit, size: 1 } });
    after.push(data.subarray(offset));
    assert.equal(after.groups[0]?.offset, offset);
    assert.equal(after.offset, scanner.offset);
  }
});

test('any split gives the same', () => {
  const data = dataOf();
  const whole = scan(data);
  fc.assert(
    fc.property(fc.array(fc.nat(data.length), { maxLength: 12 }), cuts => {
      const places = [0, ...cuts.sort((a, b) => a - b), data.length];
      const split = scan(...places.slice(1).map((to, i) => data.subarray(places[i]!, to)));
      assert.deepEqual(split.groups, whole.groups);
      assert.equal(split.offset, whole.offset);
      assert.deepEqual(split.end, END);
    }),
  );
});

test('every truncation ends behind the last whole message', () => {
  const messages = messagesOf();
  const data = concat(messages);
  const ends = [0];
  for (const message of messages) ends.push(ends.at(-1)! + message.length);
  const lastChunk = ends.at(-2)!;
  for (let size = 0; size <= data.length; size++) {
    const scanner = scan(data.slice(0, size));
    assert.equal(scanner.fault, undefined);
    assert.equal(scanner.offset, Math.min(lastChunk, ends.findLast(end => end <= size)!), `cut at ${size}`);
    assert.equal(scanner.end !== undefined, size === data.length);
    if (size < data.length) assert.equal(scanner.rest, size - scanner.offset);
  }
});

test('damage is told, and what stands before it counts', () => {
  const messages = messagesOf();
  const before = concat(messages.slice(0, 8));
  for (const bad of [
    Uint8Array.of(1, 1, 0),
    Uint8Array.of(4, 2, 0, 0),
    new Uint8Array(40),
    Uint8Array.of(4, 0xbf, 255, 255, 255),
  ]) {
    const scanner = scan(concat([before, bad]), concat(messages.slice(8)));
    assert.notEqual(scanner.fault, undefined);
    assert.equal(scanner.offset, before.length);
    assert.equal(scanner.groups.length, 2);
    assert.equal(scanner.rest, bad.length + concat(messages.slice(8)).length);
  }
  assert.match(scan(concat(messages.slice(1))).fault ?? '', /can't begin/);
  assert.match(scan(concat([messages[0]!, messages[2]!])).fault ?? '', /before any init/);
});

test('an end is read from its last bytes alone; nothing else looks like one', () => {
  const data = dataOf();
  const tail = data.slice(-RECORDING_END_SIZE);
  assert.deepEqual(readRecordingEnd(tail), END);
  for (let i = 0; i < tail.length; i++) {
    const damaged = tail.slice();
    damaged[i]! ^= 1;
    assert.equal(readRecordingEnd(damaged), undefined, `byte ${i}`);
    assert.equal(readRecordingEnd(tail.subarray(i + 1)), undefined);
  }
});
