import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sniff } from '../../../../ingest/sources/sniff.ts';

const text = (content: string) => new Uint8Array(Buffer.from(content));
function packets(size: number, count: number, garbage = 0) {
  const bytes = new Uint8Array(garbage + size * count);
  for (let packet = 0; packet < count; packet++) bytes[garbage + packet * size] = 0x47;
  return bytes;
}

for (const [what, bytes, complete, expected] of [
  ['FLV', text('FLV\x01\x05\0\0\0\x09\0\0\0\0\x12\0\0'), false, 'flv'],
  ['a playlist', text('#EXTM3U\n#EXT-X-VERSION:3\n'), false, 'playlist'],
  ['a playlist with BOM and blank lines', text('\uFEFF\n\n#EXTM3U\n#EXT-X-'), false, 'playlist'],
  ['HTML', text('  <!DOCTYPE html><html>'), false, 'page'],
  ['JSON', text('{"error": "gone", "x": 1}'), false, 'page'],
  ['MP4', text('\0\0\0\x18ftypmp42\0\0\0\0'), false, 'mp4'],
  ['a moof', text('\0\0\0\x18moof\0\0\0\0\0\0\0\0'), false, 'mp4'],
  ['TS', packets(188, 4), false, 'ts'],
  ['TS in 192-byte packets', packets(192, 4, 4), false, 'ts'],
  ['TS in 204-byte packets', packets(204, 4), false, 'ts'],
  ['TS begun in a packet', packets(188, 4, 100), false, 'ts'],
  ['one TS packet', packets(188, 1), true, 'ts'],
  ['too little to tell', packets(188, 1, 3), false, undefined],
  ['a few bytes', text('FL'), false, undefined],
  ['a few bytes that are all', text('FL'), true, 'unknown'],
  ['noise', new Uint8Array(2_000).fill(0x99), false, 'unknown'],
  ['nothing', text(''), true, 'unknown'],
] as const) {
  test(what, () => assert.equal(sniff(bytes, complete), expected));
}
