// Finds the programs that tests need, and installs them where that is allowed.

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
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

/** A Firefox: FIREFOX_PATH, then PATH, then the usual place. */
export function findFirefox() {
  if (process.env.FIREFOX_PATH) return process.env.FIREFOX_PATH;
  const mac = '/Applications/Firefox.app/Contents/MacOS/firefox';
  return ['firefox-esr', 'firefox'].map(onPath).find(Boolean) ?? [mac].find(existsSync);
}

/** WebKitGTK's MiniBrowser, if its driver and a screen are there as well. */
export function findMiniBrowser() {
  if (!onPath('WebKitWebDriver') || !onPath('Xvfb')) return undefined;
  return inLibraries(/^webkit2?gtk-/, 'MiniBrowser');
}

/** nginx's module for RTMP, where Debian puts it. */
export const NGINX_RTMP = '/usr/lib/nginx/modules/ngx_rtmp_module.so';

/** Whether GStreamer's RTSP server can be run, with what it encodes with. */
function hasRtspServer() {
  const plugins = ['rtp', 'x264', 'libav'].map(name => inLibraries(/^gstreamer-1/, `libgst${name}.so`));
  const bindings = inLibraries(/^girepository-1/, 'GstRtspServer-1.0.typelib');
  return existsSync('/usr/lib/python3/dist-packages/gi') && Boolean(bindings) && plugins.every(Boolean);
}

/** A file in /usr/lib/<machine>/<folder>. */
function inLibraries(folder, file) {
  const folders = path => (existsSync(path) ? readdirSync(path).map(name => `${path}/${name}`) : []);
  return folders('/usr/lib')
    .filter(path => path.endsWith('-linux-gnu'))
    .flatMap(folders)
    .filter(path => folder.test(path.slice(path.lastIndexOf('/') + 1)))
    .map(path => `${path}/${file}`)
    .find(existsSync);
}

/** What the tests need: the Debian packages, and whether they are there. Of what is `optional` the tests are left out where it is missing. */
const PROGRAMS = [
  { debian: 'chromium', name: 'Chromium or Chrome (or set CHROME_PATH)', isThere: () => Boolean(findChromium()) },
  { debian: 'ffmpeg', name: 'ffmpeg', isThere: () => Boolean(onPath('ffmpeg')) },
  { debian: 'coturn', name: "coturn's turnserver", isThere: () => Boolean(onPath('turnserver')) },
  {
    debian: 'nginx-light libnginx-mod-rtmp',
    name: 'nginx with libnginx-mod-rtmp',
    isThere: () => existsSync(NGINX_RTMP),
  },
  {
    debian:
      'python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-good gstreamer1.0-plugins-ugly gstreamer1.0-libav',
    name: 'GStreamer’s RTSP server for Python',
    isThere: hasRtspServer,
  },
  {
    debian: 'firefox-esr',
    name: 'Firefox (or set FIREFOX_PATH)',
    optional: true,
    isThere: () => Boolean(findFirefox()),
  },
  {
    debian: 'webkit2gtk-driver xvfb gstreamer1.0-libav',
    name: 'WebKitGTK with its driver, Xvfb and GStreamer’s libav',
    optional: true,
    isThere: () => Boolean(findMiniBrowser() && inLibraries(/^gstreamer-1/, 'libgstlibav.so')),
  },
];

/** Makes sure that browsers, encoders and servers are there: as root on Debian by installing them, elsewhere by saying in one sentence what to install. */
export function ensurePrograms() {
  const missing = PROGRAMS.filter(({ isThere }) => !isThere()).flatMap(({ debian }) => debian.split(' '));
  if (missing.length === 0) return;
  if (process.getuid?.() === 0 && onPath('apt-get')) {
    console.log(`Installing ${missing.join(', ')} (apt-get) …`);
    spawnSync('apt-get', ['update', '-qq'], { stdio: ['ignore', 'ignore', 'inherit'] });
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('apt-get', ['install', '-y', '-qq', ...missing], { stdio: ['ignore', 'ignore', 'inherit'], env });
  }
  const absent = PROGRAMS.filter(({ isThere }) => !isThere());
  for (const { name, optional } of absent) if (optional) console.log(`Not tested here: ${name} is missing.`);
  const still = absent.filter(({ optional }) => !optional).map(({ name }) => name);
  if (still.length > 0) {
    console.error(`The tests need ${still.join(' and ')}: please install.`);
    process.exit(1);
  }
}
