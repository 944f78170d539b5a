// The operator's page over HTTP: there only with an admin token, strict in what it loads, and with what lets it watch.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Hono } from 'hono';
import { createAdminGate } from '../../../../relay/access/admin-gate.ts';
import { adminPage } from '../../../../relay/admin-page/admin-page.ts';
import { createLog } from '../../../../relay/log.ts';

const TOKEN = 'an-admin-token-for-tests';
const directory = mkdtempSync(join(tmpdir(), 'p2p-live-admin-'));
for (const file of ['p2p-admin.js', 'p2p-live.js', 'p2p-live-engine.js', 'p2p-room.js', 'p2p-live.cdn.js'])
  writeFileSync(join(directory, file), `// ${file}`);
after(() => rmSync(directory, { recursive: true }));

function stage(token: string | undefined, from = directory) {
  const log = createLog('fatal');
  const gate = createAdminGate({ token: () => token, clock: Date.now, steady: () => performance.now(), log });
  const app = new Hono();
  const transports = {
    webtransport: [{ url: 'https://relay.example:4433/live', certificateHashes: [] }],
    websocket: ['wss://relay.example/live'],
  };
  adminPage({ gate, directory: from, document: () => ({ transports }) })(app);
  const ask = (path: string, init: RequestInit = {}) =>
    app.request(`http://relay.example${path}`, { ...init, headers: { host: 'relay.example', ...init.headers } });
  return { ask };
}

test('without an admin token there is nothing', async () => {
  const { ask } = stage(undefined);
  for (const path of ['/admin', '/admin/', '/admin/assets/x/p2p-admin.js']) assert.equal((await ask(path)).status, 404);
});

test('the page loads the dashboard and the player of one build, and may reach nothing but the relay', async () => {
  const { ask } = stage(TOKEN);
  const page = await ask('/admin');
  assert.equal(page.status, 200);
  const policy = page.headers.get('content-security-policy') ?? '';
  for (const part of [
    "default-src 'none'",
    "script-src 'self'",
    "connect-src 'self' wss://relay.example https://relay.example:4433",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ])
    assert.ok(policy.split('; ').includes(part), `${part} in ${policy}`);
  assert.equal(page.headers.get('cache-control'), 'no-store');
  const html = await page.text();
  const loaded = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path!);
  assert.equal(loaded.length, 2);
  for (const path of loaded) {
    const answer = await ask(path);
    assert.equal(answer.status, 200, path);
    assert.match(answer.headers.get('cache-control') ?? '', /immutable/);
  }
  assert.equal((await ask('/admin/')).headers.get('location'), '/admin');
});

test('of the built files only those that the page needs are there, and older pages get those of now', async () => {
  const { ask } = stage(TOKEN);
  const [, folder] = /src="(\/admin\/assets\/[^/]+\/)/.exec(await (await ask('/admin')).text()) ?? [];
  assert.equal((await ask(`${folder}p2p-live-engine.js`)).status, 200);
  for (const file of ['p2p-room.js', 'p2p-live.js', 'p2p-live.cdn.js', '..%2fpackage.json'])
    assert.equal((await ask(folder + file)).status, 404, file);
  const older = await ask('/admin/assets/older/p2p-admin.js');
  assert.equal(older.status, 200);
  assert.equal(older.headers.get('cache-control'), 'no-store');
});

test('says when the dashboard is not built', async () => {
  const { ask } = stage(TOKEN, join(directory, 'nowhere'));
  const answer = await ask('/admin');
  assert.equal(answer.status, 503);
  assert.match(await answer.text(), /npm run build/);
});
