import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readCommand } from '../../../ingest/command-line.ts';
import { startRelay } from '../../../relay/relay.ts';
import { folder, recording } from './fixtures.ts';

const MAIN = fileURLToPath(new URL('../../../ingest/main.ts', import.meta.url));
const KEY = 'a publish key of the test';

test('wrong command lines: one sentence each', () => {
  const base = ['-', '--relay', 'http://localhost', '--name', 'a'];
  for (const [args, sentence] of [
    [[], /no source given/],
    [['-'], /no relay given/],
    [['-', '--relay', 'http://x'], /no channel given/],
    [[...base, 'more'], /"more" is too many/],
    [['-', '--relay', 'http://x', '--name', 'a/../b'], /no segment "\.\."/],
    [['-', '--relay', 'http://x', '--name', 'x'.repeat(200)], /at most 128 characters, this one has 200/],
    [[...base, '--chunk-ms', '5'], /--chunk-ms is a whole number from 10 to 1000, not "5"/],
    [[...base, '--chunk-bytes', '64k'], /--chunk-bytes is a whole number/],
    [[...base, '--follow', '--loop'], /--follow excludes/],
    [[...base, '--log-level', 'loud'], /--log-level is one of/],
    [[...base, '--max-upload-kbps', 'none'], /--max-upload-kbps is a whole number from 1/],
    [[...base, '--supervised'], /--supervised: "-" is too many/],
    [[...base, '--bogus'], /--bogus/],
  ] as const) {
    assert.throws(() => readCommand(args), sentence);
  }
  assert.equal(readCommand(['--help']), 'help');
  const command = readCommand([...base, '--loop', '--max-bitrate', '2000000']);
  assert.ok(command !== 'help' && command.loop && command.maxBitrate === 2_000_000);
  assert.ok(command.peers && command.maxUploadKbps === undefined);
  const supervised = readCommand(['--supervised', '--relay', 'http://x']);
  assert.ok(supervised !== 'help' && 'supervised' in supervised && supervised.untilInputEnds);
  const alone = readCommand([...base, '--no-peers', '--max-upload-kbps', '5000']);
  assert.ok(alone !== 'help' && !alone.peers && alone.maxUploadKbps === 5_000);
});

interface Run {
  code: number | null;
  stdout: string;
  stderr: string;
}
function run(args: readonly string[], input?: Buffer): Promise<Run> {
  const { P2P_LIVE_KEY: _, ...env } = process.env;
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN, ...args], { env });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', data => {
    stdout += data;
  });
  child.stderr.on('data', data => {
    stderr += data;
  });
  child.stdin.on('error', () => {}); // it may leave without reading
  child.stdin.end(input);
  return new Promise(resolve => child.on('close', code => resolve({ code, stdout, stderr })));
}

const starting = startRelay({
  host: '127.0.0.1',
  port: 0,
  publishKeys: [KEY],
  stateDir: join(folder, 'relay'),
  logLevel: 'silent',
  webTransport: { enabled: false },
});
after(async () => (await starting).close());
const to = async () => ['--relay', (await starting).url, '--state', join(folder, 'keys')];

test('a file that does not exist, a directory, a scheme that is no source: exit 2', async () => {
  const [missing, directory, scheme] = await Promise.all([
    run(['/no/such.flv', ...(await to()), '--name', 'a', '--key', KEY]),
    run([folder, ...(await to()), '--name', 'a', '--key', KEY]),
    run(['gopher://x/', ...(await to()), '--name', 'a', '--key', KEY]),
  ]);
  assert.deepEqual(missing, {
    code: 2,
    stdout: '',
    stderr: "p2p-live-ingest: /no/such.flv can't be read: there is no such file\n",
  });
  assert.equal(directory.stderr, `p2p-live-ingest: ${folder} is a directory: give a file\n`);
  assert.match(scheme.stderr, /gopher:\/\/ is not a source/);
  assert.equal(scheme.code, 2);
});

test('standard input to its end: exit 0, and the channel has ended', async () => {
  const keyFile = join(folder, 'publish.key');
  writeFileSync(keyFile, `${KEY}\n`);
  const flv = readFileSync(recording('main.flv', 2));
  const { code, stderr } = await run(['-', ...(await to()), '--name', 'stdin', '--key-file', keyFile], flv);
  assert.equal(code, 0, stderr);
  const channel = await (await fetch(`${(await starting).url}/channels/stdin`)).json();
  assert.equal(channel.state, 'ended');
  assert.deepEqual(channel.tracks, [{ id: 0, container: 'flv' }]);
});

test('a wrong key: exit 1 with the reason; no relay and --once: exit 1', async () => {
  const [refused, unreachable] = await Promise.all([
    run(['-', ...(await to()), '--name', 'b', '--key', 'wrong', '--log-level', 'silent']),
    run([
      '-',
      '--relay',
      'http://127.0.0.1:1',
      '--state',
      join(folder, 'keys'),
      '--name',
      'c',
      '--key',
      KEY,
      '--once',
      '--log-level',
      'silent',
    ]),
  ]);
  assert.deepEqual(refused, {
    code: 1,
    stdout: '',
    stderr: 'p2p-live-ingest: the relay refused to publish b (not-allowed): wrong publish key\n',
  });
  assert.equal(unreachable.code, 1);
  assert.match(unreachable.stderr, /^p2p-live-ingest: the relay at http:\/\/127\.0\.0\.1:1 can't be reached: .+\n$/);
});

test('--help explains the exit codes', async () => {
  const { code, stdout } = await run(['--help']);
  assert.equal(code, 0);
  assert.match(stdout, /Exit codes/);
});
