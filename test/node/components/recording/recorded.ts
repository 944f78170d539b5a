// A recording for tests: its groups, its map, and where its chunks are; 25 chunks a second, a group a second.

import { RecordingMap } from '../../../../components/recording/recording-map.ts';
import type { Chunk } from '../../../../core/chunk.ts';
import { encodeInit, initId } from '../../../../core/init-document.ts';
import type { IndexedGroup } from '../../../../core/recording/group-index.ts';
import type { HeldInit } from '../../../../core/swarm/chunk-window.ts';
import { encodeMessage } from '../../../../core/wire/framing.ts';
import { chunk as chunkMessage, init as initMessage } from '../../../../core/wire/index.ts';
import { unsignedChunk } from '../../relay/fixtures.ts';

export const PER_GROUP = 25;
export const START = 900_000;
const SECOND = 90_000;
const document = encodeInit({ container: 'flv', timestampOffset: 0, bytes: Uint8Array.of(1) });
const message = encodeMessage(initMessage, { track: 0, document });

/** The init document that all chunks name. */
export const INIT: HeldInit = { id: initId(document), message };

/** The chunk with this sequence. */
export function chunkAt(sequence: number, first = 1_000): Chunk {
  const group = first + Math.floor((sequence - first) / PER_GROUP) * PER_GROUP;
  const timestamp = START + Math.round(((sequence - first) * SECOND) / PER_GROUP);
  const header = { sequence, group, epoch: first, timestamp, duration: SECOND / PER_GROUP, initId: INIT.id };
  return unsignedChunk(header, 1_000);
}

/** How the relay tells of so many groups; `leavesOut` are sequences that were never recorded. */
export function indexOf(groups: number, { running = false, leavesOut = [] as readonly number[] } = {}) {
  const found: IndexedGroup[] = [];
  const init = 60;
  let offset = init + message.length;
  let sequence = 1_000;
  for (let place = 0; place < groups; place++) {
    const { timestamp } = chunkAt(sequence).header;
    found.push({ sequence, timestamp, capturedAt: 0, offset, init, initSize: message.length });
    for (let i = 0; i < PER_GROUP; i++, sequence++) {
      if (!leavesOut.includes(sequence)) offset += encodeMessage(chunkMessage, chunkAt(sequence)).length;
    }
  }
  const columns = Object.fromEntries(
    ['sequence', 'timestamp', 'capturedAt', 'offset', 'init', 'initSize'].map(name => [
      name,
      found.map(group => group[name as keyof IndexedGroup]), // its own names
    ]),
  );
  return { groups: columns, end: offset, endTimestamp: START + groups * SECOND, running };
}

/** A map of so many groups. */
export function mapOf(...options: Parameters<typeof indexOf>): RecordingMap {
  const map = new RecordingMap();
  map.take(indexOf(...options));
  return map;
}
