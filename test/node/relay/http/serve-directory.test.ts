import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { Hono } from 'hono';
import { serveDirectory } from '../../../../relay/http/serve-directory.ts';
import { temporaryDirectory } from '../fixtures.ts';

const above = temporaryDirectory();
const root = join(above, 'public');
mkdirSync(join(root, 'sub'), { recursive: true });
mkdirSync(join(above, 'public-not'));
writeFileSync(join(above, 'secret.txt'), 'SECRET');
writeFileSync(join(above, 'public-not', 'secret.txt'), 'SECRET');
writeFileSync(join(root, 'index.html'), 'home');
writeFileSync(join(root, 'sub', 'index.html'), 'sub home');
writeFileSync(join(root, 'about.html'), 'about');
writeFileSync(join(root, 'a b.js'), 'script');
writeFileSync(join(root, 'data.bin'), Uint8Array.of(0, 255));

const app = new Hono();
app.get('/*', serveDirectory(root));
const get = (path: string) => app.request(`http://relay.example${path}`);

test('files with their types, directories with their index, pages without .html', async () => {
  for (const [path, body, type] of [
    ['/', 'home', 'text/html; charset=utf-8'],
    ['/sub', 'sub home', 'text/html; charset=utf-8'],
    ['/sub/', 'sub home', 'text/html; charset=utf-8'],
    ['/about', 'about', 'text/html; charset=utf-8'],
    ['/a%20b.js', 'script', 'text/javascript; charset=utf-8'],
  ] as const) {
    const response = await get(path);
    assert.equal(response.status, 200, path);
    assert.equal(await response.text(), body, path);
    assert.equal(response.headers.get('content-type'), type, path);
    assert.equal(response.headers.get('access-control-allow-origin'), '*');
  }
  const binary = await get('/data.bin');
  assert.equal(binary.headers.get('content-type'), 'application/octet-stream');
  assert.deepEqual(new Uint8Array(await binary.arrayBuffer()), Uint8Array.of(0, 255));
});

test('nothing outside the directory', async () => {
  for (const path of [
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/sub/..%2f..%2fsecret.txt',
    '/%2e%2e%2fpublic-not/secret.txt',
    '/..%2fpublic-not%2fsecret.txt',
    '/..%5csecret.txt',
    '/%252e%252e/secret.txt',
    '/....//secret.txt',
    '/secret.txt%00.html',
    `//..%2f..%2f${above.slice(1)}/secret.txt`,
  ]) {
    const response = await get(path);
    assert.equal(response.status, 404, path);
    assert.doesNotMatch(await response.text(), /SECRET/, path);
  }
});

test('a path that is no percent-encoded UTF-8 is not found', async () => {
  assert.equal((await get('/%FF')).status, 404);
});
