// The line about one viewer.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { viewerLine } from '../../../bench/swarm/viewer-lines.ts';

it('tells of one viewer what may be the cause of a figure', () => {
  const line = viewerLine(
    3,
    {
      startedAt: 1_000,
      firstFrameMs: 212.4,
      pageToFirstFrameMs: 400,
      latencies: [
        [2_000, 900],
        [3_000, 700],
        [4_000, 800],
      ],
      unread: 0,
      waits: [
        [2_500, 99],
        [3_500, 640.4],
      ],
      bytesFromPeers: null,
      bytesFromServer: 1_250_000,
      details: { hops: 2, relayStripes: [1, 3], peers: [{ id: 'a' }, { id: 'b' }] },
    },
    1_000,
  );
  assert.equal(
    line,
    'viewer 3: first picture after 212 ms; latency 800 ms (700 to 900); stalls: 640 ms at 2.5 s; ' +
      '– MB from peers, 1.3 from the server; {"hops":2,"relayStripes":[1,3],"peers":2}',
  );
  assert.equal(viewerLine(1, undefined, 0), 'viewer 1: no answer');
});
