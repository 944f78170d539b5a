import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { SlotHeap } from '../../../../core/swarm/slot-heap.ts';

/** All items in the order in which they are visited. */
function visited(heap: SlotHeap<string>, keys: Map<string, number>): string[] {
  const order: string[] = [];
  heap.scan(
    item => keys.get(item),
    item => {
      order.push(item);
      return true;
    },
  );
  return order;
}

test('items come by their present keys, whatever they were offered with', () => {
  const item = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
  const step = fc.record({ item, key: fc.integer({ min: 0, max: 50 }), grows: fc.integer({ min: 0, max: 20 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), steps => {
      const heap = new SlotHeap<string>();
      const keys = new Map<string, number>();
      for (const { item: each, key, grows } of steps) {
        // What has become less is offered; what has become more is found out.
        heap.offer(each, key);
        keys.set(each, key + grows);
      }
      const order = visited(heap, keys);
      assert.deepEqual([...order].sort(), [...keys.keys()].sort());
      assert.deepEqual(
        order.map(each => keys.get(each)),
        [...keys.values()].sort((a, b) => a - b),
      );
      assert.deepEqual(
        visited(heap, keys).map(each => keys.get(each)),
        order.map(each => keys.get(each)),
        'again',
      );
    }),
  );
});

test('an item without a key is out until it is offered again', () => {
  const heap = new SlotHeap<string>();
  const keys = new Map([
    ['a', 1],
    ['b', 2],
  ]);
  for (const [item, key] of keys) heap.offer(item, key);
  keys.delete('a');
  assert.deepEqual(visited(heap, keys), ['b']);
  assert.equal(heap.size, 1);
  keys.set('a', 3);
  assert.deepEqual(visited(heap, keys), ['b']);
  heap.offer('a', 3);
  assert.deepEqual(visited(heap, keys), ['b', 'a']);
});

test('a scan ends when its visitor has enough, and loses nothing', () => {
  const heap = new SlotHeap<string>();
  const keys = new Map([
    ['a', 1],
    ['b', 2],
    ['c', 3],
  ]);
  for (const [item, key] of keys) heap.offer(item, key);
  let count = 0;
  heap.scan(
    item => keys.get(item),
    () => ++count < 2,
  );
  assert.equal(count, 2);
  assert.deepEqual(visited(heap, keys), ['a', 'b', 'c']);
});
