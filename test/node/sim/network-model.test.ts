// The model has to give what was measured in the lab: see the design's table of one hop.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Histogram } from '../../sim/histogram.ts';
import { NetworkModel } from '../../sim/network-model.ts';
import { Random } from '../../sim/random.ts';

const ONE_WAY_MS = 25;
const CHUNK_BYTES = 4_105;
const UPLINK_BYTES_PER_MS = 300;

function percentiles(loss: number, draw: (network: NetworkModel) => number): number[] {
  const network = new NetworkModel({ loss, jitterMs: 5 }, new Random(1));
  const delays = new Histogram();
  for (let i = 0; i < 200_000; i++) delays.add(draw(network));
  return [0.5, 0.9, 0.99].map(share => delays.percentile(share)!);
}

function near(measured: number[], expected: number[], tolerances: number[]): void {
  for (const [i, value] of measured.entries()) {
    assert.ok(Math.abs(value - expected[i]!) <= tolerances[i]!, `${measured} ms, measured in the lab: ${expected} ms`);
  }
}

describe('NetworkModel', () => {
  const hop = (network: NetworkModel) =>
    CHUNK_BYTES / UPLINK_BYTES_PER_MS + network.peerChunk(CHUNK_BYTES, ONE_WAY_MS, 80);

  it('gives the delay of one hop without loss', () => {
    near(percentiles(0, hop), [44, 49, 53], [2, 2, 3]);
  });

  it('gives the delay of one hop with 1 % loss', () => {
    near(percentiles(0.01, hop), [44, 52, 172], [2, 3, 15]);
  });

  it('gives the delay of a small chunk with 1 % loss', () => {
    const small = (network: NetworkModel) => 2_200 / UPLINK_BYTES_PER_MS + network.peerChunk(2_200, ONE_WAY_MS, 66);
    near(percentiles(0.01, small), [36, 43, 179], [3, 4, 60]);
  });

  it("gives the delay of the relay's lanes with 1 % loss", () => {
    near(
      percentiles(0.01, network => network.relayChunk(CHUNK_BYTES, ONE_WAY_MS)),
      [31, 37, 106],
      [2, 3, 10],
    );
  });

  it('has no chance in it without loss and jitter', () => {
    const network = new NetworkModel({ loss: 0, jitterMs: 0 }, new Random(1));
    for (let i = 0; i < 100; i++) {
      assert.equal(network.peerChunk(CHUNK_BYTES, ONE_WAY_MS, 80), ONE_WAY_MS);
      assert.equal(network.relayChunk(CHUNK_BYTES, ONE_WAY_MS), ONE_WAY_MS);
      assert.equal(network.control(ONE_WAY_MS), ONE_WAY_MS);
    }
  });
});
