import assert from 'node:assert/strict';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { gunzipSync } from 'node:zlib';
import { ELEMENT_PLACES, loadAssets } from '../../../../relay/pages/assets.ts';
import { temporaryDirectory } from '../fixtures.ts';
import { builtElement, pagesFace } from './stage.ts';

test('the element is looked for where the build puts it, and the first place that has it counts', async () => {
  assert.match(ELEMENT_PLACES[0]!, /[\\/]dist[\\/]$/);
  const empty = temporaryDirectory();
  const half = temporaryDirectory();
  writeFileSync(join(half, 'p2p-live.js'), 'no engine');
  const assets = await loadAssets([join(empty, 'none'), empty, half, builtElement(), half]);
  assert.equal(assets.playable, true);
  assert.match(new TextDecoder().decode(assets.files.get('p2p-live.js')?.bytes), /built/);
  assert.deepEqual(
    [...assets.files.keys()].filter(name => name.endsWith('.js')),
    ['p2p-live-engine.js', 'p2p-live.cdn.js', 'p2p-live.js', 'p2p-live-token.js', 'p2p-live-watch.js'],
  );
  assert.equal((await loadAssets([half])).playable, false);
});

test('another build has another version', async () => {
  const folder = builtElement();
  const { version } = await loadAssets([folder]);
  assert.equal((await loadAssets([folder])).version, version);
  writeFileSync(join(folder, 'p2p-live-engine.js'), 'export const engine = 2;');
  assert.notEqual((await loadAssets([folder])).version, version);
});

test('whoever names the element in a page gets it from any origin, and asks again whether it changed', async () => {
  const get = await pagesFace();
  const response = await get('/p2p-live.js');
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'text/javascript; charset=utf-8');
  assert.equal(response.headers.get('access-control-allow-origin'), '*');
  assert.equal(response.headers.get('cache-control'), 'no-cache');
  assert.equal(response.headers.get('content-encoding'), null);
  const etag = response.headers.get('etag') ?? '';
  for (const known of [etag, `"other", ${etag}`]) {
    const again = await get('/p2p-live.js', { 'if-none-match': known });
    assert.equal(again.status, 304, known);
    assert.equal(await again.text(), '');
    assert.equal(again.headers.get('etag'), etag);
  }
  assert.equal((await get('/p2p-live.js', { 'if-none-match': '"other"' })).status, 200);
});

test('it comes gzipped to whoever takes that', async () => {
  const get = await pagesFace();
  const plain = await (await get('/p2p-live.js')).arrayBuffer();
  const response = await get('/p2p-live.js', { 'accept-encoding': 'br, gzip' });
  assert.equal(response.headers.get('content-encoding'), 'gzip');
  assert.equal(response.headers.get('vary'), 'accept-encoding');
  const packed = new Uint8Array(await response.arrayBuffer());
  assert.ok(packed.length < plain.byteLength);
  assert.deepEqual(new Uint8Array(gunzipSync(packed)), new Uint8Array(plain));
});

test('a page’s own version is kept for ever; an older page is sent to what there is', async () => {
  const get = await pagesFace();
  const page = await (await get('/embed/a')).text();
  const path = /<script type="module" src="([^"]+p2p-live\.js)">/.exec(page)?.[1] ?? '';
  assert.match(path, /^\/player\/[\w-]{16}\/p2p-live\.js$/);
  const response = await get(path);
  assert.equal(response.status, 200);
  assert.match(response.headers.get('cache-control') ?? '', /max-age=31536000, immutable/);
  const old = await get('/player/an-older-one/p2p-live-engine.js');
  assert.equal(old.status, 302);
  assert.equal(old.headers.get('location'), '/p2p-live-engine.js');
  assert.equal(old.headers.get('cache-control'), 'no-store');
});

test('nothing else of the folder is served, and unknown names are left to the directory', async () => {
  const folder = builtElement();
  writeFileSync(join(folder, 'p2p-live-secret.txt'), 'SECRET');
  const directory = join(folder, 'pages');
  mkdirSync(directory);
  writeFileSync(join(directory, 'p2p-other.js'), 'the directory’s');
  const get = await pagesFace({ places: [folder], directory });
  for (const path of ['/index.js', '/p2p-live-secret.txt', '/player/x/index.js', '/player/x/..%2fp2p-live-secret.txt'])
    assert.equal((await get(path)).status, 404, path);
  assert.equal(await (await get('/p2p-other.js')).text(), 'the directory’s');
});

test('the compiled programs of the npm package find the element above them', async () => {
  const dist = builtElement();
  const pages = join(dist, 'programs', 'relay', 'pages');
  cpSync(new URL('../../../../relay/pages', import.meta.url), pages, { recursive: true });
  // Compiled it is JavaScript, at the same place.
  const compiled: typeof import('../../../../relay/pages/assets.ts') = await import(join(pages, 'assets.ts'));
  const { playable, files } = await compiled.loadAssets();
  assert.equal(playable, true);
  assert.match(new TextDecoder().decode(files.get('p2p-live.js')?.bytes), /built/);
});
