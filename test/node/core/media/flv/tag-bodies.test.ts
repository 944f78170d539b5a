// Bodies of audio and video tags, legacy and enhanced, by table.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { toHex } from '../../../../../core/bytes.ts';
import { readAudioTag } from '../../../../../core/media/flv/audio-tag.ts';
import { readVideoTag } from '../../../../../core/media/flv/video-tag.ts';
import { ascii, hex } from './flv-fixtures.ts';

const four = (name: string) => toHex(ascii(name));

/** Role, codec, track, key, composition, nanoseconds, data. */
type Row = readonly [string, string, number, boolean, number, number, string];
type Case = readonly [name: string, body: string, packets: readonly Row[] | undefined];

const VIDEO: readonly Case[] = [
  ['AVC sequence header', '17 00 000000 0102', [['config', 'avc1', 0, true, 0, 0, '0102']]],
  ['AVC key frame', '17 01 000028 aa', [['frame', 'avc1', 0, true, 40, 0, 'aa']]],
  ['AVC with a negative composition time', '27 01 ffffd8 aa', [['frame', 'avc1', 0, false, -40, 0, 'aa']]],
  ['AVC end', '17 02 000000', [['end', 'avc1', 0, true, 0, 0, '']]],
  ['AVC cut off', '17 01 00', undefined],
  ['AVC of an unknown packet type', '17 07 000000 aa', undefined],
  ['HEVC as Chinese CDNs have it', '1c 01 000000 aa', [['frame', 'hvc1', 0, true, 0, 0, 'aa']]],
  ['Sorenson H.263', '12 aabb', [['frame', 'Sorenson H.263', 0, true, 0, 0, 'aabb']]],
  ['VP6', '24 aa', [['frame', 'VP6', 0, false, 0, 0, 'aa']]],
  ['seek command', '57 00', [['other', 'avc1', 0, false, 0, 0, '']]],
  ['enhanced sequence start', `90 ${four('hvc1')} 0102`, [['config', 'hvc1', 0, false, 0, 0, '0102']]],
  ['enhanced frames', `91 ${four('hvc1')} fffffe aa`, [['frame', 'hvc1', 0, true, -2, 0, 'aa']]],
  ['enhanced frames, no composition', `a3 ${four('avc1')} aa`, [['frame', 'avc1', 0, false, 0, 0, 'aa']]],
  ['AV1 has no composition time', `91 ${four('av01')} aabbcc`, [['frame', 'av01', 0, true, 0, 0, 'aabbcc']]],
  ['sequence end', `92 ${four('vp09')}`, [['end', 'vp09', 0, false, 0, 0, '']]],
  ['metadata', `d4 ${four('hvc1')} 05`, [['metadata', 'hvc1', 0, false, 0, 0, '05']]],
  ['MPEG-2 TS sequence start', `95 ${four('av01')} 80`, [['ts-config', 'av01', 0, false, 0, 0, '80']]],
  ['ModEx with nanoseconds', `97 02 0f423f 03 ${four('avc1')} aa`, [['frame', 'avc1', 0, true, 0, 999_999, 'aa']]],
  [
    'ModEx of 256 and more',
    `97 ff 00ff ${'00'.repeat(256)} 13 ${four('avc1')} aa`,
    [['frame', 'avc1', 0, true, 0, 0, 'aa']],
  ],
  ['two ModEx', `97 00 05 17 02 000001 03 ${four('avc1')} aa`, [['frame', 'avc1', 0, true, 0, 1, 'aa']]],
  ['ModEx cut off', '97 05 00', undefined],
  ['enhanced command', 'd1 00', [['other', '', 0, false, 0, 0, '']]],
  ['one track', `96 03 ${four('avc1')} 02 aabb`, [['frame', 'avc1', 2, true, 0, 0, 'aabb']]],
  [
    'many tracks',
    `96 13 ${four('avc1')} 00 000002 aabb 01 000001 cc`,
    [
      ['frame', 'avc1', 0, true, 0, 0, 'aabb'],
      ['frame', 'avc1', 1, true, 0, 0, 'cc'],
    ],
  ],
  [
    'many tracks of many codecs',
    `96 21 ${four('avc1')} 00 000004 000001aa ${four('av01')} 01 000001 cc`,
    [
      ['frame', 'avc1', 0, true, 1, 0, 'aa'],
      ['frame', 'av01', 1, true, 0, 0, 'cc'],
    ],
  ],
  ['a track longer than its tag', `96 13 ${four('avc1')} 00 000009 aabb`, undefined],
  ['multitrack in multitrack', `96 16 ${four('avc1')} 00`, undefined],
  ['FourCC cut off', '91 6176', undefined],
];

const AUDIO: readonly Case[] = [
  ['AAC sequence header', 'af 00 1210', [['config', 'mp4a', 0, true, 0, 0, '1210']]],
  ['AAC frame', 'af 01 aa', [['frame', 'mp4a', 0, true, 0, 0, 'aa']]],
  ['AAC of an unknown packet type', 'af 02 aa', undefined],
  ['AAC cut off', 'af', undefined],
  ['MP3', '2f fffb', [['frame', '.mp3', 0, true, 0, 0, 'fffb']]],
  ['MP3 at 8 kHz', 'e2 fffb', [['frame', '.mp3', 0, true, 0, 0, 'fffb']]],
  ['Speex', 'b2 aa', [['frame', 'Speex', 0, true, 0, 0, 'aa']]],
  ['enhanced Opus header', `90 ${four('Opus')} 4f`, [['config', 'Opus', 0, false, 0, 0, '4f']]],
  ['enhanced frame', `91 ${four('ac-3')} 0b77`, [['frame', 'ac-3', 0, true, 0, 0, '0b77']]],
  ['channel map', `94 ${four('Opus')} 0102`, [['other', 'Opus', 0, false, 0, 0, '0102']]],
  ['ModEx', `97 02 000100 01 ${four('fLaC')} aa`, [['frame', 'fLaC', 0, true, 0, 256, 'aa']]],
  [
    'many tracks',
    `95 11 ${four('mp4a')} 00 000001 aa 01 000001 bb`,
    [
      ['frame', 'mp4a', 0, true, 0, 0, 'aa'],
      ['frame', 'mp4a', 1, true, 0, 0, 'bb'],
    ],
  ],
];

for (const [kind, read, cases] of [['video', readVideoTag, VIDEO] as const, ['audio', readAudioTag, AUDIO] as const]) {
  describe(`${kind} tag bodies`, () => {
    for (const [name, body, rows] of cases) {
      it(`reads: ${name}`, () => {
        const packets = read(hex(body))?.map(({ role, codec, track, key, composition, nanoseconds, data }) => {
          return [role, codec, track, key, composition, nanoseconds, toHex(data)];
        });
        assert.deepEqual(packets, rows);
      });
    }

    it('never throws, and tells the first packet of a beginning like that of the whole', () => {
      const noise = fc.uint8Array({ maxLength: 60 });
      const mutated = fc.constantFrom(...cases.map(([, body]) => hex(body)));
      fc.assert(
        fc.property(fc.oneof(noise, mutated), bytes => {
          const body = Uint8Array.from(bytes);
          const whole = read(body)?.[0];
          const head = read(body.subarray(0, 32), true)?.[0];
          if (whole && body.length <= 60 && whole.codec !== undefined && body[1] !== 255) {
            if (head) assert.deepEqual([head.role, head.codec, head.key], [whole.role, whole.codec, whole.key]);
          }
        }),
      );
    });
  });
}
