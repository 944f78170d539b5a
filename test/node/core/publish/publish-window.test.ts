import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { assembleChunk, type Chunk, encodeHeader, startsGroup } from '../../../../core/chunk.ts';
import { PublishWindow } from '../../../../core/publish/publish-window.ts';

function chunkOf(sequence: number, group: number, size = 1_000, init = 1): Chunk {
  const header = {
    track: 0,
    sequence,
    group,
    epoch: 0,
    discontinuity: false,
    end: false,
    timestamp: sequence * 9_000,
    duration: 9_000,
    entry: 0,
    initId: new Uint8Array(8).fill(init),
    capturedAt: sequence,
  };
  return assembleChunk(header, encodeHeader(header, size), new Uint8Array(64), new Uint8Array(size));
}
/** Chunks `from` to `to`, a group each ten. */
function fill(window: PublishWindow, from: number, to: number, size?: number): void {
  for (let sequence = from; sequence <= to; sequence++) window.add(chunkOf(sequence, sequence - (sequence % 10), size));
}
function drain(window: PublishWindow): (number | 'init')[] {
  const sent: (number | 'init')[] = [];
  for (let next = window.next(); next; next = window.next())
    sent.push(next.type === 'init' ? 'init' : next.chunk.header.sequence);
  return sent;
}
function windowWithInit(maxBytes?: number): PublishWindow {
  const window = new PublishWindow(maxBytes);
  window.addInit(new Uint8Array(8).fill(1), new Uint8Array(20));
  return window;
}

test('init before the first chunk that names it, once a session', () => {
  const window = windowWithInit();
  fill(window, 10, 12);
  assert.deepEqual(drain(window), ['init', 10, 11, 12]);
  fill(window, 13, 14);
  assert.deepEqual(drain(window), [13, 14]);
  window.addInit(new Uint8Array(8).fill(2), new Uint8Array(20));
  window.add(chunkOf(20, 20, 100, 2));
  assert.deepEqual(drain(window), ['init', 20]);
});

test('the next session goes on where the relay is, or starts the newest group', () => {
  const window = windowWithInit();
  fill(window, 10, 25);
  drain(window);
  assert.equal(window.resume(24), 0);
  assert.deepEqual(drain(window), ['init', 24, 25]);
  assert.equal(window.resume(26), 0);
  fill(window, 26, 27);
  assert.deepEqual(drain(window), ['init', 26, 27]);
  window.resume(0);
  assert.deepEqual(drain(window), ['init', 20, 21, 22, 23, 24, 25, 26, 27]);
});

test('what was produced while the relay was away is sent, from a group start', () => {
  const window = windowWithInit();
  fill(window, 10, 25);
  drain(window);
  fill(window, 26, 42);
  window.resume(0);
  assert.deepEqual(drain(window), ['init', ...Array.from({ length: 23 }, (_, index) => 20 + index)]);
});

test('a relay that wants higher numbers gets nothing until a group starts', () => {
  const window = windowWithInit();
  fill(window, 10, 15);
  assert.equal(window.resume(1_000), 6);
  fill(window, 16, 17);
  assert.deepEqual(drain(window), []);
  window.add(chunkOf(1_000, 1_000));
  assert.deepEqual(drain(window), ['init', 1_000]);
});

test('over the limit whole groups are dropped, the oldest first', () => {
  const window = windowWithInit(15_000);
  fill(window, 10, 35, 1_000);
  const sent = drain(window);
  assert.equal(sent[1], 30);
  assert.ok(window.dropped >= 20);
});

test('a group larger than the limit is abandoned until the next starts', () => {
  const window = windowWithInit(5_000);
  for (let sequence = 10; sequence < 30; sequence++) window.add(chunkOf(sequence, 10));
  assert.deepEqual(drain(window), []);
  window.add(chunkOf(30, 30));
  assert.deepEqual(drain(window), ['init', 30]);
});

test('what waits too long is given up; what follows is sent from the next group on', () => {
  const window = windowWithInit();
  assert.equal(window.waiting, undefined);
  fill(window, 10, 12);
  drain(window);
  assert.equal(window.waiting, undefined);
  fill(window, 13, 17);
  assert.deepEqual(window.waiting, { from: 13 * 9_000, to: 17 * 9_000 });
  window.dropUnsent();
  assert.equal(window.dropped, 5);
  assert.equal(window.waiting, undefined);
  fill(window, 18, 21);
  assert.deepEqual(drain(window), [20, 21]);
  window.dropUnsent();
  fill(window, 22, 22);
  assert.deepEqual(drain(window), [22], 'with nothing given up nothing is missing');
});

test('whatever happens: bounded, in order, and each run of a session starts at a group or where the relay is', () => {
  const steps = fc.array(
    fc.oneof(
      fc.record({ kind: fc.constant('add' as const), group: fc.boolean(), size: fc.integer({ min: 0, max: 4_000 }) }),
      fc.record({ kind: fc.constant('send' as const), count: fc.integer({ min: 0, max: 20 }) }),
      fc.record({ kind: fc.constant('session' as const), forgets: fc.boolean() }),
      fc.record({ kind: fc.constant('drop' as const) }),
    ),
    { maxLength: 200 },
  );
  fc.assert(
    fc.property(steps, list => {
      const window = windowWithInit(30_000);
      let sequence = 100;
      let group: number | undefined;
      let relayNext = 0;
      let sessionStart = true;
      for (const step of list) {
        if (step.kind === 'add') {
          if (step.group || group === undefined) group = sequence;
          window.add(chunkOf(sequence++, group, step.size));
          assert.ok(window.size <= 30_000);
        } else if (step.kind === 'drop') {
          window.dropUnsent();
        } else if (step.kind === 'session') {
          if (step.forgets) relayNext = 0;
          window.resume(relayNext);
          sessionStart = true;
        } else {
          for (let count = 0; count < step.count; count++) {
            const next = window.next();
            if (!next) break;
            if (next.type === 'init') continue;
            const { header } = next.chunk;
            assert.ok(header.sequence >= relayNext);
            if (header.sequence !== relayNext) {
              assert.ok(
                startsGroup(header),
                sessionStart ? 'a session starts at a group' : 'after a drop a group starts',
              );
            }
            relayNext = header.sequence + 1;
            sessionStart = false;
          }
        }
      }
    }),
  );
});
