import assert from 'node:assert/strict';
import test from 'node:test';
import { networkOf } from '../../../../relay/swarm/network-of.ts';

const CASES = [
  ['192.168.7.12', '192.168.7'],
  ['::ffff:192.168.7.12', '192.168.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1'],
  ['2001:0DB8:0001::1', '2001:db8:1'],
  ['2001:db8::1', '2001:db8:0'],
  ['fe80::1%eth0', 'fe80:0:0'],
  ['::1', '0:0:0'],
  ['::', '0:0:0'],
  ['memory', 'memory'],
  ['', ''],
] as const;

for (const [address, network] of CASES) {
  test(`${address || 'nothing'} is of ${network || 'nothing'}`, () => assert.equal(networkOf(address), network));
}
