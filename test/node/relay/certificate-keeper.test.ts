// Certificates that change while the relay runs: files are read anew, and what is wrong with them changes nothing.

import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { connect } from 'node:tls';
import { makeCertificate, RENEW_BEFORE } from '../../../relay/certificate.ts';
import { CertificateKeeper } from '../../../relay/certificate-keeper.ts';
import { createLog, type Log } from '../../../relay/log.ts';
import { temporaryDirectory, testRelay } from './fixtures.ts';

const DAY = 86_400_000;
const folder = temporaryDirectory();
const files = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') };

async function write(now: number): Promise<string> {
  const { certPem, keyPem } = await makeCertificate(now);
  writeFileSync(files.certFile, certPem);
  writeFileSync(files.keyFile, keyPem);
  return new X509Certificate(certPem).serialNumber;
}

/** The serial number of the certificate that a new connection is shown. */
const shown = (port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerX509Certificate()!.serialNumber); // a server has one
      socket.destroy();
    });
    socket.on('error', reject);
  });

/** Notes what is said of warnings and errors. */
function listeningLog(said: string[]): Log {
  const log = createLog('silent');
  log.warn = (...words: unknown[]) => void said.push(JSON.stringify(words));
  log.error = (...words: unknown[]) => void said.push(JSON.stringify(words));
  return log;
}

test('HTTPS: connections get the new certificate; one that does not fit its key is told of once and changes nothing', async () => {
  const first = await write(Date.now());
  const relay = await testRelay({ tls: files });
  assert.equal(relay.url, `https://127.0.0.1:${relay.port}`);
  assert.equal(await shown(relay.port), first);

  const { keyPem } = await makeCertificate(Date.now());
  writeFileSync(files.keyFile, keyPem);
  await relay.reloadCertificate();
  assert.equal(await shown(relay.port), first);

  const second = await write(Date.now());
  await relay.reloadCertificate();
  assert.notEqual(second, first);
  assert.equal(await shown(relay.port), second);
});

test('a fault is told once, the next one again; a certificate that ends soon is told of once a day', async () => {
  let now = Date.now();
  await write(now);
  const said: string[] = [];
  const renewed: string[] = [];
  const keeper = await CertificateKeeper.open({ files: () => files, log: listeningLog(said), clock: () => now });
  keeper.serve({
    http: { renew: async ({ certPem }) => void renewed.push(certPem) },
    webTransport: undefined,
  });
  await keeper.check();
  assert.deepEqual([said, renewed], [[], []]);
  writeFileSync(files.certFile, 'half of a certif');
  await keeper.check();
  await keeper.check();
  assert.equal(said.length, 1);
  assert.match(said[0]!, /cert\.pem is no certificate in PEM.*stays as it was/);
  await write(now);
  await Promise.all([keeper.check(), keeper.check()]);
  assert.equal(renewed.length, 1);
  assert.equal(said.length, 1);

  now += 8 * DAY;
  await keeper.check();
  await keeper.check();
  assert.equal(said.length, 2);
  assert.match(said[1]!, /ends soon/);
  now += 5 * DAY;
  await keeper.check();
  assert.equal(said.length, 3);
  assert.match(said[2]!, /has ended/);
});

test('a certificate made here is made anew before it ends, and browsers are told its hash', async () => {
  let now = Date.now();
  const renewed: (string | undefined)[] = [];
  const keeper = await CertificateKeeper.open({ files: () => undefined, log: createLog('silent'), clock: () => now });
  assert.deepEqual(keeper.hashes, []);
  const { hash, endsAt } = await keeper.forWebTransport();
  assert.deepEqual(keeper.hashes, [{ algorithm: 'sha-256', value: hash }]);
  keeper.serve({
    http: { renew: () => Promise.reject(new Error('it has none')) },
    webTransport: { renew: ({ hash }) => void renewed.push(hash) },
  });
  await keeper.check();
  assert.deepEqual(renewed, []);
  now = endsAt! - RENEW_BEFORE; // a made one has an end
  await keeper.check();
  assert.equal(renewed.length, 1);
  assert.notEqual(renewed[0], hash);
  assert.deepEqual(keeper.hashes, [{ algorithm: 'sha-256', value: renewed[0] }]);
});
