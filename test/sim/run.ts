// Runs one simulation to its end.

import type { CoordinatorMaker } from './machines.ts';
import { Progress } from './progress.ts';
import { type Result, summarize } from './result.ts';
import type { Settings } from './settings.ts';
import { Simulation } from './simulation.ts';

/** Runs and sums up. `isShown`: with progress on standard error. */
export function runSimulation(
  settings: Settings,
  coordinator: CoordinatorMaker,
  isShown: boolean,
): { readonly simulation: Simulation; readonly result: Result } {
  const startedAt = performance.now();
  const simulation = new Simulation(settings, coordinator);
  const progress = isShown ? new Progress(Math.round(settings.minutes * 60)) : undefined;
  // Short steps keep the bar moving where a simulated second takes several real ones.
  for (let second = 0; simulation.run(second); second += 0.1) {
    const { viewers } = simulation.world.figures.now;
    progress?.show(second, `${viewers} viewers`);
  }
  progress?.end();
  return { simulation, result: summarize(simulation, (performance.now() - startedAt) / 1_000) };
}
