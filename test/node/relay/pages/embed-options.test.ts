import assert from 'node:assert/strict';
import test from 'node:test';
import { elementMarkup, readEmbedOptions } from '../../../../relay/pages/embed-options.ts';

const ORIGIN = 'https://relay.example';
const read = (query: string) => readEmbedOptions(new URLSearchParams(query), ORIGIN);
const tag = (query: string, relay?: string) => {
  const request = read(query);
  return 'fault' in request ? request.fault : elementMarkup('room/alice', request.options, relay).text;
};

test('each option becomes the element’s attribute', () => {
  for (const [query, attributes] of [
    ['', ' controls'],
    ['controls=0', ''],
    ['controls=false', ''],
    ['controls', ' controls'],
    ['autoplay', ' controls autoplay'],
    ['autoplay=true&muted=1', ' controls autoplay muted'],
    ['autoplay=0', ' controls'],
    ['p2p=off', ' controls p2p="off"'],
    ['p2p-privacy', ' controls p2p-privacy'],
    ['rewind=0600', ' controls rewind="600"'],
    ['target-latency=1.50', ' controls target-latency="1.5"'],
    ['max-upload-kbps=500', ' controls max-upload-kbps="500"'],
    ['poster=/still.jpg', ' controls poster="https://relay.example/still.jpg"'],
    ['poster=http://cdn.example:81/a%20b.png?x=1%262', ' controls poster="http://cdn.example:81/a%20b.png?x=1&amp;2"'],
    ['lang=AR-eg', ' controls lang="ar-EG"'],
  ] as const) {
    assert.equal(tag(query), `<p2p-live name="room/alice"${attributes}></p2p-live>`, query);
  }
  assert.equal(tag('', ORIGIN), '<p2p-live relay="https://relay.example" name="room/alice" controls></p2p-live>');
});

test('what others add to an address is none of ours, and the first of two counts', () => {
  const tracked =
    'utm_source=x&fbclid=y&onerror=alert(1)&__proto__=1&constructor=2&relay=https://evil.example&name=other';
  assert.equal(tag(tracked), '<p2p-live name="room/alice" controls></p2p-live>');
  assert.equal(tag('p2p=off&p2p=on'), '<p2p-live name="room/alice" controls p2p="off"></p2p-live>');
});

test('what can’t be taken is refused with what could be', () => {
  for (const [query, fault] of [
    ['autoplay=yes', 'autoplay=yes: it takes 1 or 0'],
    ['p2p=maybe', 'p2p=maybe: it takes on, off, download-only'],
    ['p2p=', 'p2p=: it takes on, off, download-only'],
    ['rewind=-1', 'rewind=-1: it takes a number from 0 to 86400'],
    ['rewind=1e9', 'rewind=1e9: it takes a number from 0 to 86400'],
    ['rewind=86401', 'rewind=86401: it takes a number from 0 to 86400'],
    ['target-latency=NaN', 'target-latency=NaN: it takes a number from 0.1 to 60'],
    ['lang="><script>', 'lang="><script>: it takes a language, such as en or ar-EG'],
    ['lang=', 'lang=: it takes a language, such as en or ar-EG'],
  ] as const) {
    assert.equal(tag(query), fault, query);
  }
  assert.equal(tag(`p2p=${'x'.repeat(5_000)}`).length < 160, true);
});

test('a poster is a picture on the web whose host can stand in a policy', () => {
  for (const poster of [
    'javascript:alert(1)',
    'data:image/svg+xml,<svg onload=alert(1)>',
    'file:///etc/passwd',
    'blob:https://relay.example/1',
    'https://user:secret@cdn.example/a.png',
    'https://cdn.example;script-src/a.png',
    'https://cdn.example,x/a.png',
    "https://'unsafe-inline'/a.png",
    'https://*/a.png',
    'https://',
    '//',
  ]) {
    assert.match(
      tag(`poster=${encodeURIComponent(poster)}`),
      /it takes the http or https address of a picture$/,
      poster,
    );
  }
  const quoted = tag(`poster=${encodeURIComponent('/a"onerror="alert(1)\'<>.png')}`);
  assert.equal(
    quoted,
    '<p2p-live name="room/alice" controls poster="https://relay.example/a%22onerror=%22alert(1)&#39;%3C%3E.png"></p2p-live>',
  );
});
