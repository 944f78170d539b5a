// Starts real Chromium for tests: one process with a fresh profile each, as a viewer would have it.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { findChromium } from './find-program.mjs';

const FLAGS = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--autoplay-policy=no-user-gesture-required',
  '--disable-features=WebRtcHideLocalIpsWithMdns',
  '--allow-loopback-in-peer-connection',
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--mute-audio',
  // An animation for each viewer would take a tenth of a core.
  '--force-prefers-reduced-motion',
];

/** A page in a browser of its own, with everything it complained about. */
export interface TestPage {
  readonly page: Page;
  /** Console errors and uncaught exceptions, in order. */
  readonly complaints: string[];
  close(): Promise<void>;
  /** Ends the browser as a crash would: nobody is told. */
  kill(): Promise<void>;
}

/** Opens a page in a new Chromium process. `flags` are added to the usual ones; `script` runs before the page's own. */
export async function openPage(url: string, flags: readonly string[] = [], script?: string): Promise<TestPage> {
  const profile = mkdtempSync(join(tmpdir(), 'p2p-live-chromium-'));
  const executablePath = findChromium();
  if (!executablePath) throw new Error('no Chromium or Chrome: set CHROME_PATH');
  const browser: Browser = await puppeteer.launch({
    executablePath,
    headless: true,
    userDataDir: profile,
    args: [...FLAGS, ...flags],
    defaultViewport: { width: 1_280, height: 800 },
  });
  const page = await browser.newPage();
  if (script !== undefined) await page.evaluateOnNewDocument(script);
  const complaints: string[] = [];
  page.on('console', message => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()} ${message.location().url ?? ''}`);
  });
  page.on('pageerror', error => complaints.push(`page: ${String(error)}`));
  const close = async () => {
    await browser.close().catch(() => browser.process()?.kill('SIGKILL'));
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  const kill = async () => {
    browser.process()?.kill('SIGKILL');
    await close();
  };
  try {
    await page.goto(url, { waitUntil: 'load' });
  } catch (error) {
    await close();
    throw error;
  }
  return { page, complaints, close, kill };
}
