// FLV in any split -> tracks and access units, of the codecs it is given (Adobe FLV 10.1, annex E; Veovera E-RTMP v2).

import { type Bytes, concat } from '../../bytes.ts';
import { TICKS_PER_MILLI, TICKS_PER_SECOND, type Ticks, unwrapNear } from '../../time.ts';
import type { DemuxEvent, Demuxer } from '../track.ts';
import { decodeAmf0 } from './amf0.ts';
import { FlvAudioStream } from './audio-stream.ts';
import { readAudioTag } from './audio-tag.ts';
import type { MediaPacket } from './ex-header.ts';
import type { FlvCodecs } from './flv-codec.ts';
import { type FlvTag, TAG_HEADER_SIZE, TIMESTAMP_PERIOD } from './flv-tag.ts';
import { type FlvReadEvent, FlvTagReader } from './flv-tag-reader.ts';
import { FlvVideoStream } from './video-stream.ts';
import { readVideoTag } from './video-tag.ts';

/** Ids of the tracks: FLV has one default track of each kind; further ones of a multitrack stream are left out. */
export const FLV_VIDEO_TRACK = 1;
export const FLV_AUDIO_TRACK = 2;

/** A tag that lies within one push is not copied; one that is split is joined once it is whole. */
export class BasicFlvDemuxer implements Demuxer {
  readonly #reader = new FlvTagReader();
  readonly #codecs: FlvCodecs;
  #video: FlvVideoStream;
  #audio: FlvAudioStream;
  #tag: FlvTag | undefined;
  #parts: Bytes[] = [];
  /** Milliseconds, unwrapped, of the last coded frame. */
  #reference: number | undefined;

  /** May learn further codecs while it reads. */
  constructor(codecs: FlvCodecs) {
    this.#codecs = codecs;
    this.#video = new FlvVideoStream(FLV_VIDEO_TRACK, codecs);
    this.#audio = new FlvAudioStream(FLV_AUDIO_TRACK, codecs);
  }

  push(bytes: Bytes): DemuxEvent[] {
    return this.#take(this.#reader.push(bytes));
  }

  gap(): DemuxEvent[] {
    const events = this.#take(this.#reader.gap());
    this.#video.awaitKey();
    return events;
  }

  flush(): DemuxEvent[] {
    const events = this.#take(this.#reader.flush());
    this.#video.awaitKey();
    return events;
  }

  reset(reference?: Ticks): void {
    this.#reader.reset();
    this.#video = new FlvVideoStream(FLV_VIDEO_TRACK, this.#codecs);
    this.#audio = new FlvAudioStream(FLV_AUDIO_TRACK, this.#codecs);
    this.#forget();
    this.#reference = reference === undefined ? undefined : reference / TICKS_PER_MILLI;
  }

  #forget(): void {
    this.#tag = undefined;
    this.#parts = [];
  }

  #take(read: readonly FlvReadEvent[]): DemuxEvent[] {
    const events: DemuxEvent[] = [];
    for (const event of read) {
      switch (event.type) {
        case 'tag':
          this.#tag = event.tag;
          this.#parts = [event.bytes.subarray(TAG_HEADER_SIZE)];
          break;
        case 'data':
          this.#parts.push(event.bytes);
          break;
        case 'end':
          if (this.#tag) this.#complete(this.#tag, concat(this.#parts), events);
          this.#forget();
          break;
        case 'lost':
          this.#forget();
          this.#video.awaitKey();
          break;
        case 'file':
          this.#video.awaitKey();
          break;
        case 'damage':
          // Whatever stood in the place of the garbage is missing.
          if (event.bytes > 0) this.#video.awaitKey();
          events.push(event);
      }
    }
    return events;
  }

  #complete(tag: FlvTag, body: Bytes, events: DemuxEvent[]): void {
    if (tag.kind === 'other' || body.length === 0) return;
    const millis = unwrapNear(tag.timestamp, this.#reference ?? tag.timestamp, TIMESTAMP_PERIOD);
    if (tag.kind === 'script') {
      this.#script(body, millis * TICKS_PER_MILLI, events);
      return;
    }
    const packets = tag.kind === 'video' ? readVideoTag(body) : readAudioTag(body);
    if (!packets) {
      events.push({ type: 'damage', reason: `malformed ${tag.kind} tag`, bytes: body.length });
      if (tag.kind === 'video') this.#video.awaitKey();
      return;
    }
    for (const packet of packets) {
      if (packet.track !== 0) continue;
      if (packet.role === 'frame') this.#reference = millis;
      const time = millis * TICKS_PER_MILLI + toTicks(packet);
      if (packet.role === 'metadata') this.#script(packet.data, time, events);
      else if (tag.kind === 'video') this.#video.take(packet, time, events);
      else this.#audio.take(packet, time, events);
    }
  }

  #script(body: Bytes, pts: Ticks, events: DemuxEvent[]): void {
    const values = decodeAmf0(body);
    // Recorders of RTMP leave the command in front of the name.
    if (values?.[0] === '@setDataFrame') values.shift();
    const [name, ...rest] = values ?? [];
    if (typeof name !== 'string') {
      events.push({ type: 'damage', reason: 'malformed script data', bytes: body.length });
      return;
    }
    events.push({ type: 'metadata', name, value: rest.length > 1 ? rest : rest[0], pts });
  }
}

function toTicks(packet: MediaPacket): Ticks {
  return packet.nanoseconds === 0 ? 0 : Math.round((packet.nanoseconds * TICKS_PER_SECOND) / 1_000_000_000);
}
