// Timed ID3 metadata as HLS carries it: an ID3 tag a PES packet (Timed Metadata for HTTP Live Streaming §2).

import type { DemuxEvent } from '../track.ts';
import type { ElementaryStream, TimedPes } from './elementary-stream.ts';

/** Hands on tags as they are, with the time of their packet. */
export class Id3Stream implements ElementaryStream {
  take({ payload, pts }: TimedPes, events: DemuxEvent[], cut: boolean): void {
    const isTag = payload[0] === 0x49 && payload[1] === 0x44 && payload[2] === 0x33;
    if (cut || !isTag || pts === undefined) {
      events.push({ type: 'damage', reason: 'no whole ID3 tag', bytes: payload.length });
      return;
    }
    events.push({ type: 'metadata', name: 'ID3', value: payload.slice(), pts });
  }

  lose(): void {}

  flush(): void {}
}
