// The relay as operators run it: unpacked into an empty folder, started with an empty environment; drained, left and started again; with certificates
// that change.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { connect } from 'node:tls';
import { WebSocket } from 'ws';
import { webSocketLink } from '../../core/links/web-socket-link.ts';
import { decodeBody } from '../../core/wire/framing.ts';
import { goaway } from '../../core/wire/index.ts';
import { makeCertificate } from '../../relay/certificate.ts';
import { freePort } from '../support/free-port.ts';
import { growingFile, type LiveSource } from '../support/live-source.ts';
import { Program } from '../support/program.ts';
import { until } from '../support/until.ts';
import { Viewer } from '../support/viewer.ts';

const PUBLISH_KEY = 'a key of the operators test';
const BACK_MS = 5_000;
/** Nothing can be found by its name, and there is no home. */
const BARE = ['-i', 'PATH=/nonexistent'];

const folder = mkdtempSync(join(tmpdir(), 'p2p-live-operators-'));
const at = (name: string) => join(folder, name);
let programs: string;
let source: LiveSource;
const started: Program[] = [];

before(() => {
  execFileSync(process.execPath, ['--import', 'tsx', 'build/binary.ts', '--no-build', '--out', at('out')]);
  mkdirSync(at('empty'));
  const [archive = ''] = readdirSync(at('out'));
  execFileSync('tar', ['-xzf', at(`out/${archive}`), '-C', at('empty')]);
  const [unpacked = ''] = readdirSync(at('empty'));
  programs = at(`empty/${unpacked}`);
  source = growingFile('flv');
});
after(async () => {
  await Promise.all([source?.kill(), ...started.map(program => program.stop('SIGKILL'))]);
  rmSync(folder, { recursive: true, force: true });
});

/** Starts a program of the archive; it becomes the process that gets our signals. */
function run(name: 'p2p-live-relay' | 'p2p-live-ingest', args: readonly string[], environment: string[] = []): Program {
  const program = new Program('env', [...BARE, ...environment, join(programs, name), ...args]);
  started.push(program);
  return program;
}

async function startRelay(config: string): Promise<Program> {
  const relay = run('p2p-live-relay', ['--config', config]);
  await relay.says(/p2p-live relay at https?:\/\/localhost:\d+ \(deno, WebTransport/);
  return relay;
}

function configure(name: string, port: number, more: string): string {
  const config = at(name);
  writeFileSync(
    config,
    `port: ${port}\npublishKeys: ['${PUBLISH_KEY}']\nstateDir: ${at('state')}\nlogLevel: info\n${more}`,
  );
  return config;
}

test('from the archive: settings are checked, a stream is taken and played; it drains, and leaves for a moment', async t => {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const wrong = run('p2p-live-relay', ['--config', configure('wrong.yaml', port, 'recordngs: {}\n'), '--check-config']);
  assert.equal(await wrong.ended, 2);
  assert.match(wrong.output, /wrong\.yaml.*recordngs/s);
  const config = configure('relay.yaml', port, '');
  const right = run('p2p-live-relay', ['--config', config, '--check-config']);
  assert.equal(await right.ended, 0, right.output);

  // What is loaded only when it is needed is there as well: WebRTC for the publisher as a peer, RTMP.
  const later = "await import('werift'); await import('node-media-server/src/protocol/rtmp.js'); Deno.exit(0)";
  execFileSync(join(programs, 'lib/deno'), ['eval', '--node-modules-dir=manual', later], {
    cwd: join(programs, 'lib'),
  });

  let relay = await startRelay(config);
  const ingest = ['--relay', url, '--name', 'lecture', '--state', at('ingest')];
  await run('p2p-live-ingest', [source.source, ...ingest], [`P2P_LIVE_KEY=${PUBLISH_KEY}`]).says(/published/);
  const viewer = await Viewer.open(`${url}/embed/lecture?autoplay=1&muted=1`);
  try {
    await viewer.plays(50);
    const health = async () => {
      const response = await fetch(`${url}/health`);
      return [response.status, (await response.json()).status].join(' ');
    };
    assert.equal(await health(), '200 ok');
    relay.child.kill('SIGUSR2');
    await until(async () => (await health()) === '503 draining', 'it drains');
    assert.ok((await sentAway(`ws://localhost:${port}/p2p-live`)) >= 1_500);
    await viewer.plays(25);
    await until(() => /"draining: nobody new is taken"/.test(relay.output), 'the log says so');
    await new Promise(resolve => setTimeout(resolve, 500)); // a signal that follows at once is taken for the same one
    relay.child.kill('SIGUSR2');
    await until(async () => (await health()) === '200 ok', 'it no longer drains');

    const asked = performance.now();
    assert.equal(await relay.stop('SIGTERM'), 0);
    relay = await startRelay(config);
    const back = performance.now();
    const sight = await viewer.plays(25);
    t.diagnostic(
      `away for ${Math.round(back - asked)} ms; a second of picture more after ${Math.round(performance.now() - back)} ms; ${sight.stats.stalls} stalls`,
    );
    await until(async () => (await (await fetch(`${url}/channels/lecture/stats`)).json()).viewers === 1, 'it is back');
    const after = performance.now() - back;
    assert.ok(after < BACK_MS + 1_000, `${after} ms after the relay was back, a second of it picture`);
    assert.deepEqual(
      viewer.tab.complaints.filter(
        complaint => !/ERR_CONNECTION_REFUSED|WebSocket|WebTransport|ERR_QUIC/.test(complaint),
      ),
      [],
    );
  } finally {
    await viewer.close();
    await relay.stop();
  }
});

test('HTTPS: certificate files change: whoever connects gets the new one, who watches goes on', async t => {
  const files = { certFile: at('cert.pem'), keyFile: at('key.pem') };
  const first = await writeCertificate(files);
  const port = await freePort();
  const url = `https://localhost:${port}`;
  const relay = await startRelay(configure('tls.yaml', port, `tls: ${JSON.stringify(files)}\n`));
  assert.equal(await shownBy(port), first);
  // The key is on disk only for its owner; what signed it nobody knows.
  const trusting = { env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } };
  const options = ['--relay', url, '--name', 'lecture', '--key', PUBLISH_KEY, '--state', at('ingest')];
  const ingest = new Program(
    process.execPath,
    ['--import', 'tsx', 'ingest/main.ts', source.source, ...options],
    trusting,
  );
  started.push(ingest);
  await ingest.says(/published/);
  const viewer = await Viewer.open(`${url}/embed/lecture?autoplay=1&muted=1`, ['--ignore-certificate-errors']);
  try {
    const before = await viewer.plays(50);
    writeFileSync(files.keyFile, 'half a ke');
    relay.child.kill('SIGHUP');
    await relay.says(/is no key in PEM.*stays as it was/s);
    assert.equal(await shownBy(port), first);

    const second = await writeCertificate(files);
    await until(
      // Whoever connects in the very moment in which one listener follows the other on Deno is reset, and comes again.
      async () => (await shownBy(port).catch(() => undefined)) === second,
      'the new certificate is shown, though nobody says that it is there',
      15_000,
    );
    const sight = await viewer.plays(75);
    t.diagnostic(
      `over ${before.stats.transport}: ${Number(sight.stats.stalls) - Number(before.stats.stalls)} stalls when the certificate changed`,
    );
    assert.equal(sight.stats.stalls, before.stats.stalls);
    await until(async () => (await viewer.look()).stats.transport !== null, 'it has a link again');
  } finally {
    await viewer.close();
  }
});

/** Comes new, and is told to come back after so many milliseconds. */
async function sentAway(address: string): Promise<number> {
  const link = webSocketLink(new WebSocket(address));
  let retry: number | undefined;
  link.receive = (type, body) => {
    if (type === goaway.type) retry = decodeBody(goaway, body).retryAfterMs;
  };
  await link.closed;
  assert.ok(retry !== undefined, 'whoever comes new is told to come back later');
  return retry;
}

/** Makes another certificate and its key; returns its serial number. */
async function writeCertificate({ certFile, keyFile }: { certFile: string; keyFile: string }): Promise<string> {
  const { certPem, keyPem } = await makeCertificate(Date.now());
  writeFileSync(certFile, certPem);
  writeFileSync(keyFile, keyPem);
  return new X509Certificate(certPem).serialNumber;
}

/** The serial number of the certificate that a new connection is shown. */
function shownBy(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerX509Certificate()!.serialNumber); // a server has one
      socket.destroy();
    });
    socket.on('error', reject);
  });
}
