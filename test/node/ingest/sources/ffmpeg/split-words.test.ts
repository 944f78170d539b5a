import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitWords } from '../../../../../ingest/sources/ffmpeg/split-words.ts';

test('words as a shell splits them', () => {
  for (const [line, words] of [
    ['', []],
    ['  ', []],
    ['-f v4l2  -i /dev/video0', ['-f', 'v4l2', '-i', '/dev/video0']],
    [`-i "video=My Camera"`, ['-i', 'video=My Camera']],
    [`-i 'a "b" \\c' d`, ['-i', 'a "b" \\c', 'd']],
    [String.raw`a\ b "c\"d"`, ['a b', 'c"d']],
    [`-metadata title="" x`, ['-metadata', 'title=', 'x']],
    [`'' x`, ['', 'x']],
  ] as const) {
    assert.deepEqual(splitWords(line), words, line);
  }
  assert.throws(() => splitWords(`-i "a b`), /a " is never closed/);
});
