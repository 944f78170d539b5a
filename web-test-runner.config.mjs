// The tests that need a browser: test/browser/, in a real Chromium, with the sources served as they are.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { chromeLauncher } from '@web/test-runner-chrome';
import { a11ySnapshotPlugin } from '@web/test-runner-commands/plugins';

const places = [
  process.env.CHROME_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  `${process.env.PROGRAMFILES}\\Google\\Chrome\\Application\\chrome.exe`,
];
const executablePath = places.find(place => place && existsSync(place));
if (!executablePath)
  throw new Error('No Chromium or Chrome was found: install one, or set CHROME_PATH to where it is.');

export default {
  files: 'test/browser/**/*.test.ts',
  nodeResolve: true,
  concurrency: 2,
  testFramework: { config: { timeout: 10_000 } },
  filterBrowserLogs: ({ args }) => !String(args[0]).startsWith('Lit is in dev mode'),
  testsFinishTimeout: 180_000,
  plugins: [
    a11ySnapshotPlugin(),
    esbuildPlugin({ ts: true, target: 'es2022', tsconfig: fileURLToPath(new URL('tsconfig.json', import.meta.url)) }),
  ],
  browsers: [
    chromeLauncher({
      // A window for each, as a tab behind another is hidden.
      createPage: async ({ context }) => (await context.browser().createBrowserContext()).newPage(),
      launchOptions: {
        executablePath,
        headless: true,
        // Browsers forbid sound before a touch: the tests are held to it.
        args: [
          '--no-sandbox',
          '--disable-dev-shm-usage',
          // For the test that looks for leaks.
          '--js-flags=--expose-gc',
          '--autoplay-policy=document-user-activation-required',
          '--disable-background-timer-throttling',
          '--disable-renderer-backgrounding',
          // Peers in one browser meet without a network and without mDNS.
          '--disable-features=WebRtcHideLocalIpsWithMdns',
          '--allow-loopback-in-peer-connection',
          // A camera, a microphone and a screen that always say yes.
          '--use-fake-device-for-media-stream=display-media-type=browser',
          '--use-fake-ui-for-media-stream',
        ],
      },
    }),
  ],
};
