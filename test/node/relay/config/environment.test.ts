import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { relayConfigSchema } from '../../../../relay/config/config.ts';
import { readEnvironment, variableOf } from '../../../../relay/config/environment.ts';
import { loadConfig } from '../../../../relay/config/load-config.ts';
import { listSettings } from '../../../../relay/config/setting-list.ts';
import { temporaryDirectory } from '../fixtures.ts';

const folder = temporaryDirectory();
const load = (environment: Record<string, string>) => loadConfig({ environment, flags: {} });

test('every setting has a variable of its own', () => {
  const settings = listSettings(relayConfigSchema);
  const names = new Set(settings.map(({ path }) => variableOf(path)));
  assert.equal(names.size, settings.length, 'two settings share a variable');
  for (const name of ['PORT', 'WEB_TRANSPORT_ENABLED', 'WINDOW_TOTAL_MEGABYTES', 'TLS_CERT_FILE', 'ADMIN_TOKEN']) {
    assert.ok(names.has(`P2P_LIVE_${name}`), name);
  }
});

test('scalars, lists and groups are read by what the setting is', async () => {
  const config = await load({
    ...{ P2P_LIVE_REWIND: '12.5', P2P_LIVE_WEB_TRANSPORT_ENABLED: 'false', P2P_LIVE_ROOMS_OPEN: 'yes' },
    ...{ P2P_LIVE_SWARM_STRIPES: '6', P2P_LIVE_LOG_LEVEL: 'warn', P2P_LIVE_ADMIN_TOKEN: '12345678901234567890' },
    ...{ P2P_LIVE_ACCESS_EMBED_ORIGINS: 'https://a.example, https://b.example' },
    ...{ P2P_LIVE_PUBLISH_KEY: 'a key, with a comma\nanother key' },
    P2P_LIVE_CHANNELS: '[{name: door, source: {url: "rtsp://door", when: on-demand}}]',
  });
  assert.deepEqual(
    [config.rewind, config.webTransport.enabled, config.rooms.open, config.swarm.stripes, config.logLevel],
    [12.5, false, true, 6, 'warn'],
  );
  assert.equal(config.admin.token, '12345678901234567890', 'a text of digits stays a text');
  assert.deepEqual(config.access.embedOrigins, ['https://a.example', 'https://b.example']);
  assert.deepEqual(config.publishKeys, ['a key, with a comma', 'another key']);
  assert.equal(config.channels[0]?.source?.when, 'on-demand');
  await assert.rejects(load({ P2P_LIVE_ROOMS_OPEN: 'perhaps' }), /ROOMS_OPEN: rooms\.open: true or false is expected/);
});

test('a file may hold the value: for secrets that are mounted', async () => {
  const file = join(folder, 'token');
  writeFileSync(file, 'a token out of a file\n');
  assert.equal((await load({ P2P_LIVE_ADMIN_TOKEN_FILE: file })).admin.token, 'a token out of a file');
  await assert.rejects(
    load({ P2P_LIVE_ADMIN_TOKEN_FILE: join(folder, 'none') }),
    /variable P2P_LIVE_ADMIN_TOKEN_FILE: .*none can't be read: ENOENT/,
  );
  await assert.rejects(
    load({ P2P_LIVE_ADMIN_TOKEN_FILE: file, P2P_LIVE_ADMIN_TOKEN: 'another token of mine' }),
    /ADMIN_TOKEN_FILE: P2P_LIVE_ADMIN_TOKEN sets the same/,
  );
});

test('what belongs together may come by several variables', async () => {
  const { tls } = await load({ P2P_LIVE_TLS_CERT_FILE: 'a.pem', P2P_LIVE_TLS_KEY_FILE: 'b.pem' });
  assert.deepEqual(tls, { certFile: 'a.pem', keyFile: 'b.pem' });
  await assert.rejects(load({ P2P_LIVE_TLS_CERT_FILE: 'a.pem' }), /tls\.keyFile: is missing/);
});

test('variables of others are left alone', () => {
  assert.deepEqual(
    readEnvironment({ P2P_LIVE_KEY: 'of the ingest program', P2P_LIVE_SERVICE_HOST: '10.0.0.1', HOME: '/' }),
    [],
  );
});
