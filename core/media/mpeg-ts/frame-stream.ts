// Framed audio: frames that span PES packets, several in one, timed by counting samples from each packet's timestamp.

import { type Bytes, concat, NO_BYTES } from '../../bytes.ts';
import { TICKS_PER_SECOND, type Ticks } from '../../time.ts';
import type { DemuxEvent } from '../track.ts';
import type { ElementaryStream, TimedPes } from './elementary-stream.ts';
import type { AudioFrame, FrameFormat } from './frame-format.ts';

/** Reads frames of any format. A packet's timestamp is that of the first frame that starts in it (ISO/IEC 13818-1 §2.4.3.7). */
export class FrameStream implements ElementaryStream {
  readonly #id: number;
  readonly #format: FrameFormat;
  #carry: Bytes = NO_BYTES;
  /** Frames are known to touch up to here. */
  #synced = false;
  /** Time of the frame at which counting began, and samples since. */
  #anchor: Ticks | undefined;
  #counted = 0;
  #rate = 0;
  #configuration: string | undefined;
  #playable = false;
  #skipped = 0;

  constructor(id: number, format: FrameFormat) {
    this.#id = id;
    this.#format = format;
  }

  take(pes: TimedPes, events: DemuxEvent[], cut: boolean): void {
    const carried = this.#carry.length;
    const bytes = carried > 0 ? concat([this.#carry, pes.payload]) : pes.payload;
    this.#carry = NO_BYTES;
    let pts = pes.pts;
    let at = 0;
    while (at < bytes.length) {
      const size = this.#format.sizeAt(bytes, at);
      const whole = size > 0 && at + size <= bytes.length;
      if (size === 0 || (whole && !this.#synced && !this.#confirmed(bytes, at, size, carried))) {
        this.#synced = false;
        this.#skipped++;
        at++;
        continue;
      }
      if (!whole) break;
      if (at >= carried && pts !== undefined) {
        this.#anchor = pts;
        this.#counted = 0;
        pts = undefined;
      }
      const frame = this.#format.read(bytes, at, size);
      if (frame) {
        this.#synced = true;
        this.#reportSkipped(events);
        this.#emit(frame, events);
      } else {
        this.#skipped += size;
      }
      at += size;
    }
    if (at < bytes.length && !cut) {
      // The packet's time belongs to the frame that starts in it and ends in the next one.
      if (at >= carried && pts !== undefined) {
        this.#anchor = pts;
        this.#counted = 0;
      }
      this.#carry = bytes.slice(at);
    }
    this.#reportSkipped(events);
    if (cut) this.lose();
  }

  lose(): void {
    this.#carry = NO_BYTES;
    this.#synced = false;
    this.#anchor = undefined;
  }

  flush(): void {
    this.lose();
  }

  // Where frames are not known to touch, a header counts at the packet's start, or when what follows the frame is another.
  #confirmed(bytes: Bytes, at: number, size: number, carried: number): boolean {
    const next = at + size;
    if (next === bytes.length || (at === 0 && carried === 0)) return true;
    return this.#format.sizeAt(bytes, next) !== 0;
  }

  #emit(frame: AudioFrame, events: DemuxEvent[]): void {
    if (frame.units.length === 0) return;
    if (frame.configuration !== this.#configuration) {
      const track = frame.unsupported === undefined ? frame.track() : undefined;
      if (frame.unsupported !== undefined) {
        if (this.#configuration === undefined || this.#playable) {
          events.push({ type: 'unsupported-codec', kind: 'audio', codec: frame.unsupported });
        }
      } else if (track) events.push({ type: 'track', track: { ...track, id: this.#id } });
      else {
        events.push({
          type: 'damage',
          reason: `${this.#format.name} frame of an unusable configuration`,
          bytes: frame.size,
        });
        return;
      }
      this.#configuration = frame.configuration;
      this.#playable = track !== undefined;
    }
    if (this.#anchor === undefined || !this.#playable) return;
    if (frame.sampleRate !== this.#rate) {
      this.#anchor = this.#now();
      this.#counted = 0;
      this.#rate = frame.sampleRate;
    }
    for (const { data, samples } of frame.units) {
      const pts = this.#now();
      events.push({ type: 'unit', unit: { track: this.#id, dts: pts, pts, key: true, data, samples } });
      this.#counted += samples;
    }
  }

  #now(): Ticks {
    if (this.#rate === 0) return this.#anchor ?? 0;
    return (this.#anchor ?? 0) + Math.round((this.#counted * TICKS_PER_SECOND) / this.#rate);
  }

  #reportSkipped(events: DemuxEvent[]): void {
    if (this.#skipped === 0) return;
    events.push({ type: 'damage', reason: `no ${this.#format.name} frame found`, bytes: this.#skipped });
    this.#skipped = 0;
  }
}
