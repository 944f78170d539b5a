// oEmbed 1.0 (https://oembed.com), section 2.

import assert from 'node:assert/strict';
import test from 'node:test';
import { answerOEmbed } from '../../../../relay/pages/oembed.ts';

const ORIGIN = 'https://relay.example';
const ask = (query: Record<string, string>) => {
  const { status, type, body } = answerOEmbed(new URLSearchParams(query), ORIGIN);
  return { status, type, body, json: type === 'application/json' ? JSON.parse(body) : undefined };
};
const url = `${ORIGIN}/watch/room/alice`;

test('a video, with a frame of the embed page', () => {
  const { status, json } = ask({ url });
  assert.equal(status, 200);
  assert.deepEqual(json, {
    type: 'video',
    version: '1.0',
    title: 'room/alice, live',
    provider_name: 'relay.example',
    provider_url: 'https://relay.example',
    cache_age: 3_600,
    width: 640,
    height: 360,
    html: '<iframe src="https://relay.example/embed/room/alice" title="room/alice, live" width="640" height="360" style="border: 0" allow="autoplay; fullscreen; picture-in-picture" allowfullscreen></iframe>',
  });
});

test('the addresses of both pages are known, however they are written, with their options', () => {
  for (const [address, src] of [
    [`${ORIGIN}/embed/room/alice`, '/embed/room/alice'],
    ['http://relay.example/watch/room/alice', '/embed/room/alice'],
    ['HTTPS://Relay.Example:443/watch/room%2Falice#t=1', '/embed/room/alice'],
    [`${url}?muted=1&autoplay&utm_source=x`, '/embed/room/alice?autoplay=1&amp;muted=1'],
    [`${url}?poster=%2Fa%22b.png`, '/embed/room/alice?poster=https%3A%2F%2Frelay.example%2Fa%2522b.png'],
  ] as const) {
    assert.equal(/src="([^"]*)"/.exec(ask({ url: address }).json.html)?.[1], ORIGIN + src, address);
  }
});

test('the largest 16:9 within the limits', () => {
  for (const [limits, width, height] of [
    [{ maxwidth: '1000' }, 1_000, 563],
    [{ maxheight: '360' }, 640, 360],
    [{ maxwidth: '320', maxheight: '1000' }, 320, 180],
    [{ maxwidth: '1000', maxheight: '90' }, 160, 90],
    [{ maxwidth: '99999' }, 1_920, 1_080],
    [{ maxwidth: '1' }, 1, 1],
    [{ maxheight: '1' }, 1, 1],
  ] as const) {
    const { json } = ask({ url, ...limits });
    assert.deepEqual([json.width, json.height], [width, height], JSON.stringify(limits));
    assert.match(json.html, new RegExp(`width="${width}" height="${height}"`));
  }
});

test('no limit is ever exceeded', () => {
  for (let limit = 1; limit < 200; limit++) {
    const { json } = ask({ url, maxheight: String(limit), maxwidth: String(2 * limit) });
    assert.ok(json.height <= limit && json.width <= 2 * limit && json.height > 0 && json.width > 0, `${limit}`);
  }
});

test('XML is the same answer', () => {
  const { status, type, body } = ask({ url, format: 'xml' });
  assert.equal(status, 200);
  assert.equal(type, 'text/xml; charset=utf-8');
  assert.match(
    body,
    /^<\?xml version="1\.0" encoding="utf-8" standalone="yes"\?><oembed><type>video<\/type><version>1\.0/,
  );
  assert.match(
    body,
    /<html>&lt;iframe src=&quot;https:\/\/relay\.example\/embed\/room\/alice&quot; .*&lt;\/iframe&gt;<\/html>/,
  );
  assert.match(body, /<width>640<\/width><height>360<\/height>/);
});

test('whatever is no page of ours is not found', () => {
  for (const address of [
    'https://other.example/watch/a',
    'https://relay.example.evil.example/watch/a',
    'https://relay.example:8443/watch/a',
    'ftp://relay.example/watch/a',
    'javascript:alert(1)',
    `${ORIGIN}/`,
    `${ORIGIN}/watch/`,
    `${ORIGIN}/watch`,
    `${ORIGIN}/channels/a`,
    `${ORIGIN}/watch/a%2F..%2Fb`,
    `${ORIGIN}/watch/<script>alert(1)</script>`,
    `${ORIGIN}/watch/%FF`,
    `${ORIGIN}/watch/a?p2p=maybe`,
    '/watch/a',
    'no address',
    '',
  ]) {
    const { status, json } = ask({ url: address });
    assert.equal(status, 404, address);
    assert.equal(json.error.code, 'no-page', address);
    assert.ok(json.error.message, address);
  }
});

test('questions that make no sense', () => {
  for (const [query, status, message] of [
    [{}, 400, /url is missing: .* https:\/\/relay\.example\/watch\/<channel>/],
    [{ url, format: 'yaml' }, 501, /json or xml/],
    [{ format: 'yaml' }, 501, /json or xml/],
    [{ url, maxwidth: '0' }, 400, /whole numbers/],
    [{ url, maxheight: '-5' }, 400, /whole numbers/],
    [{ url, maxwidth: '1e3' }, 400, /whole numbers/],
    [{ url, maxwidth: '' }, 400, /whole numbers/],
  ] as const) {
    const answer = ask(query);
    assert.equal(answer.status, status, JSON.stringify(query));
    assert.match(answer.json.error.message, message);
  }
});
