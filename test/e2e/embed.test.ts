// The built element in other people's pages: from another origin, under content security policies, and the page that shows how.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { httpSource, type LiveSource } from '../support/live-source.ts';
import type { Program } from '../support/program.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { until } from '../support/until.ts';
import { Viewer } from '../support/viewer.ts';

let stack: Stack;
let source: LiveSource;
let ingest: Program;
let cdn: Server;
const sites: Server[] = [];

before(async () => {
  stack = await startStack();
  source = await httpSource('flv');
  ingest = stack.ingest(source.source, 'sample');
  await ingest.says(/published|publishing/i, 30_000);
  // What any CDN does: the files of the build, for every origin.
  cdn = await listen(async ({ url }, response) => {
    const file = /^\/(p2p-live(?:-[\w-]+)?\.js)$/.exec(url ?? '')?.[1];
    response.writeHead(file ? 200 : 404, { 'access-control-allow-origin': '*', 'content-type': 'text/javascript' });
    response.end(file && (await readFile(new URL(`../../dist/${file}`, import.meta.url))));
  });
});
after(async () => {
  await ingest?.stop();
  await source?.kill();
  await stack?.stop();
  for (const server of [cdn, ...sites]) server?.close();
});

const policies: { name: string; policy: (cdn: string) => string; inWorker: boolean }[] = [
  { name: 'no policy', policy: () => '', inWorker: true },
  {
    name: 'a policy that allows its worker',
    policy: cdn =>
      `default-src 'none'; script-src ${cdn}; style-src 'none'; worker-src blob: ${cdn}; connect-src *; media-src blob:`,
    inWorker: true,
  },
  {
    name: 'a policy that allows no worker',
    policy: cdn => `default-src 'none'; script-src ${cdn}; style-src 'none'; connect-src *; media-src blob:`,
    inWorker: false,
  },
];

for (const { name, policy, inWorker } of policies) {
  test(`plays on a page of another origin with ${name}`, async () => {
    const from = `http://127.0.0.1:${portOf(cdn)}`;
    const site = await listen((_request, response) => {
      response.setHeader('content-type', 'text/html');
      if (policy(from)) response.setHeader('content-security-policy', policy(from));
      response.end(`<!doctype html><title>elsewhere</title><link rel="icon" href="data:,">
        <script type="module" src="${from}/p2p-live.js"></script>
        <p2p-live relay="http://localhost:${stack.port}" name="sample" controls autoplay muted></p2p-live>`);
    });
    sites.push(site);
    const viewer = await Viewer.open(`http://localhost:${portOf(site)}/`);
    try {
      const sight = await viewer.plays(25);
      assert.equal(sight.stats.inWorker, inWorker);
      assert.equal(sight.error, null);
      const styled = await viewer.tab.page.$eval('p2p-live', element => getComputedStyle(element).display);
      assert.equal(styled, 'block', 'its styles are applied');
    } finally {
      await viewer.close();
    }
  });
}

test('the page that shows how to embed plays, and its snippet can be copied', async () => {
  const viewer = await Viewer.open(`http://localhost:${stack.port}/embed.html`);
  try {
    await viewer.plays(25);
    assert.deepEqual(viewer.tab.complaints, []);
    const snippet = await viewer.tab.page.$eval('pre', element => element.textContent ?? '');
    assert.match(
      snippet,
      /^<script type="module" src="[^"]+\/p2p-live\.js"><\/script>\n<p2p-live relay="[^"]+" name="sample"/,
    );
    await viewer.screenshot('embed');
  } finally {
    await viewer.close();
  }
});

test('ten at once play, leave the page, and leave no worker, connection or error behind', async () => {
  const viewer = await Viewer.open(`http://localhost:${stack.port}/embed.html`);
  const { page, complaints } = viewer.tab;
  try {
    const shown = await page.evaluate(async () => {
      const holder = document.createElement('div');
      document.body.append(holder);
      holder.innerHTML = '<p2p-live relay="/" name="sample" autoplay muted></p2p-live>'.repeat(10);
      document.querySelector('article')?.remove();
      const started = [...holder.children].map(
        element => new Promise(resolve => element.addEventListener('playing', resolve, { once: true })),
      );
      await Promise.all(started);
      return started.length;
    });
    assert.equal(shown, 10);
    assert.equal(page.workers().length, 10);
    await page.evaluate(() => document.querySelector('div')?.remove());
    await until(() => page.workers().length === 0, 'every worker has ended');
    const health = `http://localhost:${stack.port}/health`;
    const links = async () => ((await (await fetch(health)).json()) as { links: number }).links;
    await until(async () => (await links()) === 1, 'the relay has only the ingester to serve', 30_000);
    assert.deepEqual(complaints, []);
  } finally {
    await viewer.close();
  }
});

async function listen(handler: RequestListener): Promise<Server> {
  const server = createServer(handler);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port; // it listens on TCP
}
