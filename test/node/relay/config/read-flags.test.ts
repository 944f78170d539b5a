import assert from 'node:assert/strict';
import test from 'node:test';
import { ConfigError, parseConfig } from '../../../../relay/config/config.ts';
import { HELP, readFlags } from '../../../../relay/config/read-flags.ts';

const settings = (...args: string[]) => readFlags(args).settings;

test('nothing given: nothing is set', () => {
  assert.deepEqual(readFlags([]), {
    ...{ help: false, runtime: 'auto', config: undefined, isCheck: false, settings: {} },
  });
});

test('the swarm: stripes, the least number of viewers, none at all', () => {
  assert.deepEqual(settings('--stripes', '6', '--min-viewers', '20'), { swarm: { stripes: 6, minViewers: 20 } });
  assert.deepEqual(settings('--stripes', 'auto', '--no-swarm'), { swarm: { stripes: 'auto', enabled: false } });
  assert.throws(() => parseConfig(settings('--stripes', '17')), /swarm\.stripes: .*16/);
  assert.throws(() => parseConfig(settings('--stripes', 'many')), /swarm\.stripes: a number from 1 to 16, or 'auto'/);
  assert.throws(() => parseConfig(settings('--min-viewers', '-1')), ConfigError);
});

test('ICE servers, one a flag; a credential may contain commas', () => {
  const { iceServers } = parseConfig(
    settings('--ice', 'stun:stun.example:3478', '--ice', 'turns:turn.example?transport=tcp,alice,a,b=c'),
  );
  assert.deepEqual(iceServers, [
    { urls: 'stun:stun.example:3478' },
    { urls: 'turns:turn.example?transport=tcp', username: 'alice', credential: 'a,b=c' },
  ]);
});

test('what is no ICE server is refused with what is expected', () => {
  for (const text of ['', 'stun.example', 'http://stun.example', 'stun:', 'stun:a b', 'turn:']) {
    assert.throws(() => settings('--ice', text), /stun:HOST\[:PORT\] or turn:HOST/, text);
  }
  for (const text of ['turn:a', 'turn:a,user', 'turn:a,user,', 'turn:a,,secret']) {
    assert.throws(() => settings('--ice', text), ConfigError, text);
  }
  assert.throws(() => settings('--ice', 'turn:a'), /turn:a,USER,CREDENTIAL/);
});

test('no credential is repeated in a message', () => {
  assert.throws(
    () => settings('--ice', 'trun:a,user,secret'),
    (error: Error) => !error.message.includes('secret') && error.message.includes('trun:a'),
  );
});

test('every flag is in the help', () => {
  for (const flag of [
    'config',
    'check-config',
    'host',
    'port',
    'ice',
    'stripes',
    'min-viewers',
    'no-swarm',
    'runtime',
    'log-level',
  ]) {
    assert.ok(HELP.includes(`--${flag} `), flag);
  }
});

test('a flag that is misspelt is known again', () => {
  assert.throws(() => settings('--prot', '1'), /Unknown option '--prot': did you mean --port\? \(see --help\)$/);
  assert.throws(() => settings('--chek-config'), /did you mean --check-config\?/);
  assert.throws(() => settings('--frobnicate'), /Unknown option '--frobnicate' \(see --help\)$/);
});
