// What the relay hands out to be embedded, as other people use it: copied from the page to share, found by oEmbed, framed by pages of other origins.

import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import type { Frame, Page } from 'puppeteer-core';
import { openPage, type TestPage } from '../support/browser.ts';
import { httpSource, type LiveSource } from '../support/live-source.ts';
import { saveScreenshot } from '../support/save-screenshot.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { until } from '../support/until.ts';

let stack: Stack;
let source: LiveSource;
const sites: Server[] = [];

before(async () => {
  stack = await startStack();
  source = await httpSource('flv');
  await stack.ingest(source.source, 'room/harbour').says(/published|publishing/i, 30_000);
});
after(async () => {
  await source?.kill();
  await stack?.stop();
  for (const site of sites) site.close();
});

/** The relay as its visitors name it. */
const relay = () => `http://localhost:${stack.port}`;

/** A page of another site (127.0.0.1, not localhost) with this in it, under a policy that allows frames of the relay and nothing else. */
async function siteWith(body: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.setHeader(
      'content-security-policy',
      `default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-src ${relay()}`,
    );
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    response.end(`<!doctype html><title>elsewhere</title><link rel="icon" href="data:,">
      <body style="margin: 0; inline-size: 720px">${body}`);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  sites.push(server);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`; // it listens on TCP
}

/** Waits until the element on a page or in a frame has shown `frames` pictures. */
async function plays({
  tab,
  at,
  frames = 25,
}: {
  tab: TestPage;
  at: () => Page | Frame | undefined;
  frames?: number;
}): Promise<void> {
  let seen = 'no element';
  await until(
    async () => {
      const found = await at()
        ?.evaluate(() => {
          const element = document.querySelector('p2p-live') as
            | (HTMLElement & { state: string; error: unknown })
            | null; // not typed in a test
          const shown = element?.shadowRoot?.querySelector('video')?.getVideoPlaybackQuality().totalVideoFrames;
          return {
            shown: shown ?? 0,
            state: element?.state ?? 'no element',
            error: JSON.stringify(element?.error ?? null),
          };
        })
        .catch(() => undefined); // it is being loaded
      seen = JSON.stringify(found);
      return (found?.shown ?? 0) >= frames;
    },
    () => `${frames} pictures are shown; seen: ${seen}; complaints: ${tab.complaints.join('; ')}`,
    20_000,
  );
}

const framed = (tab: TestPage) => () => tab.page.frames().find(frame => frame.url().includes('/embed/'));

test('what is copied from the page to share plays in a page of another site', async () => {
  const share = await openPage(`${relay()}/watch/room/harbour?muted=1`);
  let snippet: string;
  try {
    await share.page
      .browser()
      .defaultBrowserContext()
      .overridePermissions(relay(), ['clipboard-read', 'clipboard-write', 'clipboard-sanitized-write']);
    await plays({ tab: share, at: () => share.page });
    await share.page.bringToFront();
    const button = await share.page.waitForSelector('button[aria-describedby="frame"]');
    await button?.click();
    await until(
      () => share.page.$eval('button[aria-describedby="frame"]', copy => copy.textContent === 'Copied'),
      'the button says that it is copied',
    );
    snippet = await share.page.evaluate(() => navigator.clipboard.readText());
    await saveScreenshot(share.page, 'watch');
    assert.deepEqual(share.complaints, []);
  } finally {
    await share.close();
  }
  // Whoever embeds it has it play at once.
  const tab = await openPage(await siteWith(snippet.replace('muted=1', 'muted=1&amp;autoplay=1')));
  try {
    await plays({ tab, at: framed(tab) });
    const box = await tab.page.$eval('iframe', frame => [frame.clientWidth, frame.clientHeight]);
    assert.deepEqual(box, [720, 405], 'it is as wide as its place');
    const inside = await framed(tab)()?.evaluate(() => {
      const { width, height } = document.querySelector('p2p-live')!.getBoundingClientRect(); // it plays
      return [width, height, document.documentElement.scrollHeight];
    });
    assert.deepEqual(inside, [720, 405, 405], 'the player fills it');
    assert.deepEqual(tab.complaints, []);
  } finally {
    await tab.close();
  }
});

test('a site that finds the page by oEmbed gets a frame that plays, however isolated it is', async () => {
  const address = `${relay()}/watch/room/harbour?autoplay=1&muted=1&controls=0`;
  const page = await (await fetch(address)).text();
  const found = /<link rel="alternate" type="application\/json\+oembed" href="([^"]+)"/.exec(page)?.[1] ?? '';
  const answer = await fetch(`${found.replaceAll('&amp;', '&')}&maxwidth=480`);
  assert.equal(answer.status, 200);
  const { type, html, width, height } = (await answer.json()) as Record<string, string>;
  assert.deepEqual([type, width, height], ['video', 480, 270]);
  // It is isolated from other origins, as pages with shared memory are.
  const isolation = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };
  const tab = await openPage(await siteWith(html ?? '', isolation));
  try {
    await plays({ tab, at: framed(tab) });
    const box = await tab.page.$eval('iframe', frame => [frame.clientWidth, frame.clientHeight]);
    assert.deepEqual(box, [480, 270]);
    assert.equal(await tab.page.evaluate(() => crossOriginIsolated), true);
    assert.equal(await framed(tab)()?.$eval('p2p-live', element => element.hasAttribute('controls')), false);
    assert.deepEqual(tab.complaints, []);
  } finally {
    await tab.close();
  }
});

test('the element that is copied from the page to share plays in a page of another site, with the relay’s script', async () => {
  const page = await (await fetch(`${relay()}/watch/room/harbour?muted=1`)).text();
  const text = /<code>(&lt;script [^<]*)<\/code>/.exec(page)?.[1] ?? '';
  const snippet = text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"');
  const policy = `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src ${relay()}; worker-src blob:; connect-src *; media-src blob:`;
  const url = await siteWith(snippet.replace(' muted', ' muted autoplay'), { 'content-security-policy': policy });
  const tab = await openPage(url);
  try {
    await plays({ tab, at: () => tab.page });
    assert.deepEqual(tab.complaints, []);
  } finally {
    await tab.close();
  }
});

test('the page to share is framed by nobody, and a wrong address says what is wrong', async () => {
  const tab = await openPage(
    await siteWith(
      `<iframe src="${relay()}/watch/room/harbour"></iframe><iframe src="${relay()}/embed/a?p2p=maybe"></iframe>`,
    ),
  );
  try {
    await until(() => tab.complaints.some(complaint => /frame-ancestors/.test(complaint)), 'the browser refuses it');
    const wrong = framed(tab)();
    assert.match(
      (await wrong?.$eval('body', body => body.textContent)) ?? '',
      /p2p=maybe: it takes on, off, download-only/,
    );
  } finally {
    await tab.close();
  }
});
