// The pages as they are served: what stands in them, what their headers allow, and what never gets into them.

import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { pagesFace, policyOf } from './stage.ts';

const get = await pagesFace();
const textOf = async (path: string, headers?: Record<string, string>) => (await get(path, headers)).text();
const unescaped = (text: string) =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

test('the embed page is the element with its options, and nothing inline', async () => {
  const response = await get('/embed/room/alice?autoplay&muted&lang=ar');
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8');
  assert.match(response.headers.get('cache-control') ?? '', /^public, max-age=\d+$/);
  const page = await response.text();
  assert.match(page, /<html lang="ar" dir="rtl">/);
  assert.match(page, /<body><p2p-live name="room\/alice" controls autoplay muted lang="ar"><\/p2p-live><\/body>/);
  assert.doesNotMatch(page, /<style|style=|<script>|\son\w+=/);
});

test('its policy allows the element, the relay’s links and the poster’s host, and every page to frame it', async () => {
  const response = await get('/embed/a?poster=https://cdn.example/still.jpg');
  assert.deepEqual(policyOf(response), {
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': "'self'",
    'worker-src': "'self'",
    'connect-src': "'self' ws://relay.example:4080 https://relay.example:4433",
    'media-src': "blob: 'self'",
    'img-src': 'data: https://cdn.example',
    'require-trusted-types-for': "'script'",
    'trusted-types': 'lit-html p2p-live',
    'frame-ancestors': '*',
    'base-uri': "'none'",
    'form-action': "'none'",
  });
  assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
  assert.equal(response.headers.get('x-frame-options'), null);
});

test('who may frame it can be said; nobody else may frame the page to watch', async () => {
  const ours = await pagesFace({ frameAncestors: ["'self'", 'https://*.example.org'] });
  assert.equal(policyOf(await ours('/embed/a'))['frame-ancestors'], "'self' https://*.example.org");
  assert.equal(policyOf(await ours('/embed/..%2F'))['frame-ancestors'], "'self' https://*.example.org");
  assert.equal(policyOf(await get('/watch/a'))['frame-ancestors'], "'self'");
});

test('both pages tell where they are described', async () => {
  for (const path of ['/watch/room/alice?p2p=off', '/embed/room/alice?p2p=off']) {
    const page = await textOf(path);
    const links = [
      ...page.matchAll(/<link rel="alternate" type="(\w+\/\w+)\+oembed" href="([^"]+)" title="([^"]+)">/g),
    ];
    assert.deepEqual(
      links.map(([, type]) => type),
      ['application/json', 'text/xml'],
      path,
    );
    for (const [, type, href] of links) {
      const address = new URL(unescaped(href ?? ''));
      assert.equal(address.origin, 'http://relay.example:4080');
      const response = await get(address.pathname + address.search);
      assert.equal(response.status, 200);
      assert.ok(response.headers.get('content-type')?.startsWith(type!));
      assert.equal(response.headers.get('access-control-allow-origin'), '*');
      assert.match(await response.text(), /embed\/room\/alice\?p2p=off/);
    }
  }
});

test('the page to watch tells networks what to show', async () => {
  const page = await textOf('/watch/room/alice?poster=/still.jpg', { 'x-forwarded-proto': 'https' });
  const tags = Object.fromEntries(
    [...page.matchAll(/<meta (?:property|name)="([^"]+)" content="([^"]*)">/g)].map(([, name, content]) => [
      name,
      content,
    ]),
  );
  const origin = 'https://relay.example:4080';
  const query = `?poster=${encodeURIComponent(`${origin}/still.jpg`)}`;
  const embed = `${origin}/embed/room/alice${query}`;
  assert.deepEqual(tags, {
    viewport: 'width=device-width, initial-scale=1',
    'og:type': 'video.other',
    'og:title': 'room/alice, live',
    'og:site_name': 'relay.example:4080',
    'og:url': `${origin}/watch/room/alice${query}`,
    'og:image': `${origin}/still.jpg`,
    'og:video': embed,
    'og:video:secure_url': embed,
    'og:video:type': 'text/html',
    'og:video:width': '640',
    'og:video:height': '360',
    'twitter:card': 'player',
    'twitter:title': 'room/alice, live',
    'twitter:image': `${origin}/still.jpg`,
    'twitter:player': embed,
    'twitter:player:width': '640',
    'twitter:player:height': '360',
  });
  const plain = await textOf('/watch/a');
  assert.doesNotMatch(plain, /secure_url|og:image/);
});

test('the page to watch plays, and has a link, a frame and an element to copy', async () => {
  const page = await textOf('/watch/a?muted');
  assert.match(page, /<div class="stage"><p2p-live name="a" controls autoplay muted><\/p2p-live><\/div>/);
  assert.match(await textOf('/watch/a?autoplay=0'), /<div class="stage"><p2p-live name="a" controls><\/p2p-live>/);
  const snippets = [...page.matchAll(/<code>([^<]*)<\/code>/g)].map(([, text]) => unescaped(text ?? ''));
  assert.deepEqual(snippets, [
    'http://relay.example:4080/watch/a?muted=1',
    '<iframe src="http://relay.example:4080/embed/a?muted=1" title="a, live" width="640" height="360" style="width: 100%; height: auto; aspect-ratio: 16 / 9; border: 0" allow="autoplay; fullscreen; picture-in-picture" allowfullscreen></iframe>',
    '<script type="module" src="http://relay.example:4080/p2p-live.js"></script>\n<p2p-live relay="http://relay.example:4080" name="a" controls muted></p2p-live>',
  ]);
});

const ATTACKS = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'-alert(1)-'",
  '</title><script>alert(1)</script>',
  '{{constructor}}',
  'a\r\nset-cookie: x=1',
  'a;script-src *',
];

test('a name or an option that is an attack is refused, and shown as text at most', async () => {
  for (const attack of ATTACKS) {
    const written = encodeURIComponent(attack);
    for (const path of [
      `/embed/${written}`,
      `/watch/${written}`,
      `/embed/a?p2p=${written}`,
      `/watch/a?lang=${written}`,
    ]) {
      const response = await get(path);
      assert.equal(response.status, 400, path);
      assert.equal(response.headers.get('cache-control'), 'no-store');
      assert.equal(response.headers.get('set-cookie'), null);
      assert.equal(policyOf(response)['script-src'], undefined, 'nothing may run');
      const page = await response.text();
      assert.doesNotMatch(page, /<script|<img|onerror=alert\(1\)>/, path);
      assert.match(page, /<p>.+<\/p>/s, 'and it says why');
    }
  }
});

test('whatever the query says, no markup and no directive comes of it', async () => {
  const before = await textOf('/embed/a');
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('poster', 'lang', 'p2p', 'autoplay', 'x'),
      fc.string({ unit: 'binary' }),
      async (name, value) => {
        const response = await get(`/embed/a?${name}=${encodeURIComponent(value)}`);
        const page = await response.text();
        if (response.status === 400) return assert.doesNotMatch(page, /<script/);
        assert.equal(response.status, 200);
        assert.equal(page.split('<').length, before.split('<').length);
        assert.equal(Object.keys(policyOf(response)).length, 12);
      },
    ),
    { numRuns: 300 },
  );
});

test('a Host header that names no host gets nothing', async () => {
  for (const host of ['a"><script>', 'a;script-src', 'a b', 'a/b', '']) {
    for (const path of ['/embed/a', '/watch/a', '/oembed?url=x', '/channels/a']) {
      const response = await get(path, { host });
      assert.equal(response.status, 400, `${host} ${path}`);
      assert.doesNotMatch(await response.text(), /<script/);
    }
  }
});

test('without the element’s files the pages say so, and the rest is as ever', async () => {
  const without = await pagesFace({ places: [] });
  for (const path of ['/embed/a', '/watch/a']) {
    const response = await without(path);
    assert.equal(response.status, 503);
    assert.equal(response.headers.get('cache-control'), 'no-store');
    assert.match(await response.text(), /This relay has no player/);
  }
  assert.equal((await without('/channels/a')).status, 200);
});
