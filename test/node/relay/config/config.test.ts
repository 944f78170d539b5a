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
    access: {
      ...{ view: 'open', viewKeys: [], embedOrigins: ['*'] },
      jwt: { keys: [], jwksRefreshMinutes: 10, jwksCooldownSeconds: 30 },
    },
    admin: {},
    recordings: { all: false, keepFreeMegabytes: 500 },
    outputs: { enabled: true, streams: 1_000, hlsMegabytes: 256 },
    channels: [],
    unlistedChannels: 'allow',
    host: '0.0.0.0',
    port: 4080,
    webTransport: { enabled: true, sessions: 500 },
    rewind: 600,
    window: { megabytes: 256, totalMegabytes: 1_024 },
    limits: {
      ...{ links: 10_000, linksPerAddress: 1_000, handshakesPerMinute: 3_000, channelsPerAddress: 1_000 },
      ...{ trustedProxies: [], publishMegabitsPerSecond: 100, rewindMegabitsPerSecond: 200 },
    },
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
    /\bport: at most 65535 is expected, not 70000/,
    /\bhost: at least 1 character is expected/,
    /\brewind: at least 0 is expected, not -5/,
    /window\.megabytes: more than 0 is expected, not -1/,
    /window\.minutes: no such setting: there are megabytes, totalMegabytes/,
    /limits\.links: a whole number is expected, not 1.5/,
    /publishKeys\.1: a publish key has at least 8 characters/,
    /iceServers\.1\.urls: is missing: text or a list is expected/,
    /iceServers\.1\.url: no such setting: did you mean urls\?/,
    /tls\.keyFile: is missing: text is expected/,
    /swarm\.stripes: .*1/,
    /swarm\.minViewers: at least 0/,
    /swarm\.iceTransportPolicy: "all" or "relay" is expected/,
    /swarm\.peers: no such setting/,
    /pages\.frameAncestors\.1: .*'self'/,
    /logLevel: "silent", .*"debug" or "trace" is expected/,
    /colour: no such setting/,
  ]) {
    assert.match(said, part);
  }
});

test('names that are misspelt, or at the wrong place, are known again', async () => {
  for (const [wrong, meant] of [
    [{ prot: 1 }, 'prot: no such setting: did you mean port?'],
    [{ log_level: 'info' }, 'log_level: no such setting: did you mean logLevel?'],
    [{ maxAgeHours: 1 }, 'maxAgeHours: no such setting: did you mean recordings.maxAgeHours?'],
    [{ channels: [{ name: 'a', rewnd: 1 }] }, 'channels.0.rewnd: no such setting: did you mean rewind?'],
    [{ tls: { certFile: 'a', keyFile: 'b', x: 1 } }, 'tls.x: no such setting: there are certFile, keyFile'],
    [{ access: { view: 'tokn' } }, 'access.view: "open" or "token" is expected: did you mean token?'],
  ] as const) {
    assert.equal(await mistake(() => parseConfig(wrong)), `configuration: ${meant}`);
  }
});

test('a secret at the wrong place, or of the wrong kind, is not repeated', async () => {
  for (const wrong of [
    { publishKeys: 'a secret of mine' },
    { publishKeys: [1_234_567_890_123] },
    { admin: { token: 1_234_567_890_123 } },
    { admin: 'a secret of mine' },
    { access: { view: 'a secret of mine' } },
    { access: { viewKeys: { a: 'a secret of mine' } } },
  ]) {
    assert.doesNotMatch(await mistake(() => parseConfig(wrong)), /secret of mine|1234567890123/);
  }
});

test('entries of channels fit together', async () => {
  const of = (...channels: object[]) => mistake(() => parseConfig({ channels }));
  const source = { url: 'http://camera.example/a.flv' };
  assert.match(await of({ name: 'a' }, { name: 'a' }), /channels\.1\.name: a has an entry already/);
  assert.match(await of({ name: 'camera/*', source }), /channels\.0\.source: a source is for one channel/);
  assert.match(await of({ name: 'a/../b' }), /channels\.0\.name: .*no segment/);
  assert.match(await of({ name: 'recordings/a' }), /channels\.0\.name: .*reserved/);
  assert.match(await of({ name: 'ca*' }), /channels\.0\.name: a channel, all below a name/);
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
  const bad = file(
    '# a comment\nwindow:\n  second: 3\nport: many\nchannels:\n  - name: a\n  - { name: b, recrod: yes }\n',
  );
  assert.equal(
    await mistake(() => loadConfig({ ...right, file: bad })),
    `${bad}: line 3, window.second: no such setting: there are megabytes, totalMegabytes; ` +
      'line 4, port: a number is expected, not "many"; ' +
      'line 7, channels.1.recrod: no such setting: did you mean record?',
  );
  assert.equal(
    await mistake(() => loadConfig({ ...right, environment: { P2P_LIVE_PORT: '80x' } })),
    'environment variable P2P_LIVE_PORT: port: a number is expected, not "80x"',
  );
  assert.match(await mistake(() => loadConfig({ ...right, flags: { port: 'x' } })), /^command line: port: /);
});

test('all mistakes of all sources are named at once, each by itself', async () => {
  const wrong = {
    file: file('prot: 1\n'),
    environment: { P2P_LIVE_PORT: 'x', P2P_LIVE_PROT: '1' },
    flags: { host: '' },
  };
  const error = await loadConfig(wrong).catch((thrown: unknown) => thrown);
  assert.ok(error instanceof ConfigError);
  assert.deepEqual(
    error.mistakes.map(one => one.replace(/.*relay\.yaml/, 'relay.yaml')),
    [
      'relay.yaml: line 1, prot: no such setting: did you mean port?',
      'environment variable P2P_LIVE_PORT: port: a number is expected, not "x"',
      'environment variable P2P_LIVE_PROT: no such setting: did you mean P2P_LIVE_PORT?',
      'command line: host: at least 1 character is expected',
    ],
  );
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
