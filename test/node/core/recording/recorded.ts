// The bytes of a recording, made by hand.

import { type Bytes, concat } from '../../../../core/bytes.ts';
import { assembleChunk, type Chunk, encodeHeader } from '../../../../core/chunk.ts';
import { encodeInit, initId } from '../../../../core/init-document.ts';
import { recordingEnd } from '../../../../core/recording/recording-end.ts';
import { recordingHead } from '../../../../core/recording/recording-head.ts';
import { encodeMessage } from '../../../../core/wire/framing.ts';
import { chunk as chunkMessage, init as initMessage } from '../../../../core/wire/index.ts';

export const HEAD = { channel: 'room/alice', publicKey: new Uint8Array(32).fill(7), startedAt: 1_795_000_000_000 };
export const END = { endedAt: HEAD.startedAt + 6_000, from: 900_000, to: 980_000, groups: 4 };

/** Chunks of 4,000 ticks and 100 bytes, with nobody's signature. */
export function chunkOf(sequence: number, group: number, document: Bytes, size = 100): Chunk {
  const header = {
    ...{ track: 0, sequence, group, epoch: 1_000, discontinuity: false, end: false },
    ...{ timestamp: 900_000 + (sequence - 1_000) * 4_000, duration: 4_000, entry: 0 },
    ...{ initId: initId(document), capturedAt: HEAD.startedAt + (sequence - 1_000) * 44 },
  };
  return assembleChunk(header, encodeHeader(header, size), new Uint8Array(64), new Uint8Array(size).fill(sequence));
}

/** Another init document for each number. */
export function documentOf(number: number): Bytes {
  return encodeInit({ container: 'ts', timestampOffset: 0, bytes: Uint8Array.of(0x47, number) });
}

/** The messages of a data file: groups of chunks, the second half under another init document. */
export function messagesOf({ groups = 4, chunks = 5, isEnded = true } = {}): Bytes[] {
  const messages = [encodeMessage(recordingHead, HEAD)];
  let sequence = 1_000;
  for (let g = 0; g < groups; g++) {
    const document = documentOf(g < groups / 2 ? 1 : 2);
    if (g === 0 || g === Math.ceil(groups / 2)) messages.push(encodeMessage(initMessage, { track: 0, document }));
    const group = sequence;
    for (let c = 0; c < chunks; c++) messages.push(encodeMessage(chunkMessage, chunkOf(sequence++, group, document)));
  }
  if (isEnded) messages.push(encodeMessage(recordingEnd, END));
  return messages;
}

/** The same as one. */
export const dataOf = (options?: Parameters<typeof messagesOf>[0]): Bytes => concat(messagesOf(options));
