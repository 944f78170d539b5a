// Judges how the viewers fared: which chunks of a past second were there in time, and what latency each viewer needed.

import type { Millis } from '../../core/time.ts';
import { USE_MS } from './figures.ts';
import { START_MS } from './source-stream.ts';
import { JUDGED_AFTER_S, type World } from './world.ts';

/** Viewers count from this time after they came. */
export const COUNTS_AFTER_MS: Millis = 5_000;

/** A second begins: one that is long over is judged. */
export function judgeSecond(world: World, second: number): void {
  const { figures, stream, viewers, tracer, settings } = world;
  figures.turn(second);
  const judged = second - JUDGED_AFTER_S - 1;
  const begin = START_MS + judged * 1_000;
  const row = figures.seconds[judged];
  const from = stream.indexAt(begin);
  const to = stream.indexAt(begin + 1_000);
  let here = 0;
  for (const viewer of viewers) {
    if (!viewer.isHere || viewer.role === 'source') continue;
    here++;
    if (!row) continue;
    const counts = begin - viewer.arrivedAt >= COUNTS_AFTER_MS;
    let worst = 0;
    for (let index = from; index < to; index++) {
      const delay = viewer.log.judge(index);
      if (!counts) continue;
      worst = Math.max(worst, figures.judge(row, delay));
      if (tracer && !(delay !== undefined && delay <= settings.latencyMs - USE_MS)) {
        const story = tracer.explain(viewer.index, index, stream.capturedAt(index));
        if (story) console.error(story);
      }
    }
    viewer.log.judgedBelow = to;
    if (!counts) continue;
    figures.need(judged, worst);
    viewer.worstMs = Math.max(viewer.worstMs, worst);
  }
  if (row) figures.close(judged);
  figures.now.viewers = here;
}
