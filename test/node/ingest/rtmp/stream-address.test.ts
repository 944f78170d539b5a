import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { readStreamAddress } from '../../../../ingest/rtmp/stream-address.ts';

const of = (app: string, streamName: string) => readStreamAddress('live', app, streamName);

test('an address is read however the encoder split it', () => {
  for (const [app, streamName, channel, key] of [
    ['live', 'lecture?key=secret12', 'lecture', 'secret12'], // OBS, ffmpeg
    ['live', 'room/alice?key=secret12', 'room/alice', 'secret12'], // OBS
    ['live/room', 'alice?key=secret12', 'room/alice', 'secret12'], // ffmpeg
    ['live/room/a', 'b?key=secret12', 'room/a/b', 'secret12'],
    ['live/', 'lecture?key=secret12', 'lecture', 'secret12'],
    ['/live/', '/lecture/?key=secret12', 'lecture', 'secret12'],
    ['live?key=secret12', 'lecture', 'lecture', 'secret12'], // the key at the server's address
    ['live?key=other', 'lecture?key=secret12', 'lecture', 'secret12'],
    ['live/lecture?key=a', 'b/c', 'lecture', 'a/b/c'], // ffmpeg cuts keys with slashes
    ['live', 'lecture?other=1&key=secret12', 'lecture', 'secret12'],
    ['live', 'lecture?key=a+b=c?d', 'lecture', 'a+b=c?d'],
    ['live', 'lecture?key=a%20b%26c', 'lecture', 'a b&c'],
    ['live', 'lecture?key=100%', 'lecture', '100%'],
    ['live', 'lecture', 'lecture', ''],
    ['live', 'lecture?key', 'lecture', ''],
  ] as const) {
    assert.deepEqual(of(app, streamName), { channel, key }, `${app} ${streamName}`);
  }
  assert.deepEqual(readStreamAddress('in', 'in', 'a?key=b'), { channel: 'a', key: 'b' });
});

test('what names no channel is told what an address looks like', () => {
  for (const [app, streamName, sentence] of [
    ['vod', 'lecture?key=k', /^the address is rtmp:\/\/host\/live\/<channel>\?key=<key>$/],
    ['livestream', 'lecture?key=k', /^the address is/],
    ['', '', /^the address is/],
    ['live', '', /names no channel/],
    ['live', '?key=k', /names no channel/],
    ['live', '../secret?key=k', /no segment "\.\."; the address is/],
    ['live', 'a//b?key=k', /no empty segment/],
    ['live', 'a b?key=k', /segments are made of/],
    ['live', `${'x'.repeat(200)}?key=k`, /at most 128 characters/],
  ] as const) {
    assert.match(String(of(app, streamName)), sentence, `${app} ${streamName}`);
  }
});

test('no text is thrown at, and no key is ever in a sentence', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (app, name) => {
      const read = of(app, `${name}?key=topsecret`);
      if (typeof read === 'string' && !name.includes('topsecret')) assert.ok(!read.includes('topsecret'), read);
    }),
  );
});
