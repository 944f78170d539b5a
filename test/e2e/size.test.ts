// What the built element costs whoever watches, and that it doesn't grow unseen. `npm run build:pages` prints each file.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileSizes } from '../../build/print-sizes.ts';

/** Bytes, minified and gzipped; a little more than now. To be lowered with what is saved. */
const BUDGET = { firstPicture: 59_500, peers: 21_200, singleFile: 102_000, broadcast: 50_500 };

const sizes = await fileSizes('dist');
const gzipped = (...names: string[]) =>
  names.reduce((sum, name) => {
    const size = sizes.get(name);
    assert.ok(size, `${name} is built`);
    return sum + size.gzipped;
  }, 0);

for (const container of ['flv', 'mpeg-ts']) {
  test(`what is loaded up to the first picture of a stream of the usual codecs in ${container} is within the budget`, t => {
    const bytes = gzipped('p2p-live.js', 'p2p-live-engine.js', `p2p-live-${container}.js`);
    t.diagnostic(`${bytes} bytes of ${BUDGET.firstPicture}`);
    assert.ok(bytes <= BUDGET.firstPicture, `${bytes} bytes, ${bytes - BUDGET.firstPicture} too many`);
  });
}

test('what is loaded to watch with others, once the picture stands, is within its budget', t => {
  const bytes = gzipped('p2p-live-swarm.js', 'p2p-live-peers.js');
  t.diagnostic(`${bytes} bytes of ${BUDGET.peers}`);
  assert.ok(bytes <= BUDGET.peers, `${bytes} bytes, ${bytes - BUDGET.peers} too many`);
});

test('the single file is within its budget', t => {
  const bytes = gzipped('p2p-live.cdn.js');
  t.diagnostic(`${bytes} bytes of ${BUDGET.singleFile}`);
  assert.ok(bytes <= BUDGET.singleFile, `${bytes} bytes, ${bytes - BUDGET.singleFile} too many`);
});

test('what is loaded to go on air is within its budget', t => {
  const bytes = gzipped('p2p-publish.js', 'p2p-publish-engine.js');
  t.diagnostic(`${bytes} bytes of ${BUDGET.broadcast}`);
  assert.ok(bytes <= BUDGET.broadcast, `${bytes} bytes, ${bytes - BUDGET.broadcast} too many`);
});
