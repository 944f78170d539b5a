import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toHex } from '../../../../core/bytes.ts';
import { type MediaPlaylist, parsePlaylist, type Variant } from '../../../../ingest/playlist/parse-playlist.ts';
import { selectVariant } from '../../../../ingest/playlist/select-variant.ts';

const BASE = 'http://cdn.example/live/one/index.m3u8?t=1';
const media = (text: string): MediaPlaylist => {
  const playlist = parsePlaylist(`#EXTM3U\n${text}`, BASE);
  assert.equal(playlist.type, 'media');
  return playlist as MediaPlaylist; // just asserted
};

test('segments: sequence, duration, URLs relative to the final one', () => {
  const playlist = media(`#EXT-X-TARGETDURATION:4
#EXT-X-MEDIA-SEQUENCE:17
#EXTINF:3.84,
a.ts
#EXTINF:4,title
/b.ts?x=1
#EXTINF:2.5,
https://other.example/c.ts
#EXT-X-ENDLIST`);
  assert.equal(playlist.targetMs, 4_000);
  assert.equal(playlist.ended, true);
  assert.deepEqual(
    playlist.segments.map(({ sequence, url, durationMs }) => [sequence, url, durationMs]),
    [
      [17, 'http://cdn.example/live/one/a.ts', 3_840],
      [18, 'http://cdn.example/b.ts?x=1', 4_000],
      [19, 'https://other.example/c.ts', 2_500],
    ],
  );
});

test('byte ranges, with and without offset', () => {
  const { segments } = media(`#EXT-X-TARGETDURATION:4
#EXTINF:4,
#EXT-X-BYTERANGE:1000@200
all.ts
#EXTINF:4,
#EXT-X-BYTERANGE:500
all.ts`);
  assert.deepEqual(
    segments.map(segment => segment.range),
    [
      { offset: 200, length: 1_000 },
      { offset: 1_200, length: 500 },
    ],
  );
});

test('discontinuity and gap belong to the segment that follows', () => {
  const { segments } = media(`#EXT-X-TARGETDURATION:4
#EXTINF:4,
a.ts
#EXT-X-DISCONTINUITY
#EXTINF:4,
b.ts
#EXT-X-GAP
#EXTINF:4,
c.ts
#EXTINF:4,
d.ts`);
  assert.deepEqual(
    segments.map(({ discontinuity, gap }) => [discontinuity, gap]),
    [
      [false, false],
      [true, false],
      [false, true],
      [false, false],
    ],
  );
});

test('AES-128: explicit IV, and the media sequence number without one', () => {
  const { segments } = media(`#EXT-X-TARGETDURATION:4
#EXT-X-MEDIA-SEQUENCE:258
#EXT-X-KEY:METHOD=AES-128,URI="k.bin",IV=0x000102030405060708090A0B0C0D0E0F
#EXTINF:4,
a.ts
#EXT-X-KEY:METHOD=AES-128,URI="k.bin"
#EXTINF:4,
b.ts
#EXT-X-KEY:METHOD=NONE
#EXTINF:4,
c.ts`);
  assert.equal(segments[0]!.key!.url, 'http://cdn.example/live/one/k.bin');
  assert.equal(toHex(segments[0]!.key!.iv), '000102030405060708090a0b0c0d0e0f');
  assert.equal(toHex(segments[1]!.key!.iv), '00000000000000000000000000000103');
  assert.equal(segments[2]!.key, undefined);
});

for (const [what, text, sentence, permanent] of [
  ['HTML', '<html>', /is a web page/, false],
  ['empty', '', /is empty/, false],
  ['text', 'hello', /does not begin with #EXTM3U/, false],
  [
    'SAMPLE-AES',
    '#EXTM3U\n#EXT-X-KEY:METHOD=SAMPLE-AES,URI="k"\n#EXTINF:4,\na.ts',
    /encrypted with SAMPLE-AES; AES-128/,
    true,
  ],
  [
    'FairPlay',
    '#EXTM3U\n#EXT-X-KEY:METHOD=SAMPLE-AES,URI="skd://k",KEYFORMAT="com.apple.streamingkeydelivery"\n#EXTINF:4,\na.ts',
    /protected by com.apple/,
    true,
  ],
  ['fMP4', '#EXTM3U\n#EXT-X-MAP:URI="init.mp4"\n#EXTINF:4,\na.m4s', /fragmented MP4/, true],
  ['a file: URL', '#EXTM3U\n#EXTINF:4,\nfile:///etc/passwd', /only http and https/, true],
  ['a bad IV', '#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="k",IV=0x12\n#EXTINF:4,\na.ts', /malformed/, false],
] as const) {
  test(`${what}: one clear sentence`, () => {
    assert.throws(
      () => parsePlaylist(text, BASE),
      (error: Error & { permanent?: boolean }) => sentence.test(error.message) && error.permanent === permanent,
    );
  });
}

test('a master playlist: the best variant up to the limit', () => {
  const playlist = parsePlaylist(
    `#EXTM3U
#EXT-X-STREAM-INF:BANDWIDTH=800000,CODECS="avc1.4d401f,mp4a.40.2"
low/index.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=5000000,CODECS="avc1.64001f,mp4a.40.2"
high/index.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=64000,CODECS="mp4a.40.2"
audio/index.m3u8`,
    BASE,
  );
  assert.equal(playlist.type, 'master');
  const variants = playlist.type === 'master' ? playlist.variants : [];
  const chosen = (limit?: number) => selectVariant(variants, limit)?.url.split('/')[5];
  assert.equal(chosen(), 'high');
  assert.equal(chosen(5_000_000), 'high');
  assert.equal(chosen(4_999_999), 'low');
  assert.equal(chosen(100_000), 'low', 'the lowest with video, when none fits');
  assert.equal(selectVariant([] as Variant[]), undefined);
});
