// The video of an FLV: sequence headers -> tracks, coded frames -> access units.

import { type Bytes, equalBytes } from '../../bytes.ts';
import { TICKS_PER_MILLI, type Ticks } from '../../time.ts';
import type { DemuxEvent, VideoTrack } from '../track.ts';
import type { MediaPacket } from './ex-header.ts';
import type { FlvCodecs, FlvVideoCodec } from './flv-codec.ts';

const COMMON_NAMES: Readonly<Record<string, string>> = { vp08: 'VP8', vvc1: 'VVC' };

/**
 * The one video track. Times are clamped so that pts >= dts: where a composition time is negative, the decode time moves down to the presentation
 * time as far as the unit before allows, and only the rest moves the presentation time up.
 */
export class FlvVideoStream {
  readonly #id: number;
  readonly #codecs: FlvCodecs;
  #config: Bytes | undefined;
  #codec: FlvVideoCodec | undefined;
  #track: VideoTrack | undefined;
  #awaitsKey = true;
  /** After a random access to an open group: pictures that lean on what went before can't be decoded. */
  #skipsLeading = false;
  #lastDts: Ticks = Number.NEGATIVE_INFINITY;
  #warned = false;
  readonly #told = new Set<string>();

  constructor(id: number, codecs: FlvCodecs) {
    this.#id = id;
    this.#codecs = codecs;
  }

  /** Something is missing: the next unit must be one that a decoder can start with. */
  awaitKey(): void {
    this.#awaitsKey = true;
    this.#lastDts = Number.NEGATIVE_INFINITY;
  }

  /** Takes the next packet of the default track; `time` is its tag's. */
  take(packet: MediaPacket, time: Ticks, events: DemuxEvent[]): void {
    if (packet.role !== 'config' && packet.role !== 'ts-config' && packet.role !== 'frame') return;
    const codec = this.#codecs.video[packet.codec];
    if (!codec) {
      const name = COMMON_NAMES[packet.codec] ?? packet.codec;
      this.#tell(this.#codecs.isWhole ? 'unsupported-codec' : 'unknown-codec', name, events);
    } else if (packet.role === 'ts-config')
      this.#tell('unsupported-codec', `${codec.name.toUpperCase()} with an MPEG-2 TS sequence header`, events);
    else if (packet.role === 'config') this.#configure(codec, packet.data, events);
    else this.#frame(codec, packet, time, events);
  }

  #tell(type: 'unsupported-codec' | 'unknown-codec', codec: string, events: DemuxEvent[]): void {
    const news = `${type} ${codec}`;
    if (!this.#told.has(news)) events.push({ type, kind: 'video', codec });
    this.#told.add(news);
  }

  #configure(codec: FlvVideoCodec, config: Bytes, events: DemuxEvent[]): void {
    if (codec === this.#codec && this.#config && equalBytes(config, this.#config)) return;
    const track = codec.track(this.#id, config);
    if (!track) {
      events.push({ type: 'damage', reason: `malformed ${codec.name} sequence header`, bytes: config.length });
      return;
    }
    this.#codec = codec;
    this.#config = config.slice();
    this.#awaitsKey = true;
    this.#announce(track, events);
  }

  // A track without a size waits for the key frame that tells it.
  #announce(track: VideoTrack, events: DemuxEvent[]): void {
    this.#track = track;
    if (track.width > 0) events.push({ type: 'track', track });
  }

  #frame(codec: FlvVideoCodec, packet: MediaPacket, time: Ticks, events: DemuxEvent[]): void {
    const track = this.#track;
    const bytes = packet.data.length;
    if (!track || !this.#config || codec !== this.#codec) {
      if (!this.#warned) events.push({ type: 'damage', reason: 'video without a sequence header', bytes });
      this.#warned = true;
      return;
    }
    if (bytes === 0 || (this.#awaitsKey && !packet.key)) return;
    const picture = codec.picture(packet, track, this.#config);
    if (!picture) {
      events.push({ type: 'damage', reason: 'a NAL unit runs past the end of its tag', bytes });
      this.awaitKey();
      return;
    }
    const { data } = picture;
    if (picture.track) this.#announce(picture.track, events);
    if (data.length === 0) return;
    if (packet.key) this.#skipsLeading = picture.isOpen === true && this.#awaitsKey;
    if (this.#skipsLeading && picture.leans) return;
    if (this.#track!.width === 0) return; // set above or before; no key frame told the size yet
    this.#awaitsKey = false;
    const pts = time + packet.composition * TICKS_PER_MILLI;
    const dts = pts < time ? Math.max(pts, Math.min(time, this.#lastDts)) : time;
    this.#lastDts = dts;
    events.push({
      type: 'unit',
      unit: { track: this.#id, dts, pts: Math.max(pts, dts), key: packet.key, data, samples: 0 },
    });
  }
}
