import assert from 'node:assert/strict';
import test from 'node:test';
import { Admission } from '../../../../ingest/rtmp/admission.ts';
import { anyOf } from '../../../../ingest/rtmp/stream-keys.ts';

function entered(admission: Admission, address: string): () => void {
  const leave = admission.enter(address);
  assert.ok(typeof leave === 'function', `${address}: ${leave}`);
  return leave;
}

test('so many in all, so many from one address; who leaves makes room', () => {
  const admission = new Admission({ connections: 3, connectionsPerAddress: 2 });
  const first = entered(admission, '192.0.2.1');
  entered(admission, '::ffff:192.0.2.1');
  assert.match(String(admission.enter('192.0.2.1')), /2 connections from 192\.0\.2\.1 are there already/);
  entered(admission, '192.0.2.2');
  assert.match(String(admission.enter('192.0.2.3')), /3 connections are there already/);
  first();
  assert.equal(admission.count, 2);
  entered(admission, '192.0.2.1');
});

test('addresses of one IPv6 network count as one', () => {
  const admission = new Admission({ connections: 10, connectionsPerAddress: 1 });
  entered(admission, '2001:db8::1');
  for (const same of ['2001:db8:0:0:ffff::2', '2001:db8::ffff:0:1', '2001:db8:0:0:1:2:3:4'])
    assert.match(String(admission.enter(same)), /1 connections from 2001:db8:0:0::\/64/, same);
  entered(admission, '2001:db8:0:1::1');
  entered(admission, '::1');
  entered(admission, 'fe80::1%eth0');
  assert.equal(typeof admission.enter('fe80::2%eth0'), 'string');
});

test('any of the keys opens, nothing else does', () => {
  const mayPublish = anyOf(['first key', 'second key']);
  for (const key of ['first key', 'second key']) assert.ok(mayPublish('a', key));
  for (const key of ['', 'first', 'first key ', 'FIRST KEY']) assert.ok(!mayPublish('a', key), key);
  assert.ok(!anyOf([])('a', ''));
});
