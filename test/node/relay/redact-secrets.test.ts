import assert from 'node:assert/strict';
import test from 'node:test';
import { redactSecrets } from '../../../relay/redact-secrets.ts';

const TOKEN = `${btoa('{"alg":"HS256"}')}.${btoa('{"exp":1}').replaceAll('=', '')}.${'a'.repeat(43)}`.replaceAll(
  '=',
  '',
);

test('what looks like a secret is taken out of a text, wherever it stands', () => {
  const cases: [string, string][] = [
    [`the token ${TOKEN} is not good`, 'the token (token) is not good'],
    ['"url":"rtsp://admin:pass%40word@camera.example/1"', '"url":"rtsp://(credentials)@camera.example/1"'],
    ['http://user@host/x', 'http://(credentials)@host/x'],
    ['rtmp://h/live/x?key=abc def', 'rtmp://h/live/x?key=(secret) def'],
    ['GET /live/a.flv?x=1&token=abcdef&y=2', 'GET /live/a.flv?x=1&token=(secret)&y=2'],
    ['{"authorization":"Bearer abcdefgh12345678"}', '{"authorization":"Bearer (secret)"}'],
  ];
  for (const [text, expected] of cases) assert.equal(redactSecrets(text), expected);
});

test('everything else stays as it is', () => {
  for (const text of [
    'https://relay.example:4080/watch/room/ada?autoplay=1',
    '{"time":"2026-11-21T19:00:00.000Z","channel":"lecture","address":"::1","reason":"the token is not for lecture"}',
    'mail ada@example.org, or https://example.org/@ada',
    'the key of the channel; a bearer of news',
  ])
    assert.equal(redactSecrets(text), text);
});
