// The options of `bench swarm`: what they mean, and what is refused.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readSwarmOptions } from '../../../bench/swarm/swarm-options.ts';

describe('readSwarmOptions', () => {
  it('has the conditions of the goals as defaults', () => {
    const loopback = readSwarmOptions([]);
    assert.deepEqual([loopback.viewers, loopback.seconds, loopback.lab], [8, 60, undefined]);
    assert.deepEqual(loopback.players, ['p2p-live', 'p2p-media-loader']);
    const lab = readSwarmOptions(['--lab']);
    assert.equal(lab.viewers, 6);
    assert.deepEqual(lab.lab, { netlab: undefined, tcp: 'cubic', up: 2.4, down: 20, rtt: 50, jitter: 5, loss: 1 });
  });

  it('takes what it is told', () => {
    const options = readSwarmOptions(['--lab', '--up', '0', '--viewers', '4', '--only', 'p2p-live', '--churn']);
    assert.deepEqual([options.lab?.up, options.viewers, options.churn], [0, 4, true]);
    assert.deepEqual(options.players, ['p2p-live']);
  });

  for (const args of [
    ['--viewers', '1'],
    ['--viewers', '2.5'],
    ['--viewers', 'many'],
    ['--seconds', '20'], // nothing would be left after the warm-up
    ['--only', 'hls.js'],
    ['--lab', '--loss', '-1'],
    ['--frobnicate'],
  ]) {
    it(`refuses ${args.join(' ')} and names it`, () => {
      assert.throws(
        () => readSwarmOptions(args),
        (error: Error) => error.message.includes(args.at(-2) ?? '') && error.message.length > 10,
      );
    });
  }
});
