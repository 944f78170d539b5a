// What a playlist says (RFC 8216).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_BYTES } from '../../../../core/bytes.ts';
import { type NumberedSegment, playlistOf } from '../../../../relay/outputs/playlist.ts';

const segment = (number: number, more: Partial<NumberedSegment> = {}): NumberedSegment => ({
  ...{ number, initNumber: 5, init: NO_BYTES, bytes: NO_BYTES, duration: 2, discontinuity: false, timestamp: 0 },
  capturedAt: Date.UTC(2026, 10, 21, 19, 0, number),
  ...more,
});

test('names the segments, what they need and when they were captured', () => {
  const segments = [segment(7), segment(8, { duration: 1.96 }), segment(9, { discontinuity: true, initNumber: 6 })];
  const text = playlistOf({ segments, discontinuities: 3, targetDuration: 2, ended: true, query: '?token=a%20b' });
  assert.equal(
    text,
    `#EXTM3U
#EXT-X-VERSION:7
#EXT-X-TARGETDURATION:2
#EXT-X-MEDIA-SEQUENCE:7
#EXT-X-DISCONTINUITY-SEQUENCE:3
#EXT-X-MAP:URI="init-5.mp4?token=a%20b"
#EXT-X-PROGRAM-DATE-TIME:2026-11-21T19:00:07.000Z
#EXTINF:2.00000,
7.m4s?token=a%20b
#EXT-X-PROGRAM-DATE-TIME:2026-11-21T19:00:08.000Z
#EXTINF:1.96000,
8.m4s?token=a%20b
#EXT-X-DISCONTINUITY
#EXT-X-MAP:URI="init-6.mp4?token=a%20b"
#EXT-X-PROGRAM-DATE-TIME:2026-11-21T19:00:09.000Z
#EXTINF:2.00000,
9.m4s?token=a%20b
#EXT-X-ENDLIST
`,
  );
});

test('one that goes on has no end', () => {
  const text = playlistOf({ segments: [segment(1)], discontinuities: 0, targetDuration: 2, ended: false, query: '' });
  assert.ok(!text.includes('ENDLIST'));
  assert.ok(text.endsWith('\n1.m4s\n'));
});
