import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { ConfigError, parseConfig } from '../../../../relay/config/config.ts';
import { loadConfig, numeric } from '../../../../relay/config/load-config.ts';
import { temporaryDirectory } from '../fixtures.ts';

const folder = temporaryDirectory();

function file(text: string): string {
  const path = join(folder, 'relay.yaml');
  writeFileSync(path, text);
  return path;
}

/** The sentence of the mistake. */
async function mistake(of: () => unknown): Promise<string> {
  try {
    await of();
  } catch (error) {
    assert.ok(error instanceof ConfigError, `${error}`);
    assert.doesNotMatch(error.message, /\n/);
    return error.message;
  }
  return assert.fail('no mistake was found');
}

test('nothing given: the defaults', () => {
  assert.deepEqual(parseConfig(undefined), {
    access: { view: 'open', viewKeys: [], embedOrigins: ['*'] },
    admin: {},
    recordings: { all: false, keepFreeMegabytes: 500 },
    channels: [],
    unlistedChannels: 'allow',
    host: '0.0.0.0',
    port: 4080,
    webTransport: { enabled: true },
    rewind: 600,
    window: { megabytes: 256, totalMegabytes: 1_024 },
    limits: { links: 10_000, linksPerAddress: 1_000, publishMegabitsPerSecond: 100, rewindMegabitsPerSecond: 200 },
    iceServers: [],
    swarm: { enabled: true, stripes: 'auto', minViewers: 0, iceTransportPolicy: 'all' },
    messages: {
      ...{ enabled: true, perSecond: 10, kilobytesPerSecond: 64 },
      ...{ channelPerSecond: 200, channelKilobytesPerSecond: 256, megabitsPerSecond: 100 },
    },
    rooms: { enabled: true, maxMembers: 50, maxRooms: 1_000, open: false },
    ingest: { listen: [] },
    pages: { enabled: true, frameAncestors: ['*'] },
    logLevel: 'info',
  });
});

test('every mistake is named with its place', async () => {
  const said = await mistake(() =>
    parseConfig({
      port: 70_000,
      host: '',
      rewind: -5,
      window: { megabytes: -1, minutes: 2 },
      limits: { links: 1.5 },
      publishKeys: ['long enough', 'short'],
      iceServers: [{ urls: 'stun:a' }, { url: 'stun:b' }],
      tls: { certFile: 'a.pem' },
      swarm: { stripes: 0, minViewers: -1, iceTransportPolicy: 'turn', peers: 3 },
      pages: { frameAncestors: ["'self'", 'https://a.example; script-src *'] },
      logLevel: 'loud',
      colour: 'red',
    }),
  );
  for (const part of [
    /^configuration: /,
    /\bport: .*65535/,
    /\bhost: /,
    /\brewind: .*>=0/,
    /window\.megabytes: /,
    /window: .*"minutes"/,
    /limits\.links: /,
    /publishKeys\.1: a publish key has at least 8 characters/,
    /iceServers\.1\.urls: /,
    /iceServers\.1: .*"url"/,
    /tls\.keyFile: /,
    /swarm\.stripes: .*>=1/,
    /swarm\.minViewers: /,
    /swarm\.iceTransportPolicy: .*"relay"/,
    /swarm: .*"peers"/,
    /pages\.frameAncestors\.1: .*'self'/,
    /logLevel: .*"debug"/,
    /"colour"/,
  ]) {
    assert.match(said, part);
  }
});

test('the environment overrides the file, flags override both', async () => {
  const path = file(
    'host: 10.0.0.1\nport: 1111\nlogLevel: debug\npublishKeys: [from the file]\nwindow: { megabytes: 5 }\n',
  );
  const config = await loadConfig({
    file: path,
    environment: {
      ...{ P2P_LIVE_PORT: '2222', P2P_LIVE_LOG_LEVEL: 'warn', P2P_LIVE_PUBLISH_KEY: 'from outside' },
      ...{ P2P_LIVE_STATE_DIR: '/var/lib/p2p', P2P_LIVE_HOST: '' },
    },
    flags: { port: 3333 },
  });
  assert.equal(config.port, 3333);
  assert.equal(config.logLevel, 'warn');
  assert.equal(config.host, '10.0.0.1', 'an empty variable sets nothing');
  assert.deepEqual(config.publishKeys, ['from outside']);
  assert.equal(config.stateDir, '/var/lib/p2p');
  assert.deepEqual(config.window, { megabytes: 5, totalMegabytes: 1_024 });
});

test('a mistake is laid to where it was made', async () => {
  const right = { environment: {}, flags: {} };
  const bad = file('port: many\nwindow:\n  second: 3\n');
  const inFile = await mistake(() => loadConfig({ ...right, file: bad }));
  assert.ok(inFile.startsWith(`${bad}: `), inFile);
  assert.match(inFile, /port: .*; window: .*"second"/);
  assert.match(
    await mistake(() => loadConfig({ ...right, environment: { P2P_LIVE_PORT: '80x' } })),
    /^environment variable P2P_LIVE_PORT: port: /,
  );
  assert.match(await mistake(() => loadConfig({ ...right, flags: { port: 'x' } })), /^command line: port: /);
});

test('a file that is missing, no YAML, or no settings', async () => {
  const load = (path: string) => mistake(() => loadConfig({ file: path, environment: {}, flags: {} }));
  assert.match(await load(join(folder, 'none.yaml')), /none\.yaml can't be read: .*ENOENT/);
  assert.match(await load(file('port: [1')), /relay\.yaml is not YAML: /);
  assert.match(await load(file('port: 1\nport: 2')), /relay\.yaml is not YAML: .*unique/i);
  assert.match(await load(file('- port')), /relay\.yaml: settings are expected/);
  assert.match(await load(file('just words')), /relay\.yaml: settings are expected/);
});

test('an empty file sets nothing', async () => {
  const config = await loadConfig({ file: file('# nothing yet\n'), environment: {}, flags: {} });
  assert.equal(config.port, 4080);
});

test('only whole numbers are numbers', () => {
  assert.deepEqual(['80', '080', '', '-1', '1.5', '0x50'].map(numeric), [80, 80, '', '-1', '1.5', '0x50']);
});

test('of a group of settings, flags override those that are given', async () => {
  const path = file('swarm: { stripes: 6, minViewers: 9 }\nwindow: { megabytes: 5 }\n');
  const config = await loadConfig({ file: path, environment: {}, flags: { swarm: { enabled: false, stripes: 8 } } });
  assert.deepEqual(config.swarm, { enabled: false, stripes: 8, minViewers: 9, iceTransportPolicy: 'all' });
  assert.equal(config.window.megabytes, 5);
});
