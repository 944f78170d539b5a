// The audio of an FLV: sequence headers or the first frame -> tracks, frames -> access units.

import { type Bytes, equalBytes, NO_BYTES } from '../../bytes.ts';
import { TICKS_PER_SECOND, type Ticks } from '../../time.ts';
import type { AudioTrack, DemuxEvent } from '../track.ts';
import type { MediaPacket } from './ex-header.ts';
import type { FlvAudioCodec, FlvCodecs } from './flv-codec.ts';

/** The one audio track. A tag of some codecs may hold several frames: each becomes a unit, timed by the samples before it. */
export class FlvAudioStream {
  readonly #id: number;
  readonly #codecs: FlvCodecs;
  /** Of the codec that is configured; empty where a frame has told of the track. */
  #config: Bytes | undefined;
  #configured: FlvAudioCodec | undefined;
  #track: AudioTrack | undefined;
  #warned = false;
  readonly #told = new Set<string>();

  constructor(id: number, codecs: FlvCodecs) {
    this.#id = id;
    this.#codecs = codecs;
  }

  /** Takes the next packet of the default track; `time` is its tag's. */
  take({ role, codec: fourCc, data }: MediaPacket, time: Ticks, events: DemuxEvent[]): void {
    if (data.length === 0 || (role !== 'config' && role !== 'frame')) return;
    const codec = this.#codecs.audio[fourCc];
    if (!codec) this.#tell(this.#codecs.isWhole ? 'unsupported-codec' : 'unknown-codec', fourCc, events);
    else if (role === 'frame') this.#frames(codec, data, time, events);
    else if (codec.track) this.#configure(codec, codec.track(this.#id, data), data, events);
  }

  #tell(type: 'unsupported-codec' | 'unknown-codec', codec: string, events: DemuxEvent[]): void {
    const news = `${type} ${codec}`;
    if (!this.#told.has(news)) events.push({ type, kind: 'audio', codec });
    this.#told.add(news);
  }

  #configure(codec: FlvAudioCodec, track: AudioTrack | undefined, config: Bytes, events: DemuxEvent[]): void {
    if (codec === this.#configured && this.#config && equalBytes(config, this.#config)) return;
    if (track) this.#announce(codec, track, config.slice(), events);
    else events.push({ type: 'damage', reason: `malformed ${codec.name} sequence header`, bytes: config.length });
  }

  #announce(codec: FlvAudioCodec, track: AudioTrack, config: Bytes, events: DemuxEvent[]): void {
    this.#configured = codec;
    this.#config = config;
    this.#track = track;
    events.push({ type: 'track', track });
  }

  #frames(codec: FlvAudioCodec, data: Bytes, time: Ticks, events: DemuxEvent[]): void {
    let samples = 0;
    for (let at = 0; at < data.length; ) {
      const bytes = data.length - at;
      const isConfigured = codec === this.#configured;
      const frame = codec.frameAt(data, at, isConfigured ? this.#config : undefined);
      const damage = { type: 'damage', reason: `malformed ${codec.name} frame`, bytes } as const;
      if (!frame || frame.end > data.length) {
        events.push(damage);
        return;
      }
      if (frame.unsupported) {
        this.#tell('unsupported-codec', frame.unsupported, events);
        return;
      }
      const track = frame.track?.(this.#id);
      if (track) this.#follow(codec, track, events);
      else if (!isConfigured && codec.track) {
        if (!this.#warned) events.push({ ...damage, reason: 'audio without a sequence header' });
        this.#warned = true;
        return;
      }
      if (frame.samples <= 0) {
        events.push(damage);
        return;
      }
      const dts = time + Math.round((samples * TICKS_PER_SECOND) / (this.#track?.sampleRate ?? 1));
      const unit = { track: this.#id, dts, pts: dts, key: true, data: data.subarray(at, frame.end) };
      events.push({ type: 'unit', unit: { ...unit, samples: frame.samples } });
      samples += frame.samples;
      at = frame.end;
    }
  }

  // Codecs whose frames tell everything: the track follows them.
  #follow(codec: FlvAudioCodec, track: AudioTrack, events: DemuxEvent[]): void {
    const before = this.#track;
    const isSame = before && codec === this.#configured && before.sampleRate === track.sampleRate;
    if (!isSame || before.channels !== track.channels) this.#announce(codec, track, NO_BYTES, events);
  }
}
