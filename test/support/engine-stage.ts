// The engine on a bare page in real Chromium, its sources served by vite as they are.

import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';
import type { LivePlayer } from '../../components/engine/live-player.ts';
import type { PlayerStats } from '../../components/engine/player-stats.ts';
import { openPage, type TestPage } from './browser.ts';
import { until } from './until.ts';

/** What can be seen of the player at one moment. */
export interface EngineSight {
  readonly state: string;
  readonly error: string | null;
  readonly stats: PlayerStats;
  readonly currentTime: number;
  readonly frames: number;
  readonly audioBytes: number;
  /** `start-end` of each buffered range. */
  readonly buffered: string;
  /** States, warnings and media events so far. */
  readonly log: readonly string[];
}

/** Serves the pages; `close` when done. */
export interface Stage {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the repository's sources to browsers. */
export async function openStage(): Promise<Stage> {
  const cacheDir = mkdtempSync(join(tmpdir(), 'p2p-live-vite-'));
  const server = await createServer({
    configFile: false,
    root: fileURLToPath(new URL('../../', import.meta.url)),
    cacheDir,
    logLevel: 'error',
    server: { port: 0, host: '127.0.0.1', hmr: false, watch: null, allowedHosts: true },
    optimizeDeps: {
      entries: [],
      include: ['@noble/ed25519', '@noble/hashes/sha2.js', '@noble/hashes/hmac.js'],
    },
  });
  await server.listen();
  const { port } = server.httpServer!.address() as AddressInfo; // it listens on TCP
  return {
    url: `http://localhost:${port}`,
    async close() {
      await server.close();
      rmSync(cacheDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** One player on one page. */
export class EngineViewer {
  readonly tab: TestPage;

  private constructor(tab: TestPage) {
    this.tab = tab;
  }

  /** `options` as the page reads them: relay, name, worker, transports, target. */
  static async open(
    stage: Stage,
    options: Record<string, string>,
    flags: readonly string[] = [],
  ): Promise<EngineViewer> {
    const query = new URLSearchParams(options);
    return new EngineViewer(await openPage(`${stage.url}/test/support/engine-page.html?${query}`, flags));
  }

  sight(): Promise<EngineSight> {
    return this.tab.page.evaluate(() => {
      // engine-page.html puts these there.
      const { player, video, log } = globalThis as unknown as {
        player: LivePlayer;
        video: HTMLVideoElement;
        log: string[];
      };
      const ranges = Array.from(
        { length: video.buffered.length },
        (_, i) => `${video.buffered.start(i).toFixed(2)}-${video.buffered.end(i).toFixed(2)}`,
      );
      return {
        state: player.state,
        error: player.error?.code ?? null,
        stats: player.stats,
        currentTime: video.currentTime,
        frames: video.getVideoPlaybackQuality().totalVideoFrames,
        audioBytes: Number(Reflect.get(video, 'webkitAudioDecodedByteCount') ?? 0),
        buffered: ranges.join(' '),
        log: [...log],
      };
    });
  }

  /** Waits until what is seen satisfies the condition, and gives it back; tells what was seen last if it never does. */
  async sees(what: string, condition: (sight: EngineSight) => boolean, timeoutMs = 15_000): Promise<EngineSight> {
    let last: EngineSight | undefined;
    await until(
      async () => {
        last = await this.sight();
        return condition(last);
      },
      () => `${what}; last seen: ${JSON.stringify(last, null, 1)} ${this.tab.complaints.join('\n')}`,
      timeoutMs,
    );
    return last!; // until() returned, so there was one
  }

  close(): Promise<void> {
    return this.tab.close();
  }
}
