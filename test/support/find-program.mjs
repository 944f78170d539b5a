// Finds the programs that tests need, and installs them where that is allowed.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { onPath } from '../../demo/find-program.mjs';

const CHROMIUM = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const USUAL_PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

/** A Chromium or Chrome: CHROME_PATH, then PATH, then the usual places. */
export function findChromium() {
  if (process.env.CHROME_PATH) return process.env.CHROME_PATH;
  return CHROMIUM.map(onPath).find(Boolean) ?? USUAL_PLACES.find(existsSync);
}

/** What the tests need: the Debian package, and whether it is there. */
const PROGRAMS = [
  { debian: 'chromium', name: 'Chromium or Chrome (or set CHROME_PATH)', isThere: () => Boolean(findChromium()) },
  { debian: 'ffmpeg', name: 'ffmpeg', isThere: () => Boolean(onPath('ffmpeg')) },
  { debian: 'coturn', name: "coturn's turnserver", isThere: () => Boolean(onPath('turnserver')) },
];

/** Makes sure that Chromium, ffmpeg and coturn are there: as root on Debian by installing them, elsewhere by saying in one sentence what to install. */
export function ensurePrograms() {
  const missing = PROGRAMS.filter(({ isThere }) => !isThere()).map(({ debian }) => debian);
  if (missing.length === 0) return;
  if (process.getuid?.() === 0 && onPath('apt-get')) {
    console.log(`Installing ${missing.join(' and ')} (apt-get) …`);
    spawnSync('apt-get', ['update', '-qq'], { stdio: ['ignore', 'ignore', 'inherit'] });
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('apt-get', ['install', '-y', '-qq', ...missing], { stdio: ['ignore', 'ignore', 'inherit'], env });
  }
  const still = PROGRAMS.filter(({ isThere }) => !isThere()).map(({ name }) => name);
  if (still.length > 0) {
    console.error(`The tests need ${still.join(' and ')}: please install.`);
    process.exit(1);
  }
}
