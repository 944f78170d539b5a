// Everybody has a place of their own inside the drawing, whatever its size.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { layOutSky, PEER_RADIUS, strandOf, YOU_RADIUS } from '../../../../components/stats/sky-layout.ts';
import { StarNames } from '../../../../components/stats/star-names.ts';
import { neighbour } from './swarm-views.ts';

const stripes = fc.subarray([0, 1, 2, 3]);
const anyPeers = fc
  .uniqueArray(fc.record({ id: fc.stringMatching(/^[0-9a-f]{12}$/), gives: stripes, takes: stripes }), {
    selector: ({ id }) => id,
    maxLength: 16,
  })
  .map(all => all.map(({ id, ...figures }) => neighbour(id, figures)));
const anySize = fc.record({ width: fc.integer({ min: 280, max: 900 }), height: fc.integer({ min: 350, max: 560 }) });

const layOut = (size: { width: number; height: number }, peers: ReturnType<typeof neighbour>[]) =>
  layOutSky(size, peers, new StarNames().name(peers.map(({ id }) => id)));

test('all are inside, nobody stands upon another, and the same swarm is drawn the same way', () => {
  fc.assert(
    fc.property(anySize, anyPeers, (size, peers) => {
      const layout = layOut(size, peers);
      const places = [...layout.peers.values()];
      assert.equal(places.length, peers.length);
      places.forEach((place, index) => {
        assert.ok(place.x >= PEER_RADIUS && place.x <= size.width - PEER_RADIUS, `x ${place.x} of ${size.width}`);
        assert.ok(place.y >= PEER_RADIUS && place.y <= size.height - 30 - PEER_RADIUS, `y ${place.y}`);
        const toYou = Math.hypot(place.x - layout.you.x, place.y - layout.you.y);
        assert.ok(toYou > YOU_RADIUS + PEER_RADIUS, `${toYou} from the viewer`);
        for (const other of places.slice(index + 1)) {
          const distance = Math.hypot(place.x - other.x, place.y - other.y);
          assert.ok(distance > 1.6 * PEER_RADIUS, `${distance} from each other`);
        }
      });
      assert.deepEqual(layOut(size, [...peers].reverse()), layout);
    }),
    { seed: 1 },
  );
});

test('those who give stand above those who take', () => {
  const givers = ['a1', 'a2', 'a3'].map(id => neighbour(id, { gives: [0] }));
  const takers = ['b1', 'b2', 'b3'].map(id => neighbour(id, { takes: [0] }));
  const { peers, you } = layOut({ width: 700, height: 440 }, [...takers, ...givers]);
  const heights = (all: typeof givers) => all.map(({ id }) => peers.get(id)?.y ?? Number.NaN);
  assert.ok(Math.max(...heights(givers)) < Math.min(...heights(takers)));
  assert.ok(Math.min(...heights(takers)) > you.y);
});

test('a strand runs in the direction of its bytes, and strangers have none', () => {
  const layout = layOut({ width: 600, height: 440 }, [neighbour('a')]);
  const flow = { key: '', party: 'a', kind: 'pushed', stripe: 0, bytesPerSecond: 1, strand: 0 } as const;
  const [inward, outward] = [
    strandOf(layout, { ...flow, inbound: true }),
    strandOf(layout, { ...flow, inbound: false }),
  ];
  const toYou = (place: { x: number; y: number } | undefined) =>
    Math.hypot((place?.x ?? 0) - layout.you.x, (place?.y ?? 0) - layout.you.y);
  assert.ok(toYou(inward?.head) < YOU_RADIUS + 10);
  assert.ok(toYou(outward?.head) > 100);
  assert.equal(strandOf(layout, { ...flow, party: 'nobody', inbound: true }), undefined);
});
