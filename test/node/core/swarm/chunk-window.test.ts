import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { decodeChunk } from '../../../../core/chunk.ts';
import { initId } from '../../../../core/init-document.ts';
import { ChunkWindow } from '../../../../core/swarm/chunk-window.ts';
import { MessageReader } from '../../../../core/wire/framing.ts';
import { chunk as chunkMessage, init as initMessage } from '../../../../core/wire/index.ts';
import { initDocument, unsignedChunk } from '../../relay/fixtures.ts';

const ROOMY = { maxAgeMs: 60_000, maxBytes: 1e9 };
const NO_INIT = new Uint8Array(8);

/** A window that holds one init document, and its id. */
function windowWithInit(limits = ROOMY) {
  const window = new ChunkWindow(limits);
  const { id } = window.addInit(0, initDocument(1), initId(initDocument(1)));
  return { window, id };
}

const held = (window: ChunkWindow): number[] =>
  Array.from({ length: window.size }, (_, i) => window.at(i)!.header.sequence);

test('an empty window has nothing', () => {
  const window = new ChunkWindow(ROOMY);
  assert.deepEqual(
    [window.size, window.bytes, window.oldest, window.newest, window.newestGroup, window.get(0), window.at(0)],
    [0, 0, undefined, undefined, undefined, undefined, undefined],
  );
  assert.equal(window.indexFrom(5), 0);
  assert.equal(window.groupsAfter(0), 0);
});

test('messages are whole: an init and a chunk come out of a reader as they went in', () => {
  const { window, id } = windowWithInit();
  const chunk = unsignedChunk({ sequence: 7, initId: id }, 300);
  assert.equal(window.insert(chunk, 0), true);
  const seen: number[] = [];
  const reader = new MessageReader((type, body) => {
    seen.push(type);
    if (type === chunkMessage.type) assert.deepEqual(decodeChunk(body).bytes, chunk.bytes);
  });
  reader.push(window.newest!.init.message);
  reader.push(window.newest!.message);
  reader.end();
  assert.deepEqual(seen, [initMessage.type, chunkMessage.type]);
  assert.equal(window.bytes, window.newest!.message.length);
});

test('a chunk without its init document, or held already, is not taken', () => {
  const { window, id } = windowWithInit();
  assert.equal(window.insert(unsignedChunk({ sequence: 1, initId: NO_INIT }), 0), false);
  assert.equal(window.insert(unsignedChunk({ sequence: 1, initId: id }), 0), true);
  assert.equal(window.insert(unsignedChunk({ sequence: 1, initId: id }), 0), false);
  assert.equal(window.size, 1);
});

test('over the bytes, whole groups go, oldest first', () => {
  const one = unsignedChunk({ sequence: 1 }, 1_000).bytes.length + 4;
  const { window, id } = windowWithInit({ maxAgeMs: 1e9, maxBytes: 5 * one });
  for (let sequence = 0; sequence < 6; sequence++) {
    const group = sequence - (sequence % 3);
    window.insert(unsignedChunk({ sequence, group, initId: id }, 1_000), 0);
  }
  assert.deepEqual(held(window), [3, 4, 5]);
  assert.equal(window.newestGroup, 3);
  assert.equal(window.get(0), undefined);
});

test('by age a group goes when its last chunk is too old; the newest group stays whatever its age', () => {
  const { window, id } = windowWithInit({ maxAgeMs: 100, maxBytes: 1e9 });
  const add = (sequence: number, group: number, at: number) =>
    window.insert(unsignedChunk({ sequence, group, initId: id }), at);
  add(1, 1, 0);
  add(2, 1, 90);
  add(3, 3, 150);
  assert.deepEqual(held(window), [1, 2, 3], 'its last chunk is 60 ms old');
  add(4, 3, 191);
  assert.deepEqual(held(window), [3, 4]);
  add(5, 3, 10_000);
  assert.deepEqual(held(window), [3, 4, 5]);
});

test('a group that alone is over the bytes loses its beginning: nobody can join, the edge stays', () => {
  const { window, id } = windowWithInit({ maxAgeMs: 1e9, maxBytes: 4_000 });
  for (let sequence = 1; sequence < 20; sequence++) {
    window.insert(unsignedChunk({ sequence, group: 1, initId: id }, 1_000), 0);
    assert.ok(window.bytes <= 4_000);
  }
  assert.equal(window.newest?.header.sequence, 19);
  assert.equal(window.newestGroup, undefined);
  window.insert(unsignedChunk({ sequence: 20, initId: id }, 1_000), 0);
  assert.equal(window.newestGroup, 20);
});

test('an init document stays while a held chunk names it, and goes with the last', () => {
  const window = new ChunkWindow({ maxAgeMs: 100, maxBytes: 1e9 });
  const first = window.addInit(0, initDocument(1), initId(initDocument(1)));
  window.insert(unsignedChunk({ sequence: 1, initId: first.id }), 0);
  const second = window.addInit(0, initDocument(2), initId(initDocument(2)));
  window.insert(unsignedChunk({ sequence: 2, initId: second.id }), 50);
  assert.ok(window.hasInit(first.id));
  window.insert(unsignedChunk({ sequence: 3, initId: second.id }), 120);
  assert.equal(window.hasInit(first.id), false);
  assert.ok(window.hasInit(second.id));
});

test('init documents that nothing names are bounded; the newest and those in use stay', () => {
  const { window, id } = windowWithInit();
  window.insert(unsignedChunk({ sequence: 1, initId: id }), 0);
  for (let number = 2; number < 50; number++) window.addInit(0, initDocument(number), initId(initDocument(number)));
  assert.ok(window.hasInit(id));
  const left = Array.from({ length: 50 }, (_, n) => n).filter(n => window.hasInit(initId(initDocument(n))));
  assert.ok(left.length <= 5 && left.includes(49), `left: ${left}`);
});

test('the same document again is the same held init', () => {
  const { window } = windowWithInit();
  assert.equal(
    window.addInit(0, initDocument(1), initId(initDocument(1))),
    window.addInit(0, initDocument(1), initId(initDocument(1))),
  );
});

test('what is gone is known: a sequence that was never there is not', () => {
  const { window, id } = windowWithInit({ maxAgeMs: 10, maxBytes: 1e9 });
  window.insert(unsignedChunk({ sequence: 1, initId: id }), 0);
  window.insert(unsignedChunk({ sequence: 2, group: 1, initId: id }), 0);
  window.insert(unsignedChunk({ sequence: 500, initId: id }), 1_000);
  assert.deepEqual(held(window), [500]);
  assert.equal(window.hasLost(2), true);
  assert.equal(window.hasLost(3), false, 'publishers leave gaps');
  window.clear();
  assert.equal(window.hasLost(2), false);
});

test('the past: the group that shows a moment, the oldest where that is gone; another timeline is none of it', () => {
  const { window, id } = windowWithInit({ maxAgeMs: 100, maxBytes: 1e9 });
  const add = (sequence: number, group: number, timestamp: number, at = 0) =>
    window.insert(unsignedChunk({ sequence, group, timestamp, initId: id }), at);
  assert.deepEqual([window.pastStart, window.groupAt(5)], [undefined, undefined]);
  const start = (timestamp: number) => window.groupAt(timestamp)?.header.sequence;
  add(1, 1, 1_000);
  add(2, 1, 2_000);
  add(3, 3, 3_000);
  add(10, 10, 900_000);
  assert.deepEqual([0, 1_000, 2_999, 3_000, 500_000, 900_000, 1e9].map(start), [1, 1, 1, 3, 3, 10, 10]);
  add(11, 11, 910_000, 150);
  assert.equal(window.pastStart?.header.sequence, 11, 'the newest group alone is young enough');
  assert.equal(start(0), 11);
  add(12, 12, 5, 150);
  assert.equal(window.pastStart?.header.sequence, 12, 'the timeline began anew');
  assert.equal(start(1e9), 12);
  assert.equal(window.size, 2);
});

test('clear forgets everything', () => {
  const { window, id } = windowWithInit();
  window.insert(unsignedChunk({ sequence: 1, initId: id }), 0);
  window.clear();
  assert.deepEqual([window.size, window.bytes, window.newestGroup, window.hasInit(id)], [0, 0, undefined, false]);
});

test('in any order of arrival: sorted, found by sequence, within its bounds, whole groups', () => {
  const steps = fc.array(fc.record({ gap: fc.integer({ min: 1, max: 4 }), group: fc.boolean() }), {
    minLength: 1,
    maxLength: 60,
  });
  fc.assert(
    fc.property(steps, fc.integer({ min: 1_000, max: 20_000 }), fc.nat(), (all, maxBytes, seed) => {
      const { window, id } = windowWithInit({ maxAgeMs: 1e9, maxBytes });
      let sequence = 0;
      let group = 1;
      const chunks = all.map((step, i) => {
        sequence += step.gap;
        if (step.group || i === 0) group = sequence;
        return unsignedChunk({ sequence, group, initId: id }, 500);
      });
      // Neighbours swapped here and there, as several lanes would.
      for (let i = seed % 3; i + 1 < chunks.length; i += 3) {
        [chunks[i], chunks[i + 1]] = [chunks[i + 1]!, chunks[i]!];
      }
      for (const [now, chunk] of chunks.entries()) {
        window.insert(chunk, now);
        const sequences = held(window);
        assert.deepEqual(
          sequences,
          sequences.toSorted((a, b) => a - b),
        );
        assert.equal(new Set(sequences).size, sequences.length);
        assert.ok(window.bytes <= maxBytes || window.size === 1, `${window.bytes} of ${maxBytes}`);
        let bytes = 0;
        for (let i = 0; i < window.size; i++) bytes += window.at(i)!.message.length;
        assert.equal(window.bytes, bytes);
        for (let from = 0; from <= sequence + 2; from++) {
          const expected = sequences.findIndex(s => s >= from);
          assert.equal(window.indexFrom(from), expected < 0 ? sequences.length : expected);
          assert.equal(window.get(from)?.header.sequence, sequences.includes(from) ? from : undefined);
        }
        const joinable = window.newestGroup;
        if (joinable !== undefined) assert.equal(window.get(joinable)?.header.group, joinable);
        const starts = new Set(sequences.map(s => window.get(s)!.header.group));
        for (const from of sequences) {
          assert.equal(window.groupsAfter(from), [...starts].filter(start => start > from).length);
        }
      }
    }),
    { numRuns: 60 },
  );
});
