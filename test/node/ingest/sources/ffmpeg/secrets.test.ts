import assert from 'node:assert/strict';
import { test } from 'node:test';
import { publicAddress, redact, secretsOf } from '../../../../../ingest/sources/ffmpeg/secrets.ts';

test('an address without what is secret', () => {
  for (const [address, shown] of [
    ['rtmp://host:1935/live/show', 'rtmp://host:1935/live/show'],
    ['rtmp://host/live/show?key=s3cret', 'rtmp://host/live/show?…'],
    ['rtsp://admin:p@ss:word@10.0.0.2:554/h264', 'rtsp://10.0.0.2:554/h264'],
    ['srt://0.0.0.0:9000?mode=listener&passphrase=longlonglong', 'srt://0.0.0.0:9000?…'],
    ['udp://@239.1.2.3:5000', 'udp://239.1.2.3:5000'],
    ['rtmp://host/app playpath=x pubPasswd=hidden', 'rtmp://host/app?…'],
    ['movie.mkv', 'movie.mkv'],
  ] as const) {
    assert.equal(publicAddress(address), shown);
  }
});

test('nothing secret is left of what ffmpeg says', () => {
  const secrets = secretsOf([
    ...['-headers', 'Authorization: Bearer abcdef', '-rtsp_transport', 'tcp'],
    ...['-i', 'rtsp://admin:p%40ss-word@10.0.0.2/cam?token=t0k3n&x=1'],
  ]);
  for (const text of [
    'rtsp://admin:p%40ss-word@10.0.0.2/cam?token=t0k3n&x=1: Connection refused',
    "Option 'Authorization: Bearer abcdef' is odd",
    'user admin, password p@ss-word refused',
    'token t0k3n is over',
  ]) {
    assert.doesNotMatch(redact(text, secrets), /p%40ss|p@ss|t0k3n|abcdef/);
  }
  assert.equal(
    redact('Connection to tcp://10.0.0.2:554?timeout=0 failed: Connection refused', secrets),
    'Connection to tcp://10.0.0.2:554?… failed: Connection refused',
  );
  assert.ok(!secrets.includes('tcp'), 'an ordinary word stays readable');
});
