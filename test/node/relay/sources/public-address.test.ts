import assert from 'node:assert/strict';
import test from 'node:test';
import { publicAddress } from '../../../../relay/sources/public-address.ts';

test('no credentials are left, all else stays', () => {
  for (const [source, expected] of [
    ['rtsp://user:secret@camera.example/door', 'rtsp://camera.example/door'],
    ['rtsp://user:sec@ret@camera.example/door', 'rtsp://camera.example/door'],
    ['https://a.example/live.m3u8?token=secret', 'https://a.example/live.m3u8?…'],
    ['srt://a.example:9000?streamid=secret&passphrase=secret', 'srt://a.example:9000?…'],
    ['ffmpeg:http://user:secret@a.example/x?key=secret', 'ffmpeg:http://a.example/x?…'],
    ['ffmpeg:-rtsp_transport tcp -i rtsp://u:secret@a/b', 'ffmpeg:-rtsp_transport tcp -i rtsp://a/b'],
    ['/srv/media/a film.flv', '/srv/media/a film.flv'],
    ['v4l2:/dev/video0', 'v4l2:/dev/video0'],
  ] as const) {
    assert.equal(publicAddress(source), expected);
  }
});
