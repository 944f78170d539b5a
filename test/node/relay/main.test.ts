// The command p2p-live-relay: its flags, its one-sentence refusals, and its leaving.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { until } from './clients.ts';

const MAIN = fileURLToPath(new URL('../../../relay/main.ts', import.meta.url));
let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'p2p-live-main-'));
});
after(() => rm(folder, { recursive: true }));

function start(...args: string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN, ...args], {
    env: { ...process.env, P2P_LIVE_STATE_DIR: folder },
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', data => (said.out += data));
  child.stderr.on('data', data => (said.err += data));
  // At its `exit` what it said may still be on the way.
  const exited: Promise<number | null> = once(child, 'close').then(([code]) => code);
  return { child, said, exited };
}

/** Runs to the end, which must be a refusal in one sentence. */
async function refusalOf(...args: string[]): Promise<string> {
  const { said, exited } = start(...args);
  assert.equal(await exited, 1);
  assert.match(said.err, /^p2p-live-relay: [^\n]+\n$/);
  return said.err;
}

describe('p2p-live-relay', () => {
  it('tells how it is used', async () => {
    const { said, exited } = start('--help');
    assert.equal(await exited, 0);
    assert.match(said.out, /--config FILE/);
  });

  it('refuses what it does not understand, by name and place', async () => {
    const file = join(folder, 'bad.yaml');
    await writeFile(file, 'prot: 1\nwindow:\n  megabytes: -1\n');
    const broken = join(folder, 'broken.yaml');
    await writeFile(broken, 'a: [1\n');
    const cases: [string[], RegExp][] = [
      [['--prot', '1'], /--prot/],
      [['--port', 'abc'], /port: a number is expected/],
      [['--port', '70000'], /port: .*65535/],
      [['--runtime', 'bun'], /auto, deno or node/],
      [['--config', file], /bad\.yaml: line 1, prot: .*port\?; line 3, window\.megabytes/],
      [['--config', broken], /broken\.yaml is not YAML/],
      [['--config', join(folder, 'none.yaml')], /can't be read/],
    ];
    for (const [args, expected] of cases) assert.match(await refusalOf(...args), expected);
  });

  it('checks a configuration without starting: 0 when it is right, 2 with a line for each mistake', async () => {
    const file = join(folder, 'checked.yaml');
    await writeFile(file, 'port: 0\nadmin: { token: a token of 16 characters }\n');
    const right = start('--check-config', '--config', file);
    assert.equal(await right.exited, 0, right.said.err);
    assert.deepEqual(right.said, { out: 'the configuration is right\n', err: '' });
    await writeFile(file, 'prot: 1\n\nlogLevel: loud\ntls: { certFile: /no/a.pem, keyFile: /no/b.pem }\n');
    const wrong = start('--check-config', '--config', file);
    assert.equal(await wrong.exited, 2);
    assert.equal(wrong.said.out, '');
    assert.match(wrong.said.err, /^p2p-live-relay: .*: line 1, prot: .*\np2p-live-relay: .*: line 3, logLevel: .*\n$/);
    await writeFile(file, 'tls: { certFile: /no/a.pem, keyFile: /no/b.pem }\n');
    const missing = start('--check-config', '--config', file);
    assert.equal(await missing.exited, 2);
    assert.match(missing.said.err, /tls\.certFile: \/no\/a\.pem can't be read: .*\n.*tls\.keyFile: /);
  });

  for (const runtime of ['node', 'deno']) {
    it(`refuses a port in use (${runtime})`, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      const flags = ['--runtime', runtime, '--host', '127.0.0.1', '--port', `${port}`, '--log-level', 'silent'];
      assert.match(await refusalOf(...flags), /port is in use already/);
      server.close();
    });

    it(`makes and keeps a publish key, and leaves with 0 on SIGTERM (${runtime})`, async () => {
      const flags = ['--runtime', runtime, '--host', '127.0.0.1', '--port', '0', '--log-level', 'info'];
      await rm(join(folder, 'publish-key'), { force: true });
      const { child, said, exited } = start(...flags);
      await until('it started', () => said.out.includes('publish key made'), 15_000);
      const key = (await readFile(join(folder, 'publish-key'), 'utf8')).trim();
      assert.ok(said.out.includes(key));
      assert.ok(!said.err.includes(key), 'the key is in the log');
      assert.equal((await stat(join(folder, 'publish-key'))).mode & 0o777, 0o600);
      assert.ok(!said.err.includes('UDP buffers'), said.err);
      assert.match(said.out, runtime === 'deno' ? /WebTransport on UDP port/ : /p2p-live relay at/);
      const startedAt = Date.now();
      child.kill('SIGTERM');
      assert.equal(await exited, 0);
      assert.ok(Date.now() - startedAt < 4_000);
    });
  }
});
