// The dashboard as an operator uses it: a real relay, real Chromium, a real source; from signing in to deleting a recording.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { JSHandle } from 'puppeteer-core';
import { openPage, type TestPage } from '../support/browser.ts';
import { freePort } from '../support/free-port.ts';
import { httpSource, type LiveSource } from '../support/live-source.ts';
import { Program } from '../support/program.ts';
import { saveScreenshot } from '../support/save-screenshot.ts';
import { until } from '../support/until.ts';

const TOKEN = 'an-admin-token-for-tests';
/** Every violation of the page's policy, from before its first line. */
const WATCH = `globalThis.violations = [];
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample }) =>
    violations.push([effectiveDirective, blockedURI, sample].join(' ')));`;

const state = mkdtempSync(join(tmpdir(), 'p2p-live-dashboard-'));
let relay: Program;
let source: LiveSource;
let admin: TestPage;
let url: string;

before(async () => {
  const port = await freePort();
  url = `http://localhost:${port}`;
  const flags = ['run', '--quiet', '-A', '--unstable-net', 'relay/main.ts', '--port', `${port}`];
  relay = new Program('node_modules/deno/deno', flags, {
    env: {
      P2P_LIVE_ADMIN_TOKEN: TOKEN,
      P2P_LIVE_STATE_DIR: state,
      P2P_LIVE_CHANNELS: JSON.stringify([{ name: 'lab/*', view: 'token' }]),
    },
  });
  source = await httpSource('flv');
  await relay.says(/p2p-live relay at/);
  admin = await openPage(`${url}/admin`, [], WATCH);
});
after(async () => {
  await admin?.close();
  await source?.kill();
  await relay?.stop();
  rmSync(state, { recursive: true, force: true, maxRetries: 5 });
});

/** Finds in the page, however deep: null where there is none. */
async function find(selector: string): Promise<JSHandle> {
  return admin.page.evaluateHandle(`(() => {
    const roots = [document];
    for (const root of roots)
      for (const element of root.querySelectorAll('*')) {
        if (element.matches(${JSON.stringify(selector)})) return element;
        if (element.shadowRoot) roots.push(element.shadowRoot);
      }
    return null;
  })()`);
}
async function read<Value>(selector: string, reading: string): Promise<Value | null> {
  const element = await find(selector);
  return element.evaluate((element, reading) => (element ? new Function('element', reading)(element) : null), reading);
}
const words = (selector: string) => read<string>(selector, 'return element.textContent.replace(/\\s+/g, " ").trim()');
/** What is found, as soon as it is there. */
async function waitFor(selector: string) {
  await until(async () => (await words(selector)) !== null, `there is ${selector}`);
  return find(selector);
}
async function click(selector: string): Promise<void> {
  const element = await waitFor(selector);
  await element.evaluate(element => (element as HTMLElement).click()); // it was found
}
async function fill(selector: string, text: string): Promise<void> {
  const element = await waitFor(selector);
  await element.evaluate((element, text) => ((element as HTMLInputElement).value = text), text); // a field
}
const go = (hash: string) => admin.page.evaluate(hash => (location.hash = hash), hash);
const says = (selector: string, pattern: RegExp, timeoutMs?: number) =>
  until(
    async () => pattern.test((await words(selector)) ?? ''),
    () => `${selector} says ${pattern}`,
    timeoutMs,
  );
/** Frames shown by the player in the page. */
const frames = () =>
  read<number>(
    'p2p-live',
    'return element.shadowRoot.querySelector("video").getVideoPlaybackQuality().totalVideoFrames',
  );

test('lets in with the token only', async () => {
  assert.equal((await fetch(`${url}/admin/api/status`)).status, 401);
  await fill('[name=token]', 'not-this-one-at-all');
  await click('button[type=submit]');
  await says('.fault', /not the admin token/);
  await fill('[name=token]', TOKEN);
  await click('button[type=submit]');
  await says('h1', /^Overview$/);
  await says('.about', /^p2p-live \d+\.\d+\.\d+ on Deno$/);
});

test('adds a channel by name and URL, and shows its picture, its figures and who watches', async () => {
  await go('#/channels');
  await click('button.add');
  await until(async () => (await words('[name=name]')) !== null, 'the form is open');
  await fill('[name=name]', 'lab/bench');
  await fill('[name=url]', source.source);
  await click('[name=record]');
  await click('form button[type=submit]');
  await says('tbody .state', /^Live$/, 20_000);
  await go('#/channels/lab%2Fbench');
  await until(async () => ((await frames()) ?? 0) > 25, 'the preview plays, although viewers need a token', 20_000);
  await says('.facts', /Bitrate\d/, 20_000);
  await until(async () => (await words('.tag.recording')) !== null, 'it is recorded');
  await until(async () => ((await words('.facts')) ?? '').includes('Who may watch'), 'its settings');
  await saveScreenshot(admin.page, 'dashboard-channel');
});

test('draws the swarm when somebody joins it, and charts what was', async () => {
  await fetch(`${url}/admin/api/channels/hall`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ source: { url: source.source } }),
  }).then(answer => assert.equal(answer.status, 200));
  const viewer = await openPage(`${url}/watch/hall`);
  try {
    await go('#/channels/hall');
    await until(async () => (await words('.star')) !== null, 'the viewer is drawn', 20_000);
    await until(async () => (await words('.strand')) !== null, 'and who feeds it', 20_000);
    await until(async () => (await words('tbody code')) !== null, 'and listed');
    await go('#/overview');
    await until(async () => ((await words('.tiles')) ?? '').match(/Viewers[1-9]/) !== null, 'it is counted');
    await until(async () => (await words('canvas')) !== null, 'charts are drawn', 15_000);
    await saveScreenshot(admin.page, 'dashboard');
  } finally {
    await viewer.close();
  }
});

test('records no longer, stops a source, plays what was recorded, and deletes it', async () => {
  await go('#/channels/lab%2Fbench');
  await click('.source .edit');
  await click('[name=record]');
  await click('form button[type=submit]');
  await until(async () => (await words('.tag.recording')) === null, 'it is recorded no longer');
  await click('.source .switch');
  await says('.source .state', /^Stopped$/);
  await go('#/recordings');
  await until(async () => (await words('.remove:not([disabled])')) !== null, 'the recording has ended');
  const download = await fetch(`${url}/recordings/${await recordingId()}.flv`);
  assert.equal(download.status, 401, 'nobody else may have it');
  const headers = { authorization: `Bearer ${TOKEN}` };
  const ticket = await fetch(`${url}/admin/api/channels/lab%2Fbench/view-token`, { method: 'POST', headers });
  const { token } = (await ticket.json()) as { token: string }; // as the API writes it
  const file = await fetch(`${url}/recordings/${await recordingId()}.flv?token=${token}`);
  assert.equal(Buffer.from(await file.arrayBuffer()).toString('latin1', 0, 3), 'FLV');
  await click('.play');
  await until(async () => ((await frames()) ?? 0) > 10, 'the recording plays', 20_000);
  await click('[aria-label=Close]');
  await click('.remove:not([disabled])');
  await click('.answers .danger');
  await says('.empty', /^No recordings/);
});

async function recordingId(): Promise<string> {
  const headers = { authorization: `Bearer ${TOKEN}` };
  const [first] = (await (await fetch(`${url}/admin/api/recordings`, { headers })).json()) as { id: string }[]; // as the API writes it
  assert.ok(first);
  return first.id;
}

test('follows the log', async () => {
  await go('#/log');
  await says('.lines', /an operator has logged in/);
  await fetch(`${url}/admin/api/channels/hall`, { method: 'DELETE', headers: { authorization: `Bearer ${TOKEN}` } });
  await says('.lines', /an operator has removed a channel channel=hall/);
});

test('says that the relay is gone; and the page has kept to its policy', async () => {
  assert.deepEqual(await admin.page.evaluate('violations'), []);
  await go('#/overview');
  await relay.stop('SIGKILL');
  await says('.away', /does not answer/, 20_000);
});
