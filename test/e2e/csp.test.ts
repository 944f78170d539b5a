// The built element under a strict content security policy with Trusted Types required: it plays, and the browser finds nothing to object to.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import type { P2pPublish } from '../../components/publish/define-publish.ts';
import { openPage } from '../support/browser.ts';
import { httpSource, type LiveSource } from '../support/live-source.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { Viewer } from '../support/viewer.ts';

/** Every violation that the browser tells the page of, from before the page's own first line. */
const WATCH = `globalThis.violations = [];
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample, disposition }) =>
    violations.push([disposition, effectiveDirective, blockedURI, sample].join(' ')));`;

let stack: Stack;
let source: LiveSource;
let site: Server;

before(async () => {
  stack = await startStack();
  source = await httpSource('flv');
  await stack.ingest(source.source, 'sample').says(/published|publishing/i, 30_000);
  const relay = `localhost:${stack.port}`;
  const policy = [
    `default-src 'none'; script-src 'self'; style-src 'self'; worker-src 'self'; img-src 'self' data:; media-src blob:`,
    `connect-src http://${relay} ws://${relay} https://*:*`,
    `require-trusted-types-for 'script'; trusted-types p2p-live p2p-publish lit-html`,
  ].join('; ');
  site = createServer(async ({ url }, response) => {
    const [, file = '', script] = /^\/(?:built\/([\w.-]+\.js)|\?(.+))$/.exec(url ?? '') ?? [];
    response.setHeader('content-security-policy', policy);
    // The same again, only to be told of: what is refused quietly in the one is counted in the other.
    response.setHeader('content-security-policy-report-only', policy);
    if (file) {
      response.setHeader('content-type', 'text/javascript');
      response.end(await readFile(new URL(`../../dist/${file}`, import.meta.url)));
      return;
    }
    response.setHeader('content-type', 'text/html');
    response.end(`<!doctype html><title>strict</title><link rel="icon" href="data:,">
      <script type="module" src="/built/${script}"></script>
      <p2p-publish relay="http://${relay}" channel="demo/strict"></p2p-publish>
      <p2p-live relay="http://${relay}" name="sample" controls autoplay muted></p2p-live>`);
  });
  await new Promise<void>(resolve => site.listen(0, 'localhost', resolve));
});
after(async () => {
  site?.close();
  await source?.kill();
  await stack?.stop();
});

for (const script of ['p2p-live.js', 'p2p-live.cdn.js']) {
  test(`${script} plays in a worker under a strict policy without a violation`, async () => {
    const { port } = site.address() as AddressInfo; // it listens on TCP
    const viewer = await Viewer.open(`http://localhost:${port}/?${script}`, [], WATCH);
    const { page, complaints } = viewer.tab;
    try {
      const sight = await viewer.plays(50);
      assert.equal(sight.error, null);
      assert.equal(sight.stats.inWorker, true);
      const styled = await page.$eval('p2p-live', element => {
        const button = element.shadowRoot?.querySelector('.bar');
        return button !== null && button !== undefined && getComputedStyle(button).position === 'absolute';
      });
      assert.equal(styled, true, 'its styles are applied');
      assert.deepEqual(await page.evaluate('violations'), []);
      assert.deepEqual(complaints, []);
    } finally {
      await viewer.close();
    }
  });
}

test('p2p-publish.js goes on air from a worker under a strict policy without a violation', async () => {
  const { port } = site.address() as AddressInfo; // as above
  const devices = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
  const { page, complaints, close } = await openPage(`http://localhost:${port}/?p2p-publish.js`, devices, WATCH);
  try {
    const answer = await fetch(`http://localhost:${stack.port}/demo/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{ "channel": "demo/strict" }',
    });
    const { token } = (await answer.json()) as { token: string }; // as the server writes it
    const seen = await page.$eval(
      'p2p-publish',
      async (element, token) => {
        const publisher = element as P2pPublish; // the page's own types don't know it
        publisher.token = token;
        await publisher.start();
        await publisher.updateComplete;
        const button = publisher.shadowRoot?.querySelector<HTMLElement>('[part~="settings-button"]');
        button?.click();
        await publisher.updateComplete;
        const panel = publisher.shadowRoot?.querySelector('.settings');
        return [publisher.state, panel && getComputedStyle(panel).position];
      },
      token,
    );
    assert.deepEqual(seen, ['live', 'absolute']);
    assert.deepEqual(await page.evaluate('violations'), []);
    assert.deepEqual(complaints, []);
  } finally {
    await close();
  }
});

test('the watch over the policy would see a violation', async () => {
  const { port } = site.address() as AddressInfo; // as above
  const viewer = await Viewer.open(`http://localhost:${port}/?p2p-live.js`, [], WATCH);
  try {
    const { page } = viewer.tab;
    await page.evaluate(() => {
      try {
        document.body.innerHTML = '<b style="color: red">not trusted</b>';
      } catch {
        // That it throws is the policy at work.
      }
    });
    await page.waitForFunction('violations.length >= 2');
  } finally {
    await viewer.close();
  }
});
