// A channel for those who have a token, on the pages of one site: the built element in real Chromium, over WebTransport, at a relay on Deno.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { WebSocket } from 'ws';
import { webSocketLink } from '../../core/links/web-socket-link.ts';
import { WIRE_VERSION } from '../../core/wire/codec.ts';
import { channelState, refused, subscribe } from '../../core/wire/index.ts';
import { issueToken } from '../../relay/access/access.ts';
import { Party } from '../node/relay/fixtures.ts';
import { freePort } from '../support/free-port.ts';
import { httpSource, type LiveSource } from '../support/live-source.ts';
import { Program } from '../support/program.ts';
import { saveScreenshot } from '../support/save-screenshot.ts';
import { until } from '../support/until.ts';
import { type Sight, Viewer } from '../support/viewer.ts';

const KEY = 'the publish key of the access tests';
const directory = mkdtempSync(join(tmpdir(), 'p2p-live-access-'));
const programs: Program[] = [];
const sites: Server[] = [];
let relay: string;
let source: LiveSource;
let ours: string;
let theirs: string;
let viewer: Viewer;

/** A page of a site of its own, with the element as the relay serves it. */
async function siteWith(element: () => string): Promise<string> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(`<!doctype html><title>a site</title><link rel="icon" href="data:,"><body style="margin: 0">
      <script type="module" src="${relay}/p2p-live.js"></script>${element()}`);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  sites.push(server);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on TCP
}

before(async () => {
  const port = await freePort();
  relay = `http://localhost:${port}`;
  const element = () => `<p2p-live relay="${relay}" name="lecture" autoplay muted controls></p2p-live>`;
  [ours, theirs, source] = await Promise.all([siteWith(element), siteWith(element), httpSource('flv')]);
  const config = join(directory, 'relay.yaml');
  writeFileSync(
    config,
    `channels:\n  - { name: lecture, view: token, embedOrigins: ["${ours}"] }\n  - { name: small, limits: { viewers: 1 } }\nlimits: { channelsPerAddress: 2, trustedProxies: ["127.0.0.1", "::1"] }\n`,
  );
  const env = { P2P_LIVE_PUBLISH_KEY: KEY, P2P_LIVE_STATE_DIR: directory };
  const deno = ['run', '--quiet', '-A', '--unstable-net', 'relay/main.ts', '--config', config, '--port', `${port}`];
  const server = new Program('node_modules/deno/deno', deno, { env });
  programs.push(server);
  await server.says(/p2p-live relay at/);
  const ingest = ['ingest/main.ts', source.source, '--relay', relay, '--name', 'lecture', '--key', KEY];
  programs.push(new Program(process.execPath, ['--import', 'tsx', ...ingest, '--state', directory]));
  await programs[1]?.says(/published|publishing/i, 30_000);
  viewer = await Viewer.open(ours);
});
after(async () => {
  await viewer?.close();
  await Promise.all([...programs.map(program => program.stop()), source?.kill()]);
  for (const site of sites) site.close();
  rmSync(directory, { recursive: true, force: true });
});

/** A token for so many seconds from now, and its end in Unix milliseconds. */
async function tokenFor(expiresInSeconds: number, channel = 'lecture'): Promise<{ token: string; end: number }> {
  const token = await issueToken([KEY], { channels: [channel], actions: ['view'], expiresInSeconds }, Date.now());
  const { exp } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  return { token, end: exp * 1_000 };
}

/** As a page sets it. */
function setToken(token: string): Promise<void> {
  return viewer.tab.page.evaluate(token => {
    Object.assign(document.querySelector('p2p-live') as Element, { token }); // the page has one
  }, token);
}

async function fails(expected: RegExp): Promise<void> {
  let seen: Sight | undefined;
  await until(
    async () => {
      seen = await viewer.look();
      return seen.state === 'failed' && expected.test(seen.error ?? '');
    },
    () => `the element fails with ${expected}, not ${JSON.stringify(seen)}`,
  );
}

test('without a token it says why it shows nothing; a token brings the picture, another one in time keeps it', async () => {
  await fails(/^not-allowed: watching lecture needs a token$/);
  await saveScreenshot(viewer.tab.page, 'no-token');
  await setToken((await tokenFor(60, 'another')).token);
  await fails(/^not-allowed: the token is not for lecture$/);

  const first = await tokenFor(8);
  await setToken(first.token);
  const { stats } = await viewer.plays();
  assert.equal(stats.transport, 'webtransport', 'the page is known by its ticket');
  const second = await tokenFor(14);
  await setToken(second.token);
  await until(() => Date.now() > first.end + 1_500, 'the first token has ended');
  const later = await viewer.plays();
  assert.equal(later.stats.stalls, stats.stalls, 'nothing stalled');
  assert.equal(later.stats.reconnects, 0, 'on the same link');

  await fails(/^not-allowed: the token has expired$/);
  assert.ok(Date.now() >= second.end, 'not before its time');
  await setToken((await tokenFor(60)).token);
  await viewer.plays();
});

test('the same element on another site’s page shows nothing, whatever token it has', async () => {
  await viewer.tab.page.goto(theirs);
  const refusal = new RegExp(`^not-allowed: pages of ${theirs} may not show lecture$`);
  await fails(refusal);
  await setToken((await tokenFor(60)).token);
  await fails(refusal);
});

test('the relay’s own page takes a token from behind the # of its address, and takes it out of there', async () => {
  const { token } = await tokenFor(60);
  await viewer.tab.page.goto(`${relay}/watch/lecture?muted#token=${token}`);
  await viewer.plays();
  assert.equal(viewer.tab.page.url(), `${relay}/watch/lecture?muted`);
});

test('on Deno, too, a proxy’s clients have limits of their own, and pages are known by their Origin', async () => {
  const ask = async (channel: string, address: string, origin?: string) => {
    const socket = new WebSocket(`${relay.replace('http', 'ws')}/p2p-live`, {
      headers: { 'x-forwarded-for': address },
      ...(origin !== undefined && { origin }),
    });
    const party = new Party(webSocketLink(socket));
    await once(socket, 'open');
    const { token } = await tokenFor(60);
    party.send(subscribe, { version: WIRE_VERSION, channel, token });
    return party;
  };
  for (const channel of ['a', 'b']) await (await ask(channel, '198.51.100.1')).gets(channelState);
  assert.equal((await (await ask('c', '198.51.100.1')).gets(refused)).reason, 'at most 2 channels from one address');
  await (await ask('c', '198.51.100.2')).gets(channelState);
  await (await ask('lecture', '198.51.100.3', ours)).gets(channelState);
  assert.match((await (await ask('lecture', '198.51.100.3', theirs)).gets(refused)).reason, /may not show lecture$/);
});

test('a viewer of a full channel is told so, and comes in when there is room', async () => {
  const headers = { 'x-forwarded-for': '198.51.100.4' };
  const socket = new WebSocket(`${relay.replace('http', 'ws')}/p2p-live`, { headers });
  const other = new Party(webSocketLink(socket));
  await once(socket, 'open');
  other.send(subscribe, { version: WIRE_VERSION, channel: 'small' });
  await other.gets(channelState);
  await viewer.tab.page.goto(`${relay}/watch/small`);
  const text = () =>
    viewer.tab.page.evaluate(
      () => document.querySelector('p2p-live')?.shadowRoot?.querySelector('.screen')?.textContent?.trim() ?? '',
    );
  let seen = '';
  await until(
    async () => {
      seen = await text();
      return seen === 'Small has its only viewer already.';
    },
    () => `it says why it has to wait, not ${seen}; ${viewer.tab.complaints}`,
  );
  await saveScreenshot(viewer.tab.page, 'full-channel');
  other.link.close(0, 'done');
  await until(async () => (await viewer.look()).state === 'waiting', 'it is let in');
});

test('the token is in no log, and in no address', async () => {
  for (const { output } of programs) assert.doesNotMatch(output, /eyJ[\w-]+\./);
  const urls = await viewer.tab.page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
  assert.ok(urls.length > 0);
  for (const url of urls) assert.doesNotMatch(url, /eyJ/);
});
