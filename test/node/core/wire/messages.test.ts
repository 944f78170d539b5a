// Every wire message: survives, and is refused at every truncation; framing in any split.

import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { type Bytes, ByteWriter, concat } from '../../../../core/bytes.ts';
import { assembleChunk, encodeHeader } from '../../../../core/chunk.ts';
import { ProtocolViolation } from '../../../../core/errors.ts';
import type { Codec } from '../../../../core/wire/codec.ts';
import { decodeBody, encodeMessage, MAX_BODY, MessageReader } from '../../../../core/wire/framing.ts';
import * as wire from '../../../../core/wire/index.ts';
import { sequenceBits, sequencesIn } from '../../../../core/wire/sequence-bits.ts';

const codecs: Record<string, unknown> = { ...wire };

const header = {
  track: 1,
  sequence: 30,
  group: 20,
  epoch: 10,
  discontinuity: false,
  end: true,
  timestamp: 5,
  duration: 1,
  entry: 0,
  initId: new Uint8Array(8),
  capturedAt: 3,
};
const key = new Uint8Array(32).fill(3);

/** A message of each type, and whether a shortened body may still be a valid one (its last field takes all that is left). */
const samples: {
  [Name in keyof typeof wire]: {
    message: (typeof wire)[Name] extends Codec<infer Message> ? Message : never;
    open?: boolean;
  };
} = {
  subscribe: {
    message: {
      version: 1,
      channel: 'room/alice',
      resume: { count: 4, stripes: 5, from: 1_795_000_000_000 },
      token: 'a.b.c',
      ticket: 'paid',
    },
  },
  channelState: { message: { state: 'live', publicKey: key, windowStart: 161_550_000_000_000 } },
  init: { message: { track: 0, document: Uint8Array.of(1, 2, 3) }, open: true },
  chunk: { message: assembleChunk(header, encodeHeader(header, 3), new Uint8Array(64), Uint8Array.of(1, 2, 3)) },
  beacon: {
    message: { track: 0, edge: 1_795_000_000_123, group: 1_795_000_000_100, windowStart: 9, clock: 1_795_000_000_999 },
  },
  skipped: { message: { track: 0, from: 100, to: 163 } },
  ping: { message: { sentAt: 77_777 } },
  pong: { message: { sentAt: 77_777, clock: 1_795_000_000_999 } },
  refused: { message: { code: 'taken', reason: 'someone else is publishing' } },
  goaway: { message: { retryAfterMs: 500, reason: 'restart' } },
  publish: { message: { version: 1, channel: 'lecture', publicKey: key, token: 'a.b.c' } },
  challenge: { message: { nonce: key } },
  prove: { message: { mac: key, signature: new Uint8Array(64).fill(8) } },
  published: { message: { nextSequence: 1_795_000_000_000 } },
  unpublish: { message: {} },
  joinSwarm: {
    message: {
      secret: key.slice(0, 16),
      role: 'viewer',
      uploadKbps: 2_500,
      neighbours: [{ peer: 2 ** 47, stripes: 5 }],
    },
  },
  swarmReport: {
    message: {
      fromPeers: 9_000_000,
      fromRelay: 300_000,
      uploaded: 8_000_000,
      duplicates: 3,
      rejected: 1,
      fallbacks: 2,
      stalls: 0,
      uploadKbps: 2_400,
      latencyMs: 980,
      peers: [{ peer: 2 ** 47, roundTripMs: 51 }],
    },
  },
  qualityReport: {
    message: {
      stalls: 2,
      stalledMs: 700,
      playedMs: 9_300,
      latencyMs: 980,
      startupMs: 412,
      nat: 'cone',
      place: 'America/Argentina/ComodRivadavia',
    },
  },
  complaint: { message: { peer: 2 ** 47, grievance: 'corrupt', stripes: 2 } },
  served: { message: { stripe: 3, parent: 2 ** 47 } },
  pushStripes: { message: { track: 0, count: 4, stripes: 5, from: 1_795_000_000_123 } },
  want: { message: { track: 0, base: 1_795_000_000_123, bits: Uint8Array.of(1, 128) } },
  plan: { message: { parents: [0, 2 ** 47, 3, 4], spares: [5, 6] } },
  signal: { message: { peer: 2 ** 47, attempt: 7, kind: 'offer', text: 'v=0' } },
  dropPeer: { message: { peer: 2 ** 47, cause: 'banned' } },
  adopt: { message: { track: 0, count: 4, stripe: 3, from: 1_795_000_000_123 } },
  adopted: { message: { track: 0, stripe: 3, depth: 2 } },
  release: { message: { track: 0, stripe: 3, cause: 'full' } },
  have: { message: { track: 0, base: 1_795_000_000_123, bits: Uint8Array.of(255) } },
  renewAccess: { message: { token: 'a.b.c' } },
  lacking: { message: { track: 0, base: 1_795_000_000_123, bits: Uint8Array.of(3) } },
  leaveSwarm: { message: {} },
  locate: { message: { id: 3, track: 0, from: 1_795_000_000_123, at: 161_550_000_000_000 } },
  located: { message: { id: 3, track: 0, base: 1_795_000_000_123, bits: Uint8Array.of(5), next: 1_795_000_000_900 } },
  message: { message: { from: 'alice', own: true, isText: true, data: Uint8Array.of(104, 105) } },
  messageLoss: { message: { cause: 'busy', count: 300, reason: 'the channel carries 200 a second' } },
  enterRoom: { message: { version: 1, room: 'room/demo', user: 'alice', secret: key.slice(0, 16), token: 'a.b.c' } },
  roomState: {
    message: {
      members: [
        { user: 'alice', microphone: true, camera: false, speaking: true, channelIsLive: true, joinedAt: 1_795e9 },
        { user: 'bob', microphone: false, camera: true, speaking: false, channelIsLive: false, joinedAt: 1_795e9 },
      ],
    },
  },
  memberState: { message: { microphone: false, camera: true, speaking: false } },
  leaveRoom: { message: {} },
  fetch: { message: { track: 0, base: 1_795_000_000_123, bits: Uint8Array.of(1, 128) } },
};

function bodyOf(message: Bytes): { type: number; body: Bytes } {
  let found: { type: number; body: Bytes } | undefined;
  new MessageReader((type, body) => (found = { type, body })).push(message);
  assert.ok(found);
  return found;
}

for (const [name, { message, open }] of Object.entries(samples)) {
  // The table pairs each codec with a message of its own type; TypeScript can't follow that through Object.entries.
  const codec = codecs[name] as Codec<unknown>;
  test(`${codec.name}: survives, every truncation and any surplus is refused`, () => {
    const { type, body } = bodyOf(encodeMessage(codec, message));
    assert.equal(type, codec.type);
    assert.deepEqual(decodeBody(codec, body), message);
    for (let size = 0; size < body.length; size++) {
      if (open && size > 0) continue;
      assert.throws(
        () => decodeBody(codec, body.subarray(0, size)),
        ProtocolViolation,
        `${size} bytes of ${body.length}`,
      );
    }
    if (!open) assert.throws(() => decodeBody(codec, new Uint8Array([...body, 0])), ProtocolViolation);
  });

  test(`${codec.name}: random bodies do no more than a protocol violation`, () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
        try {
          decodeBody(codec, new Uint8Array(bytes));
        } catch (error) {
          assert.ok(error instanceof ProtocolViolation, String(error));
        }
      }),
    );
  });
}

test('a message of 16 KiB travels, one byte more is refused', () => {
  const said = { from: 'x'.repeat(128), own: false, isText: false, data: new Uint8Array(16_384) };
  const { body } = bodyOf(encodeMessage(wire.message, said));
  assert.deepEqual(decodeBody(wire.message, body), said);
  const large = new ByteWriter().u8(0).text('').block(new Uint8Array(16_385)).finish();
  assert.throws(() => decodeBody(wire.message, large), /block of 16385 bytes, at most 16384/);
});

test('a full room fits one message', () => {
  const state = { microphone: true, camera: true, speaking: true, channelIsLive: true, joinedAt: 1_795e9 };
  const members = Array.from({ length: 500 }, () => ({ user: 'u'.repeat(121), ...state }));
  const { body } = bodyOf(encodeMessage(wire.roomState, { members }));
  assert.deepEqual(decodeBody(wire.roomState, body), { members });
  assert.throws(() => decodeBody(wire.roomState, new ByteWriter().varint(501).finish()), /501 members, at most 500/);
});

test('types are unique', () => {
  const types = Object.values(wire).map(codec => codec.type);
  assert.equal(new Set(types).size, types.length);
});

const stream = concat(
  Object.entries(samples).map(([name, { message }]) => encodeMessage(codecs[name] as Codec<unknown>, message)),
);

function read(pieces: Bytes[]): string[] {
  const out: string[] = [];
  const reader = new MessageReader((type, body) => out.push(`${type}:${Buffer.from(body).toString('hex')}`));
  for (const piece of pieces) reader.push(piece);
  reader.end();
  return out;
}

test('the same messages come out of any split', () => {
  const whole = read([stream]);
  assert.equal(whole.length, Object.keys(samples).length);
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length), { maxLength: 40 }), cuts => {
      const edges = [0, ...cuts.sort((a, b) => a - b), stream.length];
      assert.deepEqual(read(edges.slice(1).map((edge, i) => stream.subarray(edges[i], edge))), whole);
    }),
  );
  assert.deepEqual(read(Array.from(stream, byte => Uint8Array.of(byte))), whole);
});

test('a message of 1 GiB is refused when it is announced, before a byte of it is held', () => {
  const reader = new MessageReader(() => assert.fail('no message is complete'));
  const announced = new ByteWriter()
    .varint(4)
    .varint(2 ** 30)
    .finish();
  assert.throws(() => reader.push(announced), /1073741824 bytes is announced, at most 131072/);
});

test('unknown types are handed on with their body, up to the limit', () => {
  const unknown = new ByteWriter(MAX_BODY + 16).varint(9_999).block(new Uint8Array(MAX_BODY)).finish();
  assert.deepEqual(bodyOf(unknown).type, 9_999);
});

test('a stream that ends inside a message is noticed', () => {
  const reader = new MessageReader(() => {});
  reader.push(stream.subarray(0, stream.length - 5));
  assert.throws(() => reader.end(), /ended .* bytes into a message/);
});

test('a set of sequences comes out as it went in, whatever the order; what is too far behind the lowest is left out', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(511), { minLength: 1 }), offsets => {
      const sequences = offsets.map(offset => 1_795_000_000_000 + offset);
      const sorted = [...sequences].sort((a, b) => a - b);
      assert.deepEqual(sequencesIn(sequenceBits(0, sequences)), sorted);
    }),
  );
  assert.deepEqual(sequencesIn(sequenceBits(0, [148, 100, 700])), [100, 148]);
  assert.deepEqual(sequencesIn(sequenceBits(0, [])), []);
});
