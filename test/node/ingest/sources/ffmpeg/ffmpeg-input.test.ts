import assert from 'node:assert/strict';
import { test } from 'node:test';
import { steadyClock } from '../../../../../ingest/clock.ts';
import { createSource } from '../../../../../ingest/sources/create-source.ts';
import { ffmpegArguments } from '../../../../../ingest/sources/ffmpeg/ffmpeg-arguments.ts';
import { readFfmpegFlags } from '../../../../../ingest/sources/ffmpeg/ffmpeg-flags.ts';
import { readFfmpegInput } from '../../../../../ingest/sources/ffmpeg/ffmpeg-input.ts';
import { sourceFault } from '../../../../../ingest/sources/source-fault.ts';
import { TestLog } from '../../fixtures.ts';

test('what is read by ffmpeg, and how', () => {
  for (const [source, kind, listens, finite, name] of [
    ['rtmp://host/live/a?key=secret', 'carry', false, false, 'rtmp://host/live/a?…'],
    ['RTMPS://host/live/a', 'carry', false, false, 'RTMPS://host/live/a'],
    ['srt://host:9000?streamid=x', 'carry', false, false, 'srt://host:9000?…'],
    ['srt://:9000?mode=listener', 'carry', true, false, 'srt://:9000?…'],
    ['tcp://0.0.0.0:9000?listen=1', 'carry', true, false, 'tcp://0.0.0.0:9000?…'],
    ['udp://@239.1.2.3:5000', 'carry', false, false, 'udp://239.1.2.3:5000'],
    ['rtsp://u:p@camera/1', 'remux', false, false, 'rtsp://camera/1'],
    ['rtp://@:5004', 'remux', false, false, 'rtp://:5004'],
    ['studio.sdp', 'remux', false, false, 'studio.sdp'],
    ['v4l2:/dev/video0', 'encode', false, false, 'v4l2:/dev/video0'],
    ['dshow:video=A:audio=B', 'encode', false, false, 'dshow:video=A:audio=B'],
    ['ffmpeg:/films/a b.mkv', 'remux', false, true, 'ffmpeg:/films/a b.mkv'],
    ['ffmpeg:sftp://u:p@host/x.mkv', 'remux', false, false, 'ffmpeg:sftp://host/x.mkv'],
    ['ffmpeg:-f lavfi -i testsrc -i "http://u:p@h/x?y"', 'remux', false, false, 'ffmpeg:testsrc + http://h/x?…'],
    ['ffmpeg:-rtsp_flags listen -i rtsp://0.0.0.0:8554/x', 'remux', true, false, 'ffmpeg:rtsp://0.0.0.0:8554/x'],
  ] as const) {
    const input = readFfmpegInput(source);
    assert.deepEqual(
      { kind: input?.kind, listens: input?.listens, finite: input?.finite, name: input?.name },
      { kind, listens, finite, name },
      source,
    );
  }
  for (const other of ['movie.flv', './a:b.ts', 'C:\\films\\a.ts', 'gopher://x/']) {
    assert.equal(readFfmpegInput(other), undefined, other);
  }
});

test('what cannot be a source is said before anything is started', async () => {
  for (const [source, sentence] of [
    ['rtmp://', /rtmp:\/\/ names no host/],
    ['v4l2:', /v4l2: names no device/],
    ['ffmpeg:', /ffmpeg: names no input/],
    ['ffmpeg:-f lavfi', /ends with -i <input>/],
    ['ffmpeg:-i a.mkv -c copy', /--ffmpeg-output/],
    ['ffmpeg:-i "a', /a " is never closed/],
    ['gopher://x/', /gopher:\/\/ is not a source: http, .*rtmp.*ffmpeg:<anything/],
  ] as const) {
    assert.match((await sourceFault(source)) ?? '', sentence, source);
  }
  assert.equal(await sourceFault('srt://host:9000'), undefined);
});

/** All arguments for a source, as one text. */
function line(source: string, flags: Parameters<typeof readFfmpegFlags>[0] = {}): string {
  return ffmpegArguments(readFfmpegInput(source)!, readFfmpegFlags(flags)).join(' '); // they are all read by ffmpeg
}

test('the bytes of a container pass untouched, unless they are to be encoded', () => {
  assert.match(line('rtmp://h/a/b'), /-f data -rtmp_live live -i rtmp:\/\/h\/a\/b -map 0 -c copy .*-f data pipe:1$/);
  assert.match(line('rtmp://h/a/b', { transcode: true }), /^((?!-f data).)*-c:v libx264 .*-c:a aac .*-f flv pipe:1$/);
  const audio = line('srt://h:1', { 'transcode-audio': true });
  assert.match(audio, /-c:v copy -c:a aac .*-f mpegts pipe:1$/);
  assert.doesNotMatch(audio, /-f data|libx264/);
});

test('cameras over TCP, unless told otherwise; devices are encoded without being asked', () => {
  assert.match(line('rtsp://h/a'), /-rtsp_transport tcp -i rtsp:\/\/h\/a -sn -dn -c copy .*-f mpegts pipe:1$/);
  assert.match(
    line('rtsp://h/a', { 'ffmpeg-input': '-rtsp_transport udp' }),
    /-rtsp_transport tcp -rtsp_transport udp -i rtsp/, // the last one counts
  );
  assert.match(line('v4l2:/dev/video0'), /-f v4l2 -i \/dev\/video0 .*-c:v libx264 .*-f flv pipe:1$/);
  assert.match(line('v4l2:/dev/video0', { 'ffmpeg-output': '-b:v 4M' }), /-b:v 2500k .*-b:v 4M pipe:1$/);
  assert.match(line('ffmpeg:a.mkv'), /-re -i a\.mkv .*-c copy/);
  assert.match(ffmpegArguments(readFfmpegInput('ffmpeg:a.mkv', { loop: true })!).join(' '), /-stream_loop -1 -i a/);
  assert.throws(() => readFfmpegFlags({ transcode: true, 'transcode-audio': true }), /includes/);
});

test('whatever is to be encoded is read by ffmpeg', () => {
  const context = { clock: steadyClock, log: new TestLog(), stallMs: 1_000, random: Math.random };
  const named = (source: string, mode?: 'follow') =>
    createSource(source, context, { mode, ffmpeg: { transcode: 'all' } }).name;
  assert.equal(named('https://u:p@h/live.m3u8?t=1'), 'ffmpeg:https://h/live.m3u8?…');
  assert.equal(named('film.mkv'), 'ffmpeg:film.mkv');
  assert.equal(named('srt://h:1'), 'srt://h:1');
  assert.throws(() => named('-'), /standard input is taken as it is/);
  assert.throws(() => named('live.flv', 'follow'), /follows no file/);
});
