// What decides how the engine connects: the channel document, the choice of transports, the backoff, the relay's clock.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { backoff } from '../../../../components/engine/backoff.ts';
import { channelUrl, readChannelDocument } from '../../../../components/engine/channel-document.ts';
import { RelayClock } from '../../../../components/engine/relay-clock.ts';
import { chooseTransports, favour, trustsWebTransport } from '../../../../components/engine/transport-choice.ts';

const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';
const SAFARI = 'Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.4 Safari/605.1.15';
const CHROME_ON_IPHONE =
  'Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/150.0 Mobile Safari/604.1';
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:152.0) Gecko/20100101 Firefox/152.0';

describe('the choice of transports', () => {
  it('trusts WebTransport of Chromium and of Firefox from 153 on, not of WebKit', () => {
    assert.equal(trustsWebTransport(CHROME), true);
    assert.equal(trustsWebTransport(SAFARI), false);
    assert.equal(trustsWebTransport(CHROME_ON_IPHONE), false);
    assert.equal(trustsWebTransport(FIREFOX), false);
    assert.equal(trustsWebTransport(FIREFOX.replaceAll('152', '153')), true);
  });

  it('keeps the order asked for, and the only one there is', () => {
    const chrome = { userAgent: CHROME, hasWebTransport: true };
    assert.deepEqual(chooseTransports(['webtransport', 'websocket'], chrome), ['webtransport', 'websocket']);
    assert.deepEqual(chooseTransports(['websocket'], chrome), ['websocket']);
    const old = { userAgent: CHROME, hasWebTransport: false };
    assert.deepEqual(chooseTransports(['webtransport', 'websocket'], old), ['websocket']);
    const safari = { userAgent: SAFARI, hasWebTransport: true };
    assert.deepEqual(chooseTransports(['webtransport', 'websocket'], safari), ['websocket']);
    assert.deepEqual(chooseTransports(['webtransport'], safari), ['webtransport'], 'the page insists');
  });

  it('tries the winner of an earlier race first, if it may', () => {
    assert.deepEqual(favour('websocket', ['webtransport', 'websocket']), ['websocket', 'webtransport']);
    assert.deepEqual(favour('webtransport', ['webtransport', 'websocket']), ['webtransport', 'websocket']);
    assert.deepEqual(favour('webtransport', ['websocket']), ['websocket']);
    assert.deepEqual(favour(undefined, ['webtransport', 'websocket']), ['webtransport', 'websocket']);
  });
});

describe('the channel document', () => {
  it('is found under the relay, whatever its path', () => {
    assert.equal(channelUrl('https://relay.example', 'lecture'), 'https://relay.example/channels/lecture');
    assert.equal(channelUrl('https://relay.example/live', 'a/b'), 'https://relay.example/live/channels/a/b');
    assert.equal(channelUrl('https://relay.example/live/', 'a~b'), 'https://relay.example/live/channels/a~b');
    assert.throws(() => channelUrl('relay', 'a'), TypeError);
  });

  it('gives transports, hashes and the track', () => {
    const value = 'AQID';
    const document = readChannelDocument({
      name: 'a',
      transports: {
        webtransport: [{ url: 'https://h:1/p2p-live', certificateHashes: [{ algorithm: 'sha-256', value }] }],
        websocket: ['ws://h:1/p2p-live'],
      },
      tracks: [{ id: 3, container: 'ts' }],
      iceServers: [{ urls: 'turn:t:1', username: 'u', credential: 'c' }],
      swarm: { enabled: true, iceTransportPolicy: 'relay' },
    });
    assert.deepEqual(document, {
      webtransport: [
        { url: 'https://h:1/p2p-live', certificateHashes: [{ algorithm: 'sha-256', value: Uint8Array.of(1, 2, 3) }] },
      ],
      websocket: ['ws://h:1/p2p-live'],
      track: 3,
      containers: ['ts'],
      iceServers: [{ urls: ['turn:t:1'], username: 'u', credential: 'c' }],
      iceTransportPolicy: 'relay',
      swarm: { enabled: true },
    });
  });

  it('uses what it can of a strange one, and says when there is nothing', () => {
    const strange = {
      transports: { webtransport: [{ url: 5 }, null], websocket: ['ws://h/p2p-live', 7] },
      tracks: 'x',
      iceServers: [{ urls: 7 }, { urls: ['stun:s', null] }, 'x'],
      swarm: 7,
    };
    assert.deepEqual(readChannelDocument(strange), {
      webtransport: [],
      websocket: ['ws://h/p2p-live'],
      track: 0,
      containers: [],
      iceServers: [{ urls: ['stun:s'] }],
      iceTransportPolicy: 'all',
      swarm: { enabled: true },
    });
    fc.assert(
      fc.property(fc.anything(), body => {
        assert.throws(() => readChannelDocument(body), /names no transport/);
      }),
    );
  });
});

describe('backoff', () => {
  it('grows from a quarter of a second to two, later four, and is spread by half', () => {
    assert.equal(backoff(0, 0), 125);
    assert.ok(backoff(0, 0.999) < 250);
    assert.equal(backoff(10, 0), 1_000);
    assert.ok(backoff(10, 0.999) < 2_000);
    assert.equal(backoff(100, 0), 2_000);
    assert.ok(backoff(1e6, 0.999) < 4_000);
  });
});

describe('RelayClock', () => {
  it('trusts the fastest answer of late', () => {
    const clock = new RelayClock();
    assert.equal(clock.offset, undefined);
    clock.take(1_000, 1_100, 51_090); // 40 ms there, 60 ms back would be 51,040
    assert.equal(clock.offset, 50_040);
    clock.take(2_000, 2_010, 52_005);
    assert.equal(clock.offset, 50_000);
    assert.equal(clock.roundTripMs, 10);
    for (let i = 0; i < 20; i++) clock.take(3_000, 3_050, 53_125);
    assert.equal(clock.offset, 50_100, 'the relay set its clock');
  });

  it('is off by no more than half the round trip, whatever the way', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(400), fc.nat(400)), { minLength: 1, maxLength: 12 }), ways => {
        const clock = new RelayClock();
        for (const [there, back] of ways) clock.take(1_000, 1_000 + there + back, 1_000 + there + 7_777);
        assert.ok(Math.abs(clock.offset! - 7_777) <= clock.roundTripMs! / 2);
      }),
    );
  });
});
