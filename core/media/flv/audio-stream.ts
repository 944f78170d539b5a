// The audio of an FLV: sequence headers or the first frame -> tracks, frames -> access units.

import { type Bytes, equalBytes } from '../../bytes.ts';
import { TICKS_PER_SECOND, type Ticks } from '../../time.ts';
import { aacSamples, aacTrack } from '../codecs/aac.ts';
import { ac3Track, parseAc3Header } from '../codecs/ac3.ts';
import { flacFrameSamples, flacTrack } from '../codecs/flac.ts';
import { mpegAudioTrack, parseMpegAudioHeader } from '../codecs/mpeg-audio.ts';
import { opusPacketSamples, opusTrack } from '../codecs/opus.ts';
import type { AudioTrack, DemuxEvent } from '../track.ts';
import type { MediaPacket } from './ex-header.ts';

/** The one audio track. A tag of MP3 or AC-3 may hold several frames: each becomes a unit, timed by the samples before it. */
export class FlvAudioStream {
  readonly #id: number;
  #config: Bytes | undefined;
  /** FourCC of the configuration. */
  #configured = '';
  #track: AudioTrack | undefined;
  #samples = 0;
  #warned = false;
  readonly #unsupported = new Set<string>();

  constructor(id: number) {
    this.#id = id;
  }

  /** Takes the next packet of the default track; `time` is its tag's. */
  take(packet: MediaPacket, time: Ticks, events: DemuxEvent[]): void {
    const { role, codec, data } = packet;
    if (data.length === 0 || (role !== 'config' && role !== 'frame')) return;
    switch (codec) {
      case 'mp4a':
      case 'Opus':
      case 'fLaC':
        if (role === 'config') this.#configure(codec, data, events);
        else this.#frame(codec, data, time, events);
        return;
      case '.mp3':
        if (role === 'frame') this.#mpegFrames(data, time, events);
        return;
      case 'ac-3':
      case 'ec-3':
        if (role === 'frame') this.#ac3Frames(data, time, events);
        return;
      default:
        this.#refuse(codec, events);
    }
  }

  #refuse(codec: string, events: DemuxEvent[]): void {
    if (this.#unsupported.has(codec)) return;
    this.#unsupported.add(codec);
    events.push({ type: 'unsupported-codec', kind: 'audio', codec });
  }

  #configure(codec: 'mp4a' | 'Opus' | 'fLaC', config: Bytes, events: DemuxEvent[]): void {
    if (codec === this.#configured && this.#config && equalBytes(config, this.#config)) return;
    const describe = codec === 'mp4a' ? aacTrack : codec === 'Opus' ? opusTrack : flacTrack;
    const track = describe(this.#id, config);
    if (!track) {
      events.push({ type: 'damage', reason: `malformed ${codec} sequence header`, bytes: config.length });
      return;
    }
    this.#config = config.slice();
    this.#configured = codec;
    this.#samples = codec === 'mp4a' ? aacSamples(config) : 0;
    this.#announce(track, events);
  }

  #announce(track: AudioTrack, events: DemuxEvent[]): void {
    this.#track = track;
    events.push({ type: 'track', track });
  }

  #unit(data: Bytes, dts: Ticks, samples: number, events: DemuxEvent[]): void {
    events.push({ type: 'unit', unit: { track: this.#id, dts, pts: dts, key: true, data, samples } });
  }

  #frame(codec: 'mp4a' | 'Opus' | 'fLaC', data: Bytes, time: Ticks, events: DemuxEvent[]): void {
    if (codec === 'Opus' && this.#configured !== codec) {
      // RFC 6716 §3.1: the packet itself tells mono from stereo.
      const track = opusTrack(this.#id, { channels: data[0]! & 4 ? 2 : 1 });
      this.#configured = codec;
      if (track) this.#announce(track, events);
    }
    if (!this.#track || codec !== this.#configured) {
      if (!this.#warned) events.push({ type: 'damage', reason: 'audio without a sequence header', bytes: data.length });
      this.#warned = true;
      return;
    }
    const samples =
      codec === 'mp4a' ? this.#samples : codec === 'Opus' ? opusPacketSamples(data) : flacFrameSamples(data);
    if (samples > 0) this.#unit(data, time, samples, events);
    else events.push({ type: 'damage', reason: `malformed ${codec} frame`, bytes: data.length });
  }

  #mpegFrames(data: Bytes, time: Ticks, events: DemuxEvent[]): void {
    let samples = 0;
    for (let at = 0; at < data.length; ) {
      const header = parseMpegAudioHeader(data, at);
      const end = at + (header?.frameSize ?? 0);
      if (!header || end > data.length) {
        events.push({ type: 'damage', reason: 'malformed MP3 frame', bytes: data.length - at });
        return;
      }
      if (header.layer !== 3) {
        this.#refuse(`MPEG audio layer ${header.layer}`, events);
        return;
      }
      const { sampleRate } = header;
      this.#follow(mpegAudioTrack(this.#id, header), '.mp3', events);
      this.#unit(data.subarray(at, end), time + toTicks(samples, sampleRate), header.samples, events);
      samples += header.samples;
      at = end;
    }
  }

  // A unit is an independent frame with the dependent ones and further substreams that follow it.
  #ac3Frames(data: Bytes, time: Ticks, events: DemuxEvent[]): void {
    let samples = 0;
    for (let at = 0; at < data.length; ) {
      const header = parseAc3Header(data, at);
      let end = at + (header?.frameSize ?? 0);
      if (!header || end > data.length) {
        events.push({ type: 'damage', reason: 'malformed AC-3 frame', bytes: data.length - at });
        return;
      }
      for (let next = parseAc3Header(data, end); next; next = parseAc3Header(data, end)) {
        if ((next.independent && next.substream === 0) || end + next.frameSize > data.length) break;
        end += next.frameSize;
      }
      this.#follow(ac3Track(this.#id, header), header.codec, events);
      this.#unit(data.subarray(at, end), time + toTicks(samples, header.sampleRate), header.samples, events);
      samples += header.samples;
      at = end;
    }
  }

  // Codecs whose frames tell everything: the track follows them.
  #follow(track: AudioTrack, codec: string, events: DemuxEvent[]): void {
    const before = this.#track;
    const same = before && codec === this.#configured && before.sampleRate === track.sampleRate;
    if (same && before.channels === track.channels) return;
    this.#configured = codec;
    this.#config = undefined;
    this.#announce(track, events);
  }
}

function toTicks(samples: number, rate: number): Ticks {
  return Math.round((samples * TICKS_PER_SECOND) / rate);
}
