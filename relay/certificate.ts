// The certificate of HTTPS and WebTransport: from files, or made here for browsers that are told its hash.

import './reflect-metadata.ts'; // before x509
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { BasicConstraintsExtension, SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509';
import type { Bytes } from '../core/bytes.ts';
import { toBase64Url } from '../core/bytes.ts';
import type { Millis } from '../core/time.ts';
import { ConfigError } from './config/config.ts';

const DAY: Millis = 86_400_000;
/** Browsers accept a certificate by its hash only if it lasts at most 14 days (W3C WebTransport, "custom certificate requirements"). */
const LIFE: Millis = 13 * DAY;
/** A made certificate is replaced this long before it ends. */
export const RENEW_BEFORE: Millis = 3 * DAY;

export interface Certificate {
  readonly certPem: string;
  readonly keyPem: string;
  /** Base64url SHA-256 of a certificate made here; absent when it came from files and is trusted by its issuer. */
  readonly hash?: string;
  /** When it ends, Unix milliseconds. */
  readonly endsAt?: Millis;
}

/** Makes a self-signed ECDSA P-256 certificate that is valid from an hour before `now` (Unix milliseconds). */
export async function makeCertificate(now: Millis): Promise<Certificate> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const endsAt = now - DAY / 24 + LIFE;
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=p2p-live relay',
    notBefore: new Date(now - DAY / 24),
    notAfter: new Date(endsAt),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(false),
      new SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
      ]),
    ],
  });
  const hash = await crypto.subtle.digest('SHA-256', certificate.rawData);
  return {
    certPem: certificate.toString('pem'),
    keyPem: toPem('PRIVATE KEY', new Uint8Array(await crypto.subtle.exportKey('pkcs8', keys.privateKey))),
    hash: toBase64Url(new Uint8Array(hash)),
    endsAt,
  };
}

/** Where a certificate (with its chain) and its key are, as PEM. */
export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** Reads PEM files and sees that they belong together. Rejects with `ConfigError`. */
export async function readCertificate({ certFile, keyFile }: TlsFiles): Promise<Certificate> {
  const read = (path: string) =>
    readFile(path, 'utf8').catch((error: unknown) => {
      throw new ConfigError(`tls: ${path} can't be read: ${sentence(error)}`);
    });
  const [certPem, keyPem] = await Promise.all([read(certFile), read(keyFile)]);
  const certificate = parsed(() => new X509Certificate(certPem), `${certFile} is no certificate in PEM`);
  const key = parsed(
    () => createPrivateKey(keyPem),
    `${keyFile} is no key in PEM (one with a passphrase can't be read)`,
  );
  if (!certificate.checkPrivateKey(key))
    throw new ConfigError(`tls: the key in ${keyFile} is not that of the certificate in ${certFile}`);
  return { certPem, keyPem, endsAt: Date.parse(certificate.validTo) };
}

function parsed<Value>(parse: () => Value, fault: string): Value {
  try {
    return parse();
  } catch {
    throw new ConfigError(`tls: ${fault}`); // what the parser says may quote the key
  }
}

const sentence = (error: unknown) => (error instanceof Error ? error.message : String(error));

function toPem(label: string, bytes: Bytes): string {
  const text = btoa(String.fromCharCode(...bytes));
  return `-----BEGIN ${label}-----\n${text.match(/.{1,64}/g)?.join('\n')}\n-----END ${label}-----\n`;
}
