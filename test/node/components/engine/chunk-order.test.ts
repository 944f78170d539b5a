// ChunkOrder: any order in, sequence order out; holes are given up in time, never earlier; nothing comes twice.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ChunkOrder, type OrderedEvent } from '../../../../components/engine/chunk-order.ts';
import { type Bytes, toHex } from '../../../../core/bytes.ts';
import { assembleChunk, type Chunk, encodeHeader } from '../../../../core/chunk.ts';
import { encodeInit, initId } from '../../../../core/init-document.ts';

const documentA = encodeInit({ container: 'flv', timestampOffset: 0, bytes: Uint8Array.of(1) });
const documentB = encodeInit({ container: 'flv', timestampOffset: 0, bytes: Uint8Array.of(2) });

interface Shape {
  readonly group?: number;
  readonly epoch?: number;
  readonly document?: Bytes;
  readonly discontinuity?: boolean;
  readonly size?: number;
}

function chunkOf(sequence: number, shape: Shape = {}): Chunk {
  const header = {
    track: 0,
    sequence,
    group: shape.group ?? sequence - (sequence % 10),
    epoch: shape.epoch ?? 0,
    discontinuity: shape.discontinuity ?? false,
    end: false,
    timestamp: sequence * 9_000,
    duration: 9_000,
    entry: 0,
    initId: initId(shape.document ?? documentA),
    capturedAt: sequence * 100,
  };
  const payload = new Uint8Array(shape.size ?? 4);
  return assembleChunk(header, encodeHeader(header, payload.length), new Uint8Array(64), payload);
}

/** `10 11 gap 14`: what came out, in short. */
function outline(events: readonly OrderedEvent[]): string {
  return events.map(event => (event.type === 'chunk' ? event.chunk.header.sequence : event.type)).join(' ');
}

function started(): ChunkOrder {
  const order = new ChunkOrder();
  order.addInit(documentA, toHex(initId(documentA)));
  return order;
}

describe('ChunkOrder', () => {
  it('starts at the group of the first chunk it sees, with its epoch', () => {
    const order = started();
    assert.equal(outline(order.add(chunkOf(11), 0)), '');
    assert.equal(outline(order.add(chunkOf(12), 0)), '');
    assert.equal(outline(order.add(chunkOf(10), 0)), 'epoch 10 11 12');
    assert.equal(order.gaps, 0);
  });

  it('holds chunks until their init document comes', () => {
    const order = new ChunkOrder();
    assert.equal(outline(order.add(chunkOf(10), 0)), '');
    assert.equal(outline(order.addInit(documentB, toHex(initId(documentB)))), '');
    assert.equal(outline(order.add(chunkOf(11), 20)), '');
    assert.equal(outline(order.addInit(documentA, toHex(initId(documentA)))), 'epoch 10 11');
  });

  it('gives a hole up when it has been there for 900 ms, not before', () => {
    const order = started();
    order.add(chunkOf(10), 0);
    assert.equal(order.wakeAt(), undefined);
    order.add(chunkOf(12), 100);
    order.add(chunkOf(13), 400);
    assert.equal(order.wakeAt(), 1_000);
    assert.equal(outline(order.poll(999)), '');
    assert.equal(outline(order.poll(1_000)), 'gap 12 13');
    assert.equal(order.wakeAt(), undefined);
    assert.equal(outline(order.add(chunkOf(11), 601)), '', 'too late');
    assert.equal(order.repeated, 1);
  });

  it('gives many holes up together: each has been there for as long as what came behind it', () => {
    const order = started();
    order.add(chunkOf(10), 0);
    // A parent has gone: of every four chunks one doesn't come.
    for (let sequence = 11; sequence < 31; sequence++) {
      if (sequence % 4 !== 0) order.add(chunkOf(sequence), 100 + sequence);
    }
    const seconds = order.wakeAt();
    assert.equal(seconds, 1_013);
    const all = outline(order.poll(1_030));
    assert.equal(all, 'gap 13 14 15 gap 17 18 19 gap 21 22 23 gap 25 26 27 gap 29 30');
    assert.equal(order.heldBytes, 0);
  });

  it('is patient for longer while what was missing comes in, one chunk after the other', () => {
    const order = started();
    order.add(chunkOf(10), 0);
    order.add(chunkOf(16), 100);
    assert.equal(outline(order.add(chunkOf(11), 950)), '11');
    assert.equal(outline(order.poll(1_000)), '');
    assert.equal(order.wakeAt(), 1_150);
    assert.equal(outline(order.add(chunkOf(12), 1_100)), '12');
    assert.equal(outline(order.poll(1_300)), 'gap 16');
  });

  it('waits for a hole as long as what is buffered lasts, but not for ever', () => {
    const order = started();
    order.add(chunkOf(10), 0);
    order.add(chunkOf(12), 100);
    order.buffered(2_500, 100);
    assert.equal(order.wakeAt(), 4_100, 'and while nothing could be shown without it');
    order.buffered(1_000, 1_100);
    assert.equal(order.wakeAt(), 3_600);
    order.buffered(500, 1_600);
    assert.equal(order.wakeAt(), 3_600, 'the same, told later');
    order.buffered(60_000, 1_600);
    assert.equal(order.wakeAt(), 4_100);
  });

  it('leaves out the rest of a group when the next one has begun and playback has waited for a moment', () => {
    const order = started();
    order.add(chunkOf(10), 0);
    order.add(chunkOf(12), 100);
    order.buffered(1_500, 100);
    assert.equal(order.wakeAt(), 3_100);
    order.add(chunkOf(20), 200);
    assert.equal(order.wakeAt(), 1_900);
    assert.equal(outline(order.poll(1_900)), 'gap 12 gap 20');
  });

  it('takes playback that has run dry for dry until there is more than a remainder', () => {
    const order = started();
    order.add(chunkOf(10), 0);
    order.add(chunkOf(12), 100);
    order.buffered(400, 100);
    assert.equal(order.wakeAt(), 2_000);
    order.buffered(80, 1_100);
    assert.equal(order.wakeAt(), 2_000, 'it stands just before the end of what there is');
    order.buffered(200, 1_100);
    assert.equal(order.wakeAt(), 2_800);
  });

  it('passes over what the relay says it left out', () => {
    const order = started();
    order.add(chunkOf(10), 0);
    assert.equal(outline(order.add(chunkOf(30), 1)), '');
    assert.equal(outline(order.skip(11, 30)), 'gap 30');
    assert.equal(outline(order.skip(31, 40)), '');
    assert.equal(outline(order.add(chunkOf(40), 4)), 'gap 40');
  });

  it('waits for what comes before a range that was left out', () => {
    const order = started();
    order.add(chunkOf(10), 0);
    order.add(chunkOf(12), 0);
    assert.equal(outline(order.skip(13, 20)), '');
    order.add(chunkOf(20), 2);
    assert.equal(outline(order.add(chunkOf(11), 3)), '11 12 gap 20');
  });

  it('goes on after a reconnection: skips what it had, steps over what passed meanwhile', () => {
    const order = started();
    for (let i = 10; i < 16; i++) order.add(chunkOf(i), 0);
    order.rejoin();
    for (let i = 10; i < 16; i++) assert.equal(outline(order.add(chunkOf(i), 1)), '');
    assert.equal(outline(order.add(chunkOf(16), 1)), '16');
    order.rejoin();
    assert.equal(outline(order.add(chunkOf(40), 2)), 'gap 40');
    assert.equal(outline(order.add(chunkOf(41), 2)), '41');
  });

  it('tells a new epoch, and waits less long for a hole before it', () => {
    const order = started();
    order.addInit(documentB, toHex(initId(documentB)));
    order.add(chunkOf(10), 0);
    assert.equal(outline(order.add(chunkOf(500, { group: 500, epoch: 500, document: documentB }), 0)), '');
    assert.equal(order.wakeAt(), 250);
    assert.equal(outline(order.poll(250)), 'epoch gap 500');
    assert.equal(outline(order.add(chunkOf(501, { group: 501, epoch: 501, document: documentB }), 300)), 'epoch 501');
  });

  it('skips an epoch whose init document never comes', () => {
    const order = started();
    order.add(chunkOf(10), 0);
    order.add(chunkOf(11, { group: 11, epoch: 11, document: documentB }), 0);
    order.add(chunkOf(12, { group: 12, epoch: 12 }), 0);
    assert.equal(order.wakeAt(), 3_000);
    assert.equal(outline(order.poll(3_000)), 'epoch gap 12');
    assert.equal(order.heldBytes, 0);
  });

  it('marks a gap where the source itself lost something', () => {
    const order = started();
    order.add(chunkOf(10), 0);
    assert.equal(outline(order.add(chunkOf(11, { discontinuity: true }), 0)), 'gap 11');
  });

  it('holds no more than it may', () => {
    const order = new ChunkOrder({ maxBytes: 10_000 });
    order.addInit(documentA, toHex(initId(documentA)));
    order.add(chunkOf(10), 0);
    for (let i = 12; i < 200; i++) {
      order.add(chunkOf(i, { size: 1_000 }), 0);
      assert.ok(order.heldBytes <= 10_000, `${order.heldBytes} bytes`);
    }
    assert.equal(order.gaps, 1);
    const waiting = new ChunkOrder({ maxBytes: 10_000 });
    for (let i = 10; i < 200; i++) waiting.add(chunkOf(i, { size: 1_000 }), 0);
    assert.ok(waiting.heldBytes <= 10_000, 'also while the init document is missing');
  });

  it('follows a publisher whose numbers start again lower, after a while', () => {
    const order = started();
    order.add(chunkOf(1_000), 0);
    order.rejoin();
    assert.equal(outline(order.add(chunkOf(20), 100)), '');
    assert.equal(outline(order.add(chunkOf(21), 2_000)), '');
    assert.equal(outline(order.add(chunkOf(30), 3_100)), 'epoch gap 30');
    assert.equal(outline(order.add(chunkOf(31), 3_200)), '31');
  });

  it('releases every chunk that came in time exactly once and in order, whatever the order of arrival', () => {
    const plan = fc.record({
      delays: fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 60 }),
      lost: fc.array(fc.nat(59), { maxLength: 10 }),
      twice: fc.array(fc.nat(59), { maxLength: 10 }),
      initAt: fc.integer({ min: 0, max: 500 }),
    });
    fc.assert(
      fc.property(plan, ({ delays, lost, twice, initAt }) => {
        const order = new ChunkOrder();
        const arrivals = delays
          .flatMap((delay, i) => {
            if (lost.includes(i)) return [];
            const arrival = { at: i * 20 + delay, sequence: i };
            return twice.includes(i) ? [arrival, { ...arrival, at: arrival.at + 37 }] : [arrival];
          })
          .sort((a, b) => a.at - b.at);
        const out: OrderedEvent[] = [];
        let next = 0;
        for (let now = 0; now < 6_000; now++) {
          if (now === initAt) out.push(...order.addInit(documentA, toHex(initId(documentA))));
          while (arrivals[next]?.at === now) out.push(...order.add(chunkOf(arrivals[next++]!.sequence), now));
          out.push(...order.poll(now));
        }
        const released = out.flatMap(event => (event.type === 'chunk' ? [event.chunk.header.sequence] : []));
        assert.deepEqual(
          released,
          [...new Set(released)].sort((a, b) => a - b),
        );
        assert.equal(order.heldBytes, 0, 'nothing is left behind');
        let before: number | undefined;
        out.forEach((event, i) => {
          if (event.type !== 'chunk') return;
          const { sequence } = event.chunk.header;
          const marked = out[i - 1]?.type === 'gap';
          if (before !== undefined) assert.equal(marked, sequence !== before + 1, `gap before ${sequence}`);
          before = sequence;
        });
      }),
      { numRuns: 150 },
    );
  });
});
