// Encoders taken by configuration: the ingest program as the relay's child, on both runtimes.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseConfig } from '../../../relay/config/config.ts';
import { readFlags } from '../../../relay/config/read-flags.ts';
import { listenAddresses } from '../../../relay/ingest-child.ts';
import { findDeno } from '../../../relay/run-under-deno.ts';
import { freePort } from '../../support/free-port.ts';
import { Program } from '../../support/program.ts';
import { publishRtmp } from '../../support/rtmp-publisher.ts';
import { until } from '../../support/until.ts';
import { temporaryDirectory } from './fixtures.ts';

const MAIN = fileURLToPath(new URL('../../../relay/main.ts', import.meta.url));
const KEY = 'a key of the relay';
const OWN_KEY = 'a key of some channels';
const folder = temporaryDirectory();

function start(runtime: string, rtmpPort: number): Program {
  const flags = ['--host', '127.0.0.1', '--port', '0', '--rtmp-port', `${rtmpPort}`, '--runtime', runtime];
  const env = {
    ...{ P2P_LIVE_PUBLISH_KEY: KEY, P2P_LIVE_STATE_DIR: join(folder, runtime) },
    P2P_LIVE_CHANNELS: JSON.stringify([{ name: 'own/*', publishKeys: [OWN_KEY] }]),
  };
  const deno = findDeno(import.meta.url);
  assert.ok(deno, 'the npm package deno is not installed');
  const command = runtime === 'deno' ? deno : process.execPath;
  const how = runtime === 'deno' ? ['run', '-A', '--unstable-net', '--no-prompt'] : ['--import', 'tsx'];
  const relay = new Program(command, [...how, MAIN, ...flags], { env });
  after(() => relay.stop('SIGKILL'));
  return relay;
}

/** The processes that listen for encoders at a port, with their command lines. */
function listeners(port: number): { pid: number; line: string }[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(name => {
      try {
        return [{ pid: Number(name), line: readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ') }];
      } catch {
        return []; // it has just ended
      }
    })
    .filter(({ line }) => line.includes(`--listen rtmp://127.0.0.1:${port} `));
}

test('where encoders are listened for: as configured, and on the relay’s own address', () => {
  const addresses = (ingest: object, host: string) => listenAddresses(parseConfig({ ingest }).ingest, host);
  assert.deepEqual(addresses({}, '0.0.0.0'), []);
  assert.deepEqual(addresses({ rtmpPort: 1935 }, '0.0.0.0'), ['rtmp://0.0.0.0:1935']);
  assert.deepEqual(addresses({ listen: ['rtmp://192.0.2.1/in'], rtmpPort: 0 }, '::'), [
    'rtmp://192.0.2.1/in',
    'rtmp://[::]:0',
  ]);
  assert.deepEqual(readFlags(['--rtmp-port', '1935']).settings, { ingest: { rtmpPort: 1_935 } });
  assert.throws(() => parseConfig({ ingest: { listen: ['srt://a'] } }), /ingest\.listen\.0: rtmp:\/\/address/);
  assert.throws(() => parseConfig({ ingest: { rtmpPort: 'any' } }), /ingest\.rtmpPort/);
});

for (const [runtime, signal] of [
  ['node', 'SIGTERM'],
  ['deno', 'SIGKILL'],
] as const) {
  test(`${runtime}: the child takes encoders, is started again when it dies, and ends with the relay (${signal})`, async context => {
    if (!existsSync('/proc/self/cmdline')) return context.skip('no /proc: processes are not to be seen');
    const port = await freePort();
    const relay = start(runtime, port);
    const [, server = ''] = await relay.says(/encoders push to (rtmp:\S+)\/<channel>/);
    assert.equal(server, `rtmp://127.0.0.1:${port}/live`);
    const [child] = listeners(port);
    assert.ok(child);
    assert.ok(!child.line.includes(KEY), 'the key is in the command line, where anybody can read it');
    const publisher = await publishRtmp(server, `a?key=${KEY}`);
    await relay.says(/"from":"ingest"[^\n]*an encoder publishes/);
    process.kill(child.pid, 'SIGKILL');
    await publisher.closed;
    await relay.says(
      /the ingest program ended \(SIGKILL\): encoders can't push, and no source is pulled, until it runs again/,
    );
    await relay.says(/the ingest program runs again/);
    assert.notEqual(listeners(port)[0]?.pid, child.pid);
    (await publishRtmp(server, `a?key=${KEY}`)).disconnect();
    (await publishRtmp(server, `own/a?key=${OWN_KEY}`)).disconnect();
    await assert.rejects(publishRtmp(server, `own/b?key=${KEY}`), /wrong key/);
    await relay.stop(signal);
    await until(() => listeners(port).length === 0, 'the child ends');
    assert.ok(!relay.output.includes(KEY));
  });
}

test('a port that is taken is told in a sentence', async () => {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const relay = start('node', typeof address === 'object' && address ? address.port : 0);
  assert.equal(await relay.ended, 1);
  assert.match(
    relay.output,
    /p2p-live-relay: ingest: encoders can't be listened for at rtmp:[^\n]*: the port is taken\n$/,
  );
  server.close();
});
