// Runs of each player -> the figures as BENCH.md names them.

import { PLAYERS, type Player } from './players.ts';
import type { PlayerRun } from './watch-player.ts';

/** By player; null: not measured. */
export type ByPlayer = Readonly<Record<Player, number | null>>;

/** KB and MB are powers of ten. */
export interface ElementFigures {
  readonly size_kb: ByPlayer;
  readonly first_frame_ms: ByPlayer;
  readonly main_thread_ms_per_minute: ByPlayer;
  readonly memory_mb: ByPlayer;
  readonly js_heap_mb: ByPlayer;
  readonly browser_cpu_ms_per_minute: ByPlayer;
  /** Share of the stream's pictures that were shown. */
  readonly frames_shown: ByPlayer;
}

export type Runs = ReadonlyMap<Player, readonly PlayerRun[]>;

/** The median of each player's runs. */
export function elementFigures(sizes: ByPlayer, runs: Runs): ElementFigures {
  const of = (read: (run: PlayerRun) => number, digits = 0): ByPlayer =>
    byPlayer(player => median((runs.get(player) ?? []).map(read), digits));
  return {
    size_kb: sizes,
    first_frame_ms: of(run => run.firstFrameMs),
    main_thread_ms_per_minute: of(run => run.mainThreadMsPerMinute),
    memory_mb: of(run => run.memoryMb, 1),
    js_heap_mb: of(run => run.heapMb, 1),
    browser_cpu_ms_per_minute: of(run => run.browserCpuMsPerMinute),
    frames_shown: of(run => run.framesShown, 2),
  };
}

/** A figure of each player. */
export function byPlayer(figure: (player: Player) => number | null): ByPlayer {
  // fromEntries forgets its keys' names.
  return Object.fromEntries(PLAYERS.map(player => [player, figure(player)])) as ByPlayer;
}

function median(values: readonly number[], digits: number): number | null {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  if (sorted.length === 0) return null;
  const middle = sorted.length / 2;
  const value = (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle) - 1]!) / 2; // both are within
  return Number(value.toFixed(digits));
}
