// A demuxer that can stop before the next key picture, so that what came until then can be made a segment.

import type { Bytes } from '../../core/bytes.ts';
import type { DemuxEvent, Demuxer } from '../../core/media/track.ts';
import type { Ticks } from '../../core/time.ts';

export class KeyCut implements Demuxer {
  readonly #demuxer: Demuxer;
  readonly #video = new Set<number>();
  #armed = false;
  /** From the key picture on. */
  #held: DemuxEvent[] = [];

  constructor(demuxer: Demuxer) {
    this.#demuxer = demuxer;
  }

  /** It is to stop before the next key picture. */
  get armed(): boolean {
    return this.#armed;
  }

  /** It has stopped: the next push, of nothing, goes on. */
  get holds(): boolean {
    return this.#held.length > 0;
  }

  get hasVideo(): boolean {
    return this.#video.size > 0;
  }

  arm(): void {
    this.#armed = true;
  }

  push(bytes: Bytes): DemuxEvent[] {
    return this.#take(bytes.length > 0 ? this.#demuxer.push(bytes) : []);
  }

  gap(): DemuxEvent[] {
    return this.#take(this.#demuxer.gap());
  }

  flush(): DemuxEvent[] {
    this.#armed = false;
    return this.#take(this.#demuxer.flush());
  }

  reset(reference?: Ticks): void {
    this.#armed = false;
    this.#held = [];
    this.#video.clear();
    this.#demuxer.reset(reference);
  }

  #take(demuxed: readonly DemuxEvent[]): DemuxEvent[] {
    const events = [...this.#held.splice(0), ...demuxed];
    for (const event of events)
      if (event.type === 'track' && event.track.kind === 'video') this.#video.add(event.track.id);
    if (!this.#armed) return events;
    let at = events.findIndex(event => event.type === 'unit' && event.unit.key && this.#video.has(event.unit.track));
    if (at < 0) return events;
    while (at > 0 && events[at - 1]!.type === 'track') at--; // its configuration comes with it
    this.#armed = false;
    this.#held = events.splice(at);
    return events;
  }
}
