// One track of a channel on the relay: its window, and what the wire says about it.

import type { Bytes } from '../../core/bytes.ts';
import { type Chunk, startsGroup } from '../../core/chunk.ts';
import { type Container, decodeInit, initId } from '../../core/init-document.ts';
import { ChunkWindow, type WindowLimits } from '../../core/swarm/chunk-window.ts';
import type { Millis, Ticks } from '../../core/time.ts';
import { encodeMessage } from '../../core/wire/framing.ts';
import { beacon } from '../../core/wire/index.ts';
import { StreamRate } from './stream-rate.ts';

export class Track {
  readonly id: number;
  readonly window: ChunkWindow;
  readonly rate = new StreamRate();
  container: Container;

  constructor(id: number, container: Container, limits: WindowLimits) {
    this.id = id;
    this.container = container;
    this.window = new ChunkWindow(limits);
  }

  /** Channel time of the oldest group that can be fetched; 0 if none. */
  get windowStart(): Ticks {
    return this.window.pastStart?.header.timestamp ?? 0;
  }

  /** Holds an encoded init document. Throws `ProtocolViolation`. */
  addInit(document: Bytes): void {
    this.container = decodeInit(document).container;
    this.window.addInit(this.id, document, initId(document));
  }

  /** Says what is wrong with a chunk that comes next, or nothing. */
  faultOf({ header }: Chunk): string | undefined {
    const newest = this.window.newest?.header;
    if (header.sequence >= Number.MAX_SAFE_INTEGER) return `sequence ${header.sequence}: none could follow it`;
    if (newest && header.sequence <= newest.sequence) {
      return `sequence ${header.sequence} after ${newest.sequence}: it must grow`;
    }
    if (!this.window.hasInit(header.initId)) return 'it names an init document that was not sent';
    if (!startsGroup(header) && header.group !== newest?.group) {
      return `it belongs to group ${header.group}, whose start was not sent`;
    }
    return undefined;
  }

  /** The `beacon` message of this moment, if there is anything to tell. */
  beaconAt(clock: Millis): Bytes | undefined {
    const newest = this.window.newest?.header;
    if (!newest) return undefined;
    const { sequence: edge, group } = newest;
    return encodeMessage(beacon, { track: this.id, edge, group, windowStart: this.windowStart, clock });
  }
}
