// A viewer that is watched for long: its heaps after a collection of garbage, its process, its picture.

import type { CDPSession } from 'puppeteer-core';
import { openPage, type TestPage } from '../../support/browser.ts';
import { rendererMb } from '../element/renderer-memory.ts';

/** MB are 10^6 bytes. */
export interface ViewerSample {
  /** JavaScript heaps of the page and its workers. */
  readonly heapMb: number;
  /** The renderer's own memory. */
  readonly processMb: number;
  /** Pictures shown since the start. */
  readonly frames: number;
  readonly state: string;
}

export class SoakViewer {
  readonly #tab: TestPage;
  readonly #session: CDPSession;

  private constructor(tab: TestPage, session: CDPSession) {
    this.#tab = tab;
    this.#session = session;
  }

  static async open(url: string): Promise<SoakViewer> {
    const tab = await openPage(url);
    return new SoakViewer(tab, await tab.page.createCDPSession());
  }

  /** Everything that the page complained about. */
  get complaints(): readonly string[] {
    return this.#tab.complaints;
  }

  async sample(): Promise<ViewerSample> {
    const { page } = this.#tab;
    let heap = 0;
    for (const session of [this.#session, ...page.workers().map(worker => worker.client)]) {
      await session.send('HeapProfiler.collectGarbage');
      heap += (await session.send('Runtime.getHeapUsage')).usedSize;
    }
    const { frames, state } = await page.evaluate(() => {
      const element = document.querySelector('p2p-live') as (HTMLElement & { state?: string }) | null; // not typed here
      const video = element?.shadowRoot?.querySelector('video');
      return { frames: video?.getVideoPlaybackQuality().totalVideoFrames ?? 0, state: element?.state ?? 'absent' };
    });
    return { heapMb: heap / 1e6, processMb: rendererMb(page.browser().process()?.pid ?? 0), frames, state };
  }

  close(): Promise<void> {
    return this.#tab.close();
  }
}
