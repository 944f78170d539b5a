// The certificate that the relay makes for WebTransport.

import assert from 'node:assert/strict';
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { it } from 'node:test';
import { fromBase64Url } from '../../../core/bytes.ts';
import { makeCertificate, readCertificate } from '../../../relay/certificate.ts';

const DAY = 86_400_000;

it('makes what browsers accept by hash: ECDSA P-256, at most 14 days', async () => {
  const now = Date.now();
  const made = await makeCertificate(now);
  const certificate = new X509Certificate(made.certPem);
  const life = Date.parse(certificate.validTo) - Date.parse(certificate.validFrom);
  assert.ok(life <= 14 * DAY && life > 10 * DAY);
  assert.ok(Date.parse(certificate.validFrom) < now);
  assert.equal(certificate.publicKey.asymmetricKeyType, 'ec');
  assert.equal(certificate.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1');
  assert.ok(certificate.checkPrivateKey(createPrivateKey(made.keyPem)));
  assert.ok(certificate.verify(certificate.publicKey));
  const hash = createHash('sha256').update(certificate.raw).digest();
  assert.deepEqual(Buffer.from(fromBase64Url(made.hash ?? '')), hash);
  assert.ok(Math.abs((made.endsAt ?? 0) - Date.parse(certificate.validTo)) < 1_000);
});

it('names the file that is missing', async () => {
  await assert.rejects(
    readCertificate({ certFile: '/nowhere/cert.pem', keyFile: '/nowhere/key.pem' }),
    /nowhere\/cert\.pem/,
  );
});
