import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { Hono } from 'hono';
import { createAdminGate } from '../../../../relay/access/admin-gate.ts';
import { createLog } from '../../../../relay/log.ts';

const TOKEN = 'the admin token of these tests';
const SESSION = '/admin/api/session';

function stage(context: TestContext) {
  const lines: string[] = [];
  let now = 1_000_000;
  let token: string | undefined = TOKEN;
  let metrics: string | undefined;
  const log = createLog('silent');
  context.mock.method(log, 'warn', (...said: unknown[]) => lines.push(JSON.stringify(said)));
  const gate = createAdminGate({ token: () => token, clock: () => now, steady: () => now, log });
  const app = new Hono();
  gate.mount(app);
  app.get('/admin', gate.present, context => context.text('page'));
  app.all('/admin/api/status', gate.operator, context => context.text('status'));
  app.get(
    '/metrics',
    gate.orToken(() => metrics),
    context => context.text('figures'),
  );
  const ask = async (path: string, init: RequestInit = {}, address = '192.0.2.1') =>
    app.request(`http://relay.example${path}`, init, { address });
  return {
    lines,
    ask,
    bearer: (path: string, secret: string, address?: string) =>
      ask(path, { headers: { authorization: `Bearer ${secret}` } }, address),
    logIn: (secret: unknown, headers: Record<string, string> = {}) => {
      const body = JSON.stringify({ token: secret });
      return ask(SESSION, { method: 'POST', body, headers: { 'content-length': String(body.length), ...headers } });
    },
    pass: (ms: number) => (now += ms),
    set: (next: string | undefined, forMetrics?: string) => {
      token = next;
      metrics = forMetrics;
    },
  };
}

test('without an admin token there is nothing at all', async context => {
  const { ask, set, bearer, logIn } = stage(context);
  set(undefined);
  for (const path of ['/admin', '/admin/api/status', '/metrics', SESSION]) {
    assert.equal((await ask(path)).status, 404, path);
    assert.equal((await bearer(path, 'undefined')).status, 404, path);
  }
  assert.equal((await logIn('')).status, 404);
  set(undefined, 'the token of the metrics');
  assert.equal((await bearer('/metrics', 'the token of the metrics')).status, 200);
  assert.equal((await ask('/metrics')).status, 401);
  assert.equal((await bearer('/admin/api/status', 'the token of the metrics')).status, 404);
});

test('the page is for everybody, all else for who shows the token', async context => {
  const { ask, bearer } = stage(context);
  assert.equal(await (await ask('/admin')).text(), 'page');
  const refused = await ask('/admin/api/status');
  assert.equal(refused.status, 401);
  assert.equal(refused.headers.get('cache-control'), 'no-store');
  assert.equal((await refused.json()).error.code, 'no-token');
  assert.equal((await bearer('/admin/api/status', `${TOKEN}.`)).status, 401);
  assert.equal(await (await bearer('/admin/api/status', TOKEN)).text(), 'status');
  assert.equal((await ask(`/admin/api/status?token=${encodeURIComponent(TOKEN)}`)).status, 401, 'never by the URL');
});

test('a session: a cookie that scripts and other sites do not get, for 12 hours, until the log-out or another token', async context => {
  const { ask, logIn, pass, set } = stage(context);
  const opened = await logIn(TOKEN);
  assert.deepEqual(await opened.json(), { until: 1_000_000 + 12 * 3_600_000 });
  const cookie = opened.headers.get('set-cookie') ?? '';
  assert.match(cookie, /^p2p-live-admin=[\w-]{43}; Max-Age=43200; Path=\/admin; HttpOnly; SameSite=Strict$/);
  assert.match((await logIn(TOKEN, { 'x-forwarded-proto': 'https' })).headers.get('set-cookie') ?? '', /; Secure/);
  const headers = { cookie: cookie.split(';', 1)[0] ?? '' };
  const status = async (more: RequestInit = {}) => (await ask('/admin/api/status', { headers, ...more })).status;
  assert.equal(await status(), 200);
  assert.equal((await ask(SESSION, { headers })).status, 200);
  assert.equal(await status({ headers: { ...headers, origin: 'https://evil.example' } }), 403);
  assert.equal(await status({ headers: { ...headers, origin: 'http://relay.example' } }), 200);
  pass(12 * 3_600_000 - 1);
  assert.equal(await status(), 200);
  set('another admin token by now');
  assert.equal(await status(), 401, 'another token');
  set(TOKEN);
  assert.equal((await ask(SESSION, { method: 'DELETE', headers })).status, 204);
  assert.equal(await status(), 401, 'logged out');
  const again = (await logIn(TOKEN)).headers.get('set-cookie')?.split(';', 1)[0] ?? '';
  assert.equal(await status({ headers: { cookie: again } }), 200);
  pass(12 * 3_600_000);
  assert.equal(await status({ headers: { cookie: again } }), 401, 'over');
});

test('ten wrong tries from an address, then a minute of silence, for it alone; none is logged with what it showed', async context => {
  const { bearer, logIn, pass, lines } = stage(context);
  const path = '/admin/api/status';
  for (let i = 0; i < 5; i++) assert.equal((await bearer(path, `guess-number-${i}`)).status, 401);
  for (let i = 0; i < 5; i++) assert.equal((await logIn(`guess-number-${i}`)).status, 401);
  const refused = await logIn(TOKEN);
  assert.equal(refused.status, 429);
  assert.equal(refused.headers.get('retry-after'), '60');
  assert.equal((await bearer(path, 'guess-from-elsewhere', '192.0.2.2')).status, 401);
  pass(60_000);
  assert.equal((await logIn(TOKEN)).status, 200);
  assert.equal(lines.length, 11);
  for (const line of lines) assert.ok(!line.includes('guess'), line);
});

test('what is no login is told so', async context => {
  const { logIn, ask } = stage(context);
  for (const body of [7, undefined, null]) assert.equal((await logIn(body)).status, 400);
  assert.equal((await ask(SESSION, { method: 'POST', body: 'token', headers: { 'content-length': '5' } })).status, 400);
  assert.equal((await logIn('x'.repeat(5_000))).status, 400);
  assert.equal((await logIn(TOKEN, { origin: 'https://evil.example' })).status, 403);
});
