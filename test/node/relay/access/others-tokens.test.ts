// Tokens that others have signed: by keys in files, and by an issuer's key set over HTTP.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import test, { after } from 'node:test';
import {
  exportJWK,
  exportPKCS8,
  exportSPKI,
  type GenerateKeyPairResult,
  generateKeyPair,
  type JWK,
  SignJWT,
} from 'jose';
import { AccessControl } from '../../../../relay/access/access-control.ts';
import { PUBLIC_KEY_ALGORITHMS } from '../../../../relay/config/access-section.ts';
import { parseConfig, type RelayConfigInput } from '../../../../relay/config/config.ts';
import { LiveConfig } from '../../../../relay/config/live-config.ts';
import { createLog } from '../../../../relay/log.ts';
import { until } from '../../../support/until.ts';
import { temporaryDirectory } from '../fixtures.ts';

type Jwt = NonNullable<RelayConfigInput['access']>['jwt'];
type Signs = Parameters<SignJWT['sign']>[0];

const directory = temporaryDirectory();
const PUBLISH_KEY = 'the relay’s own publish key';

function file(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

function token(alg: string, key: Signs, claims: Record<string, unknown> = {}, kid?: string): Promise<string> {
  const all = { channels: ['lecture'], actions: ['view'], exp: Date.now() / 1_000 + 60, ...claims };
  return new SignJWT(all).setProtectedHeader({ alg, ...(kid !== undefined && { kid }) }).sign(key);
}

async function access(jwt: Jwt) {
  let now = 0;
  const live = new LiveConfig(parseConfig({ access: { view: 'token', jwt } }));
  const control = await AccessControl.open({
    ...{ live, publishKeys: () => [PUBLISH_KEY], viewersOf: () => 0, log: createLog('silent') },
    ...{ clock: Date.now, steady: () => now },
  });
  return {
    live,
    pass: (ms: number) => (now += ms),
    view: (jwt: string, channel = 'lecture') => control.mayView(channel, { token: jwt, address: '192.0.2.1' }),
    async reason(jwt: string): Promise<string> {
      const answer = await control.mayView('lecture', { token: jwt, address: '192.0.2.1' });
      assert.ok(!answer.ok, 'refused');
      assert.ok(!answer.reason.includes(jwt), 'the token is not told');
      return answer.reason;
    },
  };
}

for (const algorithm of PUBLIC_KEY_ALGORITHMS) {
  test(`${algorithm}: by a public key in PEM or as a JSON Web Key, and by no other key`, async () => {
    const [pair, other]: GenerateKeyPairResult[] = await Promise.all([
      generateKeyPair(algorithm, { extractable: true }),
      generateKeyPair(algorithm, { extractable: true }),
    ]);
    assert.ok(pair && other);
    const pem = file(`${algorithm}.pem`, await exportSPKI(pair.publicKey));
    const jwk = file(`${algorithm}.json`, JSON.stringify(await exportJWK(pair.privateKey))); // its public part is taken
    for (const publicKeyFile of [pem, jwk]) {
      const { view, reason } = await access({ keys: [{ algorithm, publicKeyFile }] });
      assert.ok((await view(await token(algorithm, pair.privateKey))).ok, publicKeyFile);
      assert.match(
        await reason(await token(algorithm, other.privateKey)),
        /not signed with a key that this relay knows/,
      );
    }
    // The public key is no secret, whoever takes it for one.
    const { reason } = await access({ keys: [{ algorithm, publicKeyFile: pem }] });
    const confused = await token('HS256', new TextEncoder().encode(await exportSPKI(pair.publicKey)));
    assert.match(await reason(confused), /not signed with a key that this relay knows/);
  });
}

test('by a secret, in the configuration or in a file, for its own algorithm; the relay’s own tokens stay good', async () => {
  const secret = 'a secret of 64 bytes and more, so that it is good for all three of them.';
  const secretFile = file('secret', `${secret}\n`);
  for (const algorithm of ['HS256', 'HS384', 'HS512'] as const) {
    for (const key of [{ secret }, { secretFile }]) {
      const { view, reason } = await access({ keys: [{ algorithm, ...key }] });
      assert.ok((await view(await token(algorithm, new TextEncoder().encode(secret)))).ok);
      assert.ok((await view(await token('HS256', new TextEncoder().encode(PUBLISH_KEY)))).ok);
      const wrong = algorithm === 'HS512' ? 'HS384' : 'HS512';
      assert.match(await reason(await token(wrong, new TextEncoder().encode(secret))), /not signed with HS256/);
    }
  }
});

test('issuer and audience must be those that are asked for; who only watches may be called anything', async () => {
  const secret = 'another secret that has 32 bytes and more';
  const { view, reason } = await access({
    keys: [{ algorithm: 'HS256', secret, issuer: 'https://login.example', audience: 'streams' }],
  });
  const sign = (claims: Record<string, unknown>) => token('HS256', new TextEncoder().encode(secret), claims);
  const right = { iss: 'https://login.example', aud: ['streams'], sub: 'auth0|123 456' };
  assert.ok((await view(await sign(right))).ok);
  assert.match(await reason(await sign({ ...right, iss: 'https://evil.example' })), /claim iss is wrong/);
  assert.match(await reason(await sign({ ...right, aud: 'mail' })), /claim aud is wrong/);
  assert.match(await reason(await sign({ ...right, exp: Date.now() / 1_000 - 1 })), /has expired/);
});

test('mistakes with keys are told with their place and without the secret', async () => {
  const open = (jwt: Jwt) => access(jwt);
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const cases: [NonNullable<NonNullable<Jwt>['keys']>, RegExp][] = [
    [[{ algorithm: 'HS256', secret: 'too short' }], /keys\.0\.secret: a secret for HS256 has at least 32 bytes/],
    [[{ algorithm: 'HS256', secretFile: file('short', 'short') }], /keys\.0\.secretFile: .*at least 32 bytes/],
    [[{ algorithm: 'ES256', secret: 'x'.repeat(40) }], /keys\.0: ES256 takes publicKeyFile/],
    [[{ algorithm: 'HS256', publicKeyFile: 'x' }], /keys\.0: HS256 takes secret or secretFile/],
    [[{ algorithm: 'RS256', publicKeyFile: join(directory, 'none') }], /publicKeyFile: .*can't be read \(ENOENT\)/],
    [[{ algorithm: 'RS256', publicKeyFile: file('text', 'hello') }], /is no public key for RS256/],
    [[{ algorithm: 'ES256', publicKeyFile: file('private.pem', await exportPKCS8(privateKey)) }], /is a private key/],
  ];
  for (const [keys, expected] of cases) {
    await assert.rejects(open({ keys }), error => {
      assert.ok(error instanceof Error && error.name === 'ConfigError');
      assert.match(error.message, expected);
      assert.ok(!/too short|xxxx/.test(error.message), 'no secret');
      return true;
    });
  }
});

/** An issuer's key set, which can be taken away. */
async function issuer() {
  const served = { keys: [] as JWK[], status: 200, asked: 0 };
  const server = createServer((_request, response) => {
    served.asked++;
    response.writeHead(served.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ keys: served.keys }));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  after(() => server.close());
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return { served, url: `http://127.0.0.1:${port}/keys` };
}

async function signing(kid: string) {
  const pair = await generateKeyPair('ES256', { extractable: true });
  return { kid, jwk: { ...(await exportJWK(pair.publicKey)), kid, alg: 'ES256' }, sign: pair.privateKey };
}

test('a key set is fetched once for all who come, and again for a key that it lacks', async () => {
  const { served, url } = await issuer();
  const [first, second] = [await signing('one'), await signing('two')];
  served.keys = [first.jwk];
  const { view, reason } = await access({ jwksUrl: url, jwksCooldownSeconds: 1 });
  const good = await token('ES256', first.sign, {}, 'one');
  const answers = await Promise.all([view(good), view(good), view(good)]);
  assert.ok(answers.every(({ ok }) => ok));
  assert.equal(served.asked, 1);
  const rotated = await token('ES256', second.sign, {}, 'two');
  assert.match(await reason(rotated), /not signed with a key that this relay knows/);
  assert.equal(served.asked, 1, 'not asked again at once, whatever comes');
  served.keys = [second.jwk];
  await until(async () => (await view(rotated)).ok, 'the new key is found');
  assert.match(await reason(good), /not signed with a key/);
  assert.match(await reason(await token('HS384', new Uint8Array(64), {}, 'two')), /not signed with/);
});

test('while the key set is out of reach newcomers are told to try again, and it is not asked in vain by each', async () => {
  const { served, url } = await issuer();
  const one = await signing('one');
  served.keys = [one.jwk];
  served.status = 503;
  const { view, pass } = await access({ jwksUrl: url });
  const good = await token('ES256', one.sign, {}, 'one');
  for (let i = 0; i < 3; i++) {
    const answer = await view(good);
    assert.ok(!answer.ok);
    assert.equal(answer.code, 'unavailable');
    assert.match(answer.reason, /can not be checked now, as their issuer is out of reach/);
  }
  assert.equal(served.asked, 1);
  assert.ok((await view(await token('HS256', new TextEncoder().encode(PUBLISH_KEY)))).ok, 'our own need no issuer');
  served.status = 200;
  pass(5_000);
  assert.ok((await view(good)).ok);
});

test('another configuration brings other keys; with a mistake in it those before stay', async () => {
  const [one, two] = ['the first secret, of 32 bytes and more', 'the second secret, of 32 bytes and more'];
  const sign = (secret: string) => token('HS256', new TextEncoder().encode(secret));
  const { live, view } = await access({ keys: [{ algorithm: 'HS256', secret: one }] });
  const use = (jwt: Jwt) => live.replace({ config: parseConfig({ access: { view: 'token', jwt } }) });
  use({ keys: [{ algorithm: 'HS256', secretFile: join(directory, 'none') }] });
  assert.ok((await view(await sign(one))).ok);
  use({ keys: [{ algorithm: 'HS256', secret: two }] });
  await until(async () => (await view(await sign(two))).ok, 'the second secret is good');
  assert.ok(!(await view(await sign(one))).ok);
});
