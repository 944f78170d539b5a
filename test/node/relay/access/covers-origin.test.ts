import assert from 'node:assert/strict';
import test from 'node:test';
import { coversOrigin } from '../../../../relay/access/covers-origin.ts';
import { foreignOrigin } from '../../../../relay/http/foreign-origin.ts';

test('an origin is itself only, with scheme and port; a star is one name or more in front', () => {
  const yes: [string, string][] = [
    ['*', 'null'],
    ['https://a.example', 'https://a.example'],
    ['https://A.example', 'https://a.EXAMPLE'],
    ['https://*.a.example', 'https://x.a.example'],
    ['https://*.a.example', 'https://x.y.a.example'],
    ['http://*.a.example:8080', 'http://x.a.example:8080'],
  ];
  const no: [string, string][] = [
    ['https://a.example', 'null'],
    ['https://a.example', 'http://a.example'],
    ['https://a.example', 'https://a.example:8443'],
    ['https://a.example', 'https://a.example.evil.example'],
    ['https://*.a.example', 'https://a.example'],
    ['https://*.a.example', 'https://.a.example'],
    ['https://*.a.example', 'https://evila.example'],
    ['https://*.a.example', 'http://x.a.example'],
    ['https://*.a.example', 'https://x.a.example:8443'],
    ['https://*.a.example', 'https://x.a.example.evil.example'],
  ];
  for (const [one, origin] of yes) assert.ok(coversOrigin(['https://other.example', one], origin), `${one} ${origin}`);
  for (const [one, origin] of no) assert.ok(!coversOrigin(['https://other.example', one], origin), `${one} ${origin}`);
});

test('a page of the relay itself is nobody else, whichever scheme a proxy has made of it', () => {
  assert.equal(foreignOrigin('https://relay.example', 'relay.example'), undefined);
  assert.equal(foreignOrigin('http://localhost:4080', 'LOCALHOST:4080'), undefined);
  assert.equal(foreignOrigin('http://localhost:4081', 'localhost:4080'), 'http://localhost:4081');
  assert.equal(foreignOrigin('null', 'null'), undefined);
  assert.equal(foreignOrigin('null', 'localhost'), 'null');
  assert.equal(foreignOrigin(undefined, 'localhost'), undefined);
});
