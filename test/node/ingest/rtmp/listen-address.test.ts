import assert from 'node:assert/strict';
import test from 'node:test';
import { readListenAddress } from '../../../../ingest/rtmp/listen-address.ts';

test('address, port and application; the usual ones if not given', () => {
  for (const [text, host, port, application] of [
    ['rtmp://0.0.0.0:1935', '0.0.0.0', 1_935, 'live'],
    ['rtmp://0.0.0.0', '0.0.0.0', 1_935, 'live'],
    ['rtmp://localhost:0/', 'localhost', 0, 'live'],
    ['RTMP://[::1]:2000/in', '::1', 2_000, 'in'],
    ['rtmp://[::]', '::', 1_935, 'live'],
  ] as const) {
    assert.deepEqual(readListenAddress(text), { host, port, application }, text);
  }
});

test('anything else is refused with what is expected', () => {
  for (const text of [
    '',
    '1935',
    'rtmps://0.0.0.0',
    'http://0.0.0.0',
    'rtmp://',
    'rtmp://a:b',
    'rtmp://a/b/c',
    'rtmp://a?b',
  ]) {
    assert.match(String(readListenAddress(text)), /give one like rtmp:\/\/0\.0\.0\.0:1935$/, text);
  }
  assert.match(String(readListenAddress('rtmp://a:70000')), /ports go up to 65535/);
});
