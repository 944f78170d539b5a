import assert from 'node:assert/strict';
import test from 'node:test';
import { addressBehind } from '../../../../relay/http/client-address.ts';

const behind = addressBehind(() => PROXIES);
const PROXIES = ['127.0.0.1', '10.0.0.0/8', 'fd00::/8'];

test('X-Forwarded-For counts from proxies of ours only, and only up to whoever they do not vouch for', () => {
  const cases: [peer: string, forwarded: string | undefined, expected: string][] = [
    ['203.0.113.7', undefined, '203.0.113.7'],
    ['203.0.113.7', '198.51.100.1', '203.0.113.7'],
    ['127.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['::ffff:127.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['127.0.0.1', 'made-up, 198.51.100.1, 10.1.2.3', '198.51.100.1'],
    ['127.0.0.1', '1.2.3.4, 198.51.100.1', '198.51.100.1'],
    ['fd00::1', '2001:db8::5', '2001:db8::5'],
    ['127.0.0.1', undefined, '127.0.0.1'],
    ['127.0.0.1', '', '127.0.0.1'],
    ['127.0.0.1', '10.0.0.1', '10.0.0.1'],
    ['unknown', '198.51.100.1', 'unknown'],
    ['fe80::1%eth0', undefined, 'fe80::1'],
  ];
  for (const [peer, forwarded, expected] of cases)
    assert.equal(behind(peer, forwarded), expected, `${peer} ${forwarded}`);
});

test('the proxies are those in force', () => {
  let proxies: readonly string[] = [];
  const changing = addressBehind(() => proxies);
  assert.equal(changing('127.0.0.1', '198.51.100.1'), '127.0.0.1');
  proxies = ['127.0.0.1'];
  assert.equal(changing('127.0.0.1', '198.51.100.1'), '198.51.100.1');
});
