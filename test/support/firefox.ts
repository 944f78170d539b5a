// Starts real Firefox for tests, as browser.ts does Chromium: a process and a profile for each viewer.

import puppeteer from 'puppeteer-core';
import type { TestPage } from './browser.ts';
import { findFirefox } from './find-program.mjs';

/** What Chromium's flags are in browser.ts. */
const PREFERENCES = {
  'media.autoplay.default': 0,
  'media.autoplay.blocking_policy': 0,
  // Peers on one machine meet without mDNS.
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  'media.peerconnection.ice.loopback': true,
  'network.proxy.type': 0,
  // Nothing is fetched from Mozilla.
  'media.gmp-manager.updateEnabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'ui.prefersReducedMotion': 1,
};

/** Opens a page in a new Firefox process. */
export async function openFirefox(url: string): Promise<TestPage> {
  const executablePath = findFirefox();
  if (!executablePath) throw new Error('no Firefox: set FIREFOX_PATH');
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    extraPrefsFirefox: PREFERENCES,
    defaultViewport: { width: 1_280, height: 800 },
  });
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('console', message => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()}`);
  });
  page.on('pageerror', error => complaints.push(`page: ${String(error)}`));
  const close = () => browser.close().catch(() => void browser.process()?.kill('SIGKILL'));
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
