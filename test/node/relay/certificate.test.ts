import assert from 'node:assert/strict';
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { makeCertificate, RENEW_BEFORE, readCertificate } from '../../../relay/certificate.ts';
import { ConfigError } from '../../../relay/config/config.ts';
import { temporaryDirectory } from './fixtures.ts';

const NOW = Date.UTC(2026, 10, 21);
const DAY = 86_400_000;

test('a made certificate is what browsers accept by its hash', async () => {
  const made = await makeCertificate(NOW);
  const certificate = new X509Certificate(made.certPem);
  const from = Date.parse(certificate.validFrom);
  const to = Date.parse(certificate.validTo);
  assert.ok(to - from <= 14 * DAY, 'at most 14 days');
  assert.ok(from < NOW && from > NOW - DAY, 'clocks may differ a little');
  assert.equal(to, made.endsAt);
  assert.ok(to - NOW > 2 * RENEW_BEFORE);
  assert.deepEqual(certificate.publicKey.asymmetricKeyDetails, { namedCurve: 'prime256v1' });
  assert.equal(made.hash, createHash('sha256').update(certificate.raw).digest('base64url'));
  assert.ok(certificate.checkPrivateKey(createPrivateKey(made.keyPem)));
  assert.ok(certificate.verify(certificate.publicKey), 'signed by itself');
  assert.ok(certificate.checkHost('localhost') && certificate.checkIP('127.0.0.1'));
});

test('each one is new', async () => {
  const [a, b] = await Promise.all([makeCertificate(NOW), makeCertificate(NOW)]);
  assert.notEqual(a.hash, b.hash);
});

test('from files: as they are, without a hash; a file that is missing is named', async () => {
  const folder = temporaryDirectory();
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  writeFileSync(certFile, 'the certificate');
  writeFileSync(keyFile, 'the key');
  assert.deepEqual(await readCertificate({ certFile, keyFile }), { certPem: 'the certificate', keyPem: 'the key' });
  await assert.rejects(readCertificate({ certFile, keyFile: join(folder, 'none.pem') }), (error: unknown) => {
    return error instanceof ConfigError && /^tls: .*none\.pem can't be read/.test(error.message);
  });
});
