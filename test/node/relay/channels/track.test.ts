import assert from 'node:assert/strict';
import test from 'node:test';
import { ProtocolViolation } from '../../../../core/errors.ts';
import { encodeInit, initId } from '../../../../core/init-document.ts';
import { decodeBody, MessageReader } from '../../../../core/wire/framing.ts';
import { beacon } from '../../../../core/wire/index.ts';
import { Track } from '../../../../relay/channels/track.ts';
import { initDocument, unsignedChunk } from '../fixtures.ts';

const id = initId(initDocument(1));

function trackWith(...chunks: { sequence: number; group?: number }[]): Track {
  const track = new Track(0, 'flv', { maxAgeMs: 1e9, maxBytes: 1e9 });
  track.addInit(initDocument(1));
  for (const chunk of chunks) track.window.insert(unsignedChunk({ ...chunk, initId: id }), 0);
  return track;
}

test('a chunk that goes on, one that starts a group, and one after a gap are right', () => {
  const track = trackWith({ sequence: 10 });
  for (const [sequence, group] of [
    [11, 10],
    [11, 11],
    [500, 500],
    [500, 10],
  ] as const) {
    assert.equal(track.faultOf(unsignedChunk({ sequence, group, initId: id })), undefined);
  }
});

test('what is wrong is said', () => {
  const track = trackWith({ sequence: 10 }, { sequence: 12, group: 10 });
  const faults: [Parameters<typeof unsignedChunk>[0], RegExp][] = [
    [{ sequence: 12, group: 10, initId: id }, /sequence 12 after 12: it must grow/],
    [{ sequence: 11, initId: id }, /sequence 11 after 12/],
    [{ sequence: 13, group: 10 }, /init document that was not sent/],
    [{ sequence: 13, group: 11, initId: id }, /group 11, whose start was not sent/],
    [{ sequence: Number.MAX_SAFE_INTEGER, initId: id }, /none could follow/],
  ];
  for (const [header, sentence] of faults) assert.match(track.faultOf(unsignedChunk(header)) ?? 'nothing', sentence);
});

test('the very first chunk must start a group', () => {
  assert.match(trackWith().faultOf(unsignedChunk({ sequence: 5, group: 4, initId: id })) ?? '', /group 4/);
});

test('the container follows the newest init document; garbage is refused', () => {
  const track = trackWith();
  track.addInit(encodeInit({ container: 'ts', timestampOffset: 0, bytes: Uint8Array.of(1) }));
  assert.equal(track.container, 'ts');
  assert.throws(() => track.addInit(Uint8Array.of(99)), ProtocolViolation);
  assert.equal(track.container, 'ts');
});

test('the beacon tells the edge and its group; an empty track has none', () => {
  assert.equal(trackWith().beaconAt(5), undefined);
  const message = trackWith({ sequence: 10 }, { sequence: 11, group: 10 }).beaconAt(77);
  assert.ok(message);
  let told: unknown;
  new MessageReader((_, body) => {
    told = decodeBody(beacon, body);
  }).push(message);
  assert.deepEqual(told, { track: 0, edge: 11, group: 10, windowStart: 10, clock: 77 });
});
