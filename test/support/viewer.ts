// A viewer for tests: the real element on a page in real Chromium, and what can be seen of it from outside.

import { CLOCK_BITS, CLOCK_STRIP, pictureAge, readPictureClock } from '../../demo/test-picture.ts';
import { openPage, type TestPage } from './browser.ts';
import { saveScreenshot } from './save-screenshot.ts';
import { until } from './until.ts';

/** What the page shows of its player at one moment. */
export interface Sight {
  readonly state: string;
  readonly error: string | null;
  readonly frames: number;
  /** Decoded so far; in browsers that don't count them, more than 0 where there is sound. */
  readonly audioBytes: number;
  readonly currentTime: number;
  readonly paused: boolean;
  readonly muted: boolean;
  readonly seeking: boolean;
  readonly readyState: number;
  /** Buffered ranges, in seconds. */
  readonly buffered: readonly string[];
  readonly stats: Record<string, unknown>;
}

const EMPTY: Sight = {
  state: 'absent',
  error: null,
  frames: 0,
  audioBytes: 0,
  currentTime: 0,
  paused: true,
  muted: false,
  seeking: false,
  readyState: 0,
  buffered: [],
  stats: {},
};

/** The element on a page, in a browser of its own. */
export class Viewer {
  readonly tab: TestPage;

  private constructor(tab: TestPage) {
    this.tab = tab;
  }

  /** `script` runs in the page before all else. */
  static async open(url: string, flags: readonly string[] = [], script?: string): Promise<Viewer> {
    return new Viewer(await openPage(url, flags, script));
  }

  /** On a page that is open, in whichever browser. */
  static on(tab: TestPage): Viewer {
    return new Viewer(tab);
  }

  /** What the first `<p2p-live>` of the page shows. */
  async look(): Promise<Sight> {
    return this.tab.page.evaluate(empty => {
      const element = document.querySelector('p2p-live');
      const video = element?.shadowRoot?.querySelector('video');
      if (!element || !video) return empty;
      // The page's own types don't know the element's properties, nor Chromium's counter; the others only tell that there is sound.
      const player = element as unknown as {
        state: string;
        error: { reason: string; message: string } | null;
        stats: Record<string, unknown>;
        paused: boolean;
        muted: boolean;
      };
      const sound = video as unknown as {
        webkitAudioDecodedByteCount?: number;
        mozHasAudio?: boolean;
        audioTracks?: { length: number };
      };
      return {
        state: player.state,
        error: player.error ? `${player.error.reason}: ${player.error.message}` : null,
        frames: video.getVideoPlaybackQuality().totalVideoFrames,
        audioBytes: sound.webkitAudioDecodedByteCount || Number(sound.mozHasAudio ?? sound.audioTracks?.length ?? 0),
        currentTime: video.currentTime,
        paused: player.paused,
        muted: player.muted,
        seeking: video.seeking,
        readyState: video.readyState,
        buffered: Array.from(
          { length: video.buffered.length },
          (_, i) => `${video.buffered.start(i).toFixed(3)}-${video.buffered.end(i).toFixed(3)}`,
        ),
        stats: { ...player.stats },
      };
    }, EMPTY);
  }

  /** Waits until the picture has advanced by `frames` frames and sound has been decoded; returns what is seen then. */
  async plays(frames = 25, timeoutMs = 20_000): Promise<Sight> {
    const before = await this.look();
    let now = before;
    await until(
      async () => {
        now = await this.look();
        const from = now.frames < before.frames ? 0 : before.frames;
        return now.frames >= from + frames && now.audioBytes > 0;
      },
      () =>
        `the picture advances by ${frames} frames; seen: ${JSON.stringify(now)}; complaints: ${this.tab.complaints.join('; ')}`,
      timeoutMs,
    );
    return now;
  }

  /** Waits until the picture comes by WebTransport. On a busy machine its head start may be too short, and WebSocket wins: then the page is loaded again, three times at most. */
  async playsOverWebTransport(frames = 25): Promise<void> {
    for (let tries = 3; (await this.plays(frames)).stats.transport !== 'webtransport' && tries > 0; tries--) {
      await this.tab.page.reload();
      this.tab.complaints.length = 0;
    }
  }

  /** Waits until so many seconds have been played, with or without a picture; returns what is seen then. */
  async advances(seconds = 2, timeoutMs = 20_000): Promise<Sight> {
    let now = EMPTY;
    let from: number | undefined;
    await until(
      async () => {
        now = await this.look();
        if (now.state !== 'playing' || now.seeking) from = undefined;
        else from ??= now.currentTime;
        return from !== undefined && now.currentTime >= from + seconds;
      },
      () => `${seconds} s are played; seen: ${JSON.stringify(now)}; complaints: ${this.tab.complaints.join('; ')}`,
      timeoutMs,
    );
    return now;
  }

  /** Glass to glass, in ms: the clock in the picture read back, `undefined` when it can't be read. */
  async pictureLatency(): Promise<number | undefined> {
    const read = await this.#readClock();
    return read && pictureAge(read.clock, read.now);
  }

  /** What the clock in the picture says, in ms; `undefined` when it can't be read. */
  async pictureClock(): Promise<number | undefined> {
    return (await this.#readClock())?.clock;
  }

  async #readClock(): Promise<{ readonly clock: number; readonly now: number } | undefined> {
    const sample = await this.tab.page.evaluate(
      (bits, strip) => {
        const video = document.querySelector('p2p-live')?.shadowRoot?.querySelector('video');
        if (!video || video.videoWidth === 0) return undefined;
        const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
        const context = canvas.getContext('2d', { willReadFrequently: true });
        if (!context) return undefined;
        context.drawImage(video, 0, 0);
        const now = Date.now();
        const levels: number[] = [];
        for (let bit = 0; bit < bits; bit++) {
          const x = strip.left + ((bit + 0.5) * (strip.right - strip.left)) / bits;
          const y = (strip.top + strip.bottom) / 2;
          const { data } = context.getImageData(Math.round(x * canvas.width), Math.round(y * canvas.height), 1, 1);
          levels.push(((data[0] ?? 0) + (data[1] ?? 0) + (data[2] ?? 0)) / 3);
        }
        return { now, levels };
      },
      CLOCK_BITS,
      { ...CLOCK_STRIP },
    );
    if (!sample) return undefined;
    const { left, right } = CLOCK_STRIP;
    const clock = readPictureClock(x => sample.levels[Math.floor(((x - left) / (right - left)) * CLOCK_BITS)] ?? 128);
    return clock === undefined ? undefined : { clock, now: sample.now };
  }

  /** The median of several readings of the picture's clock, in ms. */
  async medianPictureLatency(readings = 9): Promise<number> {
    const ages: number[] = [];
    await until(async () => {
      const age = await this.pictureLatency();
      if (age !== undefined) ages.push(age);
      return ages.length >= readings;
    }, 'the clock in the picture can be read');
    return ages.sort((a, b) => a - b)[Math.floor(ages.length / 2)]!;
  }

  /** Saves what the page looks like to test/artifacts/. */
  async screenshot(name: string): Promise<void> {
    await saveScreenshot(this.tab.page, name);
  }

  close(): Promise<void> {
    return this.tab.close();
  }
}
