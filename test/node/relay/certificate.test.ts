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

test('from files: as they are, without a hash, and with their end; whatever is wrong with them is named', async () => {
  const folder = temporaryDirectory();
  const at = (name: string) => join(folder, name);
  const [made, other] = await Promise.all([makeCertificate(NOW), makeCertificate(NOW)]);
  writeFileSync(at('cert.pem'), made.certPem);
  writeFileSync(at('key.pem'), made.keyPem);
  writeFileSync(at('other.pem'), other.keyPem);
  writeFileSync(at('text.pem'), 'no PEM');
  const read = (certFile: string, keyFile: string) => readCertificate({ certFile: at(certFile), keyFile: at(keyFile) });
  const { certPem, keyPem, endsAt } = made;
  assert.deepEqual(await read('cert.pem', 'key.pem'), { certPem, keyPem, endsAt });
  const faults: [string, string, RegExp][] = [
    ['cert.pem', 'none.pem', /^tls: .*none\.pem can't be read: ENOENT/],
    ['text.pem', 'key.pem', /^tls: .*text\.pem is no certificate in PEM$/],
    ['cert.pem', 'text.pem', /^tls: .*text\.pem is no key in PEM/],
    ['cert.pem', 'other.pem', /^tls: the key in .*other\.pem is not that of the certificate in .*cert\.pem$/],
  ];
  for (const [certFile, keyFile, fault] of faults) {
    await assert.rejects(read(certFile, keyFile), (error: unknown) => {
      assert.ok(error instanceof ConfigError);
      assert.match(error.message, fault);
      return true;
    });
  }
});
