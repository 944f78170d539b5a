// One viewer: a Chromium process of its own, started ahead of time and sent to its page when it joins.

import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { findChromium } from '../../support/find-program.mjs';
import { type Place, startScript } from './place.ts';
import { removeFolder } from './remove-folder.ts';
import { REPORT, type ViewerReport } from './viewer-report.ts';

const FLAGS = [
  '--no-sandbox',
  '--no-first-run',
  '--mute-audio',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-features=WebRtcHideLocalIpsWithMdns',
  '--allow-loopback-in-peer-connection',
  '--autoplay-policy=no-user-gesture-required',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];
/** A page that doesn't answer for so long is as good as gone (ms). */
const ANSWER_MS = 5_000;

export class BenchViewer {
  readonly pid: number;
  /** What its page complained about, in order. */
  readonly complaints: string[] = [];
  readonly #browser: Browser;
  readonly #page: Page;
  readonly #profile: string;

  private constructor(browser: Browser, page: Page, profile: string) {
    this.#browser = browser;
    this.#page = page;
    this.#profile = profile;
    this.pid = browser.process()?.pid ?? 0;
    page.on('console', message => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
    page.on('pageerror', error => this.complaints.push(String(error)));
  }

  /** Starts the browser at a host of the place, with an empty page. Its files are under `folder`. */
  static async start(place: Place, host: number, origin: string, folder: string): Promise<BenchViewer> {
    const chromium = findChromium();
    if (!chromium) throw new Error('no Chromium or Chrome: please install one, or set CHROME_PATH');
    const profile = mkdtempSync(join(folder, 'viewer-'));
    const browser = await puppeteer.launch({
      executablePath: startScript(place, host, chromium, folder),
      headless: true,
      pipe: true, // reaches into a network namespace
      userDataDir: profile,
      ...{ handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false }, // the run ends them
      args: [...FLAGS, ...place.flags(origin)],
      defaultViewport: { width: 640, height: 360 },
    });
    const [page] = await browser.pages();
    return new BenchViewer(browser, page ?? (await browser.newPage()), profile);
  }

  /** Its only page. */
  get page(): Page {
    return this.#page;
  }

  async join(url: string): Promise<void> {
    await this.#page.goto(url, { waitUntil: 'domcontentloaded' });
  }

  /** What it has seen; undefined when its player hasn't started or its page doesn't answer. */
  async report(): Promise<ViewerReport | undefined> {
    const ask = this.#page
      .evaluate((name): unknown => Reflect.get(globalThis, name)?.(), REPORT)
      .catch(() => undefined);
    const late = delay(ANSWER_MS, undefined, { ref: false });
    // The page's own function, whose type it is.
    return (await Promise.race([ask, late])) as ViewerReport | undefined;
  }

  /** Leaves at once, as a closed tab does, or as a computer that is switched off. */
  async leave(how: 'closes' | 'vanishes' = 'closes'): Promise<void> {
    const child = this.#browser.process();
    const exited = child && new Promise(resolve => child.once('exit', resolve));
    if (how === 'closes') await this.#page.close().catch(() => {});
    child?.kill('SIGKILL');
    await exited;
    await this.#browser.close().catch(() => {});
    removeFolder(this.#profile);
  }
}
