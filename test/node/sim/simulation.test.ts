import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Coordinator } from '../../../core/swarm/coordinator.ts';
import type { CoordinatorMaker } from '../../sim/machines.ts';
import { drawPicture } from '../../sim/picture.ts';
import type { Result } from '../../sim/result.ts';
import { resultTable } from '../../sim/result-table.ts';
import { runSimulation } from '../../sim/run.ts';
import { DEFAULTS, type Settings } from '../../sim/settings.ts';

const coordinator: CoordinatorMaker = options => new Coordinator(options);

function run(settings: Partial<Settings>) {
  return runSimulation({ ...DEFAULTS, ...settings }, coordinator, false);
}

/** What may differ between two runs: how long they took. */
const timeless = (result: Result): Result => ({ ...result, seconds: 0 });

describe('a simulated broadcast', () => {
  it('is carried by its viewers, in time, when nobody leaves', () => {
    const { result } = run({ viewers: 100, minutes: 2 / 3, churn: false, events: false, loss: 0 });
    assert.ok(result.offload! > 0.9, `offload ${result.offload}`);
    assert.equal(result.late, 0);
    assert.ok(result.relay_copies < 10, `copies ${result.relay_copies}`);
    assert.ok(result.depth.max > 1);
  });

  it('runs twice alike with one seed, and otherwise with another', () => {
    const settings = { viewers: 60, minutes: 0.5, seed: 3 };
    const first = run(settings);
    const second = run(settings);
    assert.deepEqual(timeless(second.result), timeless(first.result));
    assert.deepEqual(second.simulation.world.figures.seconds, first.simulation.world.figures.seconds);
    const other = run({ ...settings, seed: 4 });
    assert.notDeepEqual(timeless(other.result), timeless(first.result));
  });

  it('outlives a flash crowd, a restart of the relay and an exodus, and draws them', () => {
    const { simulation, result } = run({ viewers: 60, minutes: 2 });
    const { seconds } = simulation.world.figures;
    assert.deepEqual(
      [...new Set(result.phases.map(({ phase }) => phase))],
      ['start', 'steady', 'flash crowd', 'relay restart', 'exodus'],
    );
    const restart = simulation.scenario.restart!;
    assert.equal(seconds[restart.stop]!.relayChunks, 0);
    const exodus = simulation.scenario.exodus!.at;
    assert.ok(seconds[exodus + 1]!.viewers < 0.85 * seconds[exodus - 1]!.viewers);
    const last = result.phases.at(-1)!;
    assert.ok(last.offload! > 0.8, `offload ${last.offload} at the end`);
    const picture = drawPicture(simulation, result);
    for (const word of ['flash crowd', 'relay restart', 'exodus', 'p99', 'time (s)']) {
      assert.ok(picture.includes(`>${word}<`), word);
    }
    assert.ok(!/NaN|undefined|Infinity/.test(picture));
    assert.match(resultTable(result), /relay restart/);
  });

  it('gets chunks from a source that is a peer while the relay is away', () => {
    const { simulation, result } = run({ viewers: 40, minutes: 2, sourcePeer: true });
    const { restart } = simulation.scenario;
    const away = simulation.world.figures.seconds[restart!.stop + 1]!;
    assert.equal(away.fromRelay, 0);
    // Without a source to ask, nobody would get anything new.
    assert.ok(away.fromPeers > 0.3 * away.viewers * 31.25, `${away.fromPeers} chunks for ${away.viewers} viewers`);
    assert.ok(result.offload! > 0.8);
  });

  it('stays with the relay where no two viewers can connect', () => {
    const { result } = run({ viewers: 12, minutes: 0.5, churn: false, unconnectable: 1, loss: 0 });
    assert.equal(result.offload, 0);
    assert.equal(result.late, 0);
    assert.ok(result.relay_copies >= 12);
    assert.equal(result.connects_failed, result.connects);
  });

  it('says what is wrong with an audience of nobody', () => {
    assert.throws(() => run({ viewers: 0 }), RangeError);
  });
});
