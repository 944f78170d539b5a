import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readOptions } from '../../sim/options.ts';
import { DEFAULTS } from '../../sim/settings.ts';

describe('options of the simulator', () => {
  it('are the defaults where nothing is said', () => {
    assert.deepEqual(readOptions([]), {
      settings: DEFAULTS,
      json: false,
      svg: undefined,
      study: false,
      help: false,
    });
  });

  it('are read', () => {
    const args =
      '--viewers 10000 --minutes 3 --seed 7 --rate 2000 --chunk 8000 --loss 0 --no-churn --events off --uplinks tight --latency 800 --json --svg a.svg';
    const { settings, json, svg } = readOptions(args.split(' '));
    assert.equal(json, true);
    assert.equal(svg, 'a.svg');
    assert.deepEqual(settings, {
      ...DEFAULTS,
      viewers: 10_000,
      minutes: 3,
      seed: 7,
      rateKbps: 2_000,
      uplinkRateKbps: 2_000,
      chunkBytes: 8_000,
      loss: 0,
      churn: false,
      events: false,
      uplinks: 'tight',
      latencyMs: 800,
    });
  });

  for (const bad of ['--viewers 0', '--viewers many', '--uplinks none', '--events maybe', '--wrong', '--minutes 0']) {
    it(`${bad} is refused`, () => {
      assert.throws(() => readOptions(bad.split(' ')), /--|Unknown/);
    });
  }
});
