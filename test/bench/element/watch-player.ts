// One run of one player: a fresh Chromium opens its page, and what that costs is read over the DevTools protocol.

import { setTimeout as delay } from 'node:timers/promises';
import { openPage } from '../../support/browser.ts';
import { until } from '../../support/until.ts';
import { CpuMeter } from '../swarm/cpu-meter.ts';
import type { Watched } from './pages/first-frame.ts';
import { rendererMb } from './renderer-memory.ts';

/** Times in ms, memory in MB (10^6 bytes). */
export interface PlayerRun {
  /** From the navigation on, with scripts still to load. */
  readonly firstFrameMs: number;
  /** Tasks of the page's main thread in a minute of playing. */
  readonly mainThreadMsPerMinute: number;
  /** Processor time of the whole browser in a minute of playing: workers, decoders and drawing too. */
  readonly browserCpuMsPerMinute: number;
  /** The renderer's own memory at the end, after a collection of garbage. */
  readonly memoryMb: number;
  /** JavaScript heap of the main thread, likewise. */
  readonly heapMb: number;
  /** Of those that the stream has in that time, at its 25 a second. */
  readonly framesShown: number;
}

/** Everybody has this long to settle after the first picture. */
const SETTLE_MS = 5_000;
const FRAMES_PER_SECOND = 25;

/** Opens `url`, waits for the picture, and measures for `seconds`. */
export async function watchPlayer(url: string, seconds: number): Promise<PlayerRun> {
  const tab = await openPage('about:blank');
  try {
    const { page } = tab;
    const pid = page.browser().process()?.pid ?? 0;
    const meter = new CpuMeter();
    meter.add('browser', pid);
    const look = (): Promise<Watched> =>
      // The page's own function, whose type it is.
      page.evaluate(
        () => Reflect.get(globalThis, 'elementBench')?.() ?? { firstFrameMs: null, frames: 0 },
      ) as Promise<Watched>;
    await page.goto(url, { waitUntil: 'domcontentloaded' });
    await until(
      async () => (await look()).firstFrameMs !== null,
      () => `there is a picture at ${url}; complaints: ${tab.complaints.join('; ')}`,
      30_000,
    );
    const { firstFrameMs } = await look();
    await delay(SETTLE_MS);
    const session = await page.createCDPSession();
    await session.send('Performance.enable');
    const metrics = async () => {
      const { metrics } = await session.send('Performance.getMetrics');
      return new Map(metrics.map(({ name, value }) => [name, value]));
    };
    const state = async () => {
      const tasks = (await metrics()).get('TaskDuration') ?? Number.NaN; // seconds
      return { tasks, cpu: meter.look().get('browser') ?? 0, frames: (await look()).frames, at: performance.now() };
    };
    const before = await state();
    // Processes that come and go meanwhile are counted when they are seen.
    const looks = setInterval(() => meter.look(), 1_000);
    await delay(seconds * 1_000);
    clearInterval(looks);
    const after = await state();
    const elapsed = (after.at - before.at) / 1_000;
    const frames = (after.frames - before.frames) / (elapsed * FRAMES_PER_SECOND);
    if (frames < 0.1) throw new Error(`${url} stands still`);
    await session.send('HeapProfiler.collectGarbage');
    const memoryMb = rendererMb(pid);
    const heap = (await metrics()).get('JSHeapUsedSize') ?? Number.NaN;
    const perMinute = (from: number, to: number) => ((to - from) * 60_000) / elapsed;
    return {
      firstFrameMs: firstFrameMs ?? Number.NaN,
      mainThreadMsPerMinute: perMinute(before.tasks, after.tasks),
      browserCpuMsPerMinute: perMinute(before.cpu, after.cpu),
      memoryMb,
      heapMb: heap / 1e6,
      framesShown: frames,
    };
  } finally {
    await tab.close();
  }
}
