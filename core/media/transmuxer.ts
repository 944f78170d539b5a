// The page's pipeline: chunks' bytes in order, with gaps told -> init segments and fragments on the player's timeline.

import { type Bytes, equalBytes, NO_BYTES } from '../bytes.ts';
import type { InitDocument } from '../init-document.ts';
import { TICKS_PER_SECOND, type Ticks } from '../time.ts';
import { AudioFragmenter } from './isobmff/audio-fragmenter.ts';
import type { Fragment, Fragmenter } from './isobmff/fragmenter.ts';
import { initSegment, mimeOf } from './isobmff/init-segment.ts';
import { VideoFragmenter } from './isobmff/video-fragmenter.ts';
import type { AccessUnit, DemuxEvent, Demuxer, MediaTrack } from './track.ts';

/** What a player needs to know, in order. Times are seconds since the origin. */
export type TransmuxEvent =
  /** A stream begins or its configuration changed: `bytes` is the init segment for the fragments of that kind that follow (empty for raw MP3). */
  | {
      readonly type: 'init';
      readonly kind: MediaTrack['kind'];
      readonly track: MediaTrack;
      readonly mime: string;
      readonly bytes: Bytes;
    }
  | ({ readonly type: 'fragment'; readonly kind: MediaTrack['kind'] } & Fragment)
  | { readonly type: 'metadata'; readonly name: string; readonly value: unknown; readonly time: number }
  | Extract<DemuxEvent, { type: 'unsupported-codec' | 'unknown-codec' | 'damage' }>;

/** The numbers that the tracks have in every MP4 that is written. */
export const TRACK_ID = { video: 1, audio: 2 } as const;

/** Where the player's zero is, and what it plays. */
export interface TransmuxerOptions {
  /** Channel time at the player's 0. Units before it are left out. */
  readonly origin: Ticks;
  /** Give MP3 as raw frames of `audio/mpeg`: Chromium plays no MP3 in MP4. */
  readonly mpegAudioRaw?: boolean;
}

/** One stream of the epoch, and what makes its fragments. */
interface Lane {
  readonly track: MediaTrack;
  readonly fragmenter: Fragmenter;
}

/** Each call gives back at most one fragment per track with all complete units (more where time jumps or a configuration changes). */
export class Transmuxer {
  readonly #origin: Ticks;
  readonly #mpegAudioRaw: boolean;
  readonly #demuxer: Demuxer;
  readonly #lanes: { video?: Lane; audio?: Lane } = {};
  /** Ids of the epoch's tracks; a container may carry more of a kind than are played. */
  #chosen: { video?: number; audio?: number } = {};
  /** Player time minus source time. */
  #shift: Ticks;
  #early = { units: 0, bytes: 0 };

  /** `demuxer` reads the container; nobody else uses it. */
  constructor(demuxer: Demuxer, options: TransmuxerOptions) {
    this.#origin = options.origin;
    this.#shift = -options.origin;
    this.#mpegAudioRaw = options.mpegAudioRaw ?? false;
    this.#demuxer = demuxer;
  }

  /** Begins an epoch, after whatever the last one still had. `timestamp` is the channel time of its first chunk, if known. Throws `NotThisMedia`. */
  start(init: InitDocument, timestamp?: Ticks): TransmuxEvent[] {
    const events = this.flush();
    for (const lane of [this.#lanes.video, this.#lanes.audio]) lane?.fragmenter.gap();
    this.#chosen = {};
    this.#shift = init.timestampOffset - this.#origin;
    this.#demuxer.reset(timestamp === undefined ? undefined : timestamp - init.timestampOffset);
    return events.concat(this.push(init.bytes));
  }

  /** The next chunk's payload; it must stay unchanged. Throws `NotThisMedia` when the epoch's first bytes can't be its container. */
  push(payload: Bytes): TransmuxEvent[] {
    return this.#take(this.#demuxer.push(payload));
  }

  /** Chunks are missing here: the next payload starts at its entry. */
  gap(): TransmuxEvent[] {
    const events = this.#take(this.#demuxer.gap());
    for (const lane of [this.#lanes.video, this.#lanes.audio]) lane?.fragmenter.gap();
    return events;
  }

  /** The stream ends here: what was held back comes out. */
  flush(): TransmuxEvent[] {
    return this.#take(this.#demuxer.flush());
  }

  #take(demuxed: readonly DemuxEvent[]): TransmuxEvent[] {
    const events: TransmuxEvent[] = [];
    for (const event of demuxed) {
      if (event.type === 'unit') this.#takeUnit(event.unit);
      else if (event.type === 'track') this.#takeTrack(event.track, events);
      else if (event.type === 'metadata') {
        const { name, value, pts } = event;
        events.push({ type: 'metadata', name, value, time: (pts + this.#shift) / TICKS_PER_SECOND });
      } else events.push(event);
    }
    this.#emit('video', events);
    this.#emit('audio', events);
    if (this.#early.units > 0) {
      const { units, bytes } = this.#early;
      events.push({ type: 'damage', reason: `${units} units before the player's time 0`, bytes });
      this.#early = { units: 0, bytes: 0 };
    }
    return events;
  }

  #takeUnit(unit: AccessUnit): void {
    const { video, audio } = this.#chosen;
    const lane = unit.track === video ? this.#lanes.video : unit.track === audio ? this.#lanes.audio : undefined;
    if (!lane || lane.fragmenter.add(unit, this.#shift)) return;
    this.#early.units++;
    this.#early.bytes += unit.data.length;
  }

  #takeTrack(track: MediaTrack, events: TransmuxEvent[]): void {
    const { kind } = track;
    this.#chosen[kind] ??= track.id;
    if (this.#chosen[kind] !== track.id) return;
    const previous = this.#lanes[kind]?.track;
    if (previous && sameConfiguration(previous, track)) return;
    this.#emit(kind, events);
    const trackId = TRACK_ID[kind];
    const raw = this.#mpegAudioRaw && track.codec === 'mp3';
    const fragmenter = track.kind === 'video' ? new VideoFragmenter(trackId) : new AudioFragmenter(trackId, track, raw);
    this.#lanes[kind] = { track, fragmenter };
    const mime = raw ? 'audio/mpeg' : mimeOf(track);
    events.push({ type: 'init', kind, track, mime, bytes: raw ? NO_BYTES : initSegment([{ trackId, track }]) });
  }

  #emit(kind: MediaTrack['kind'], events: TransmuxEvent[]): void {
    const fragments = this.#lanes[kind]?.fragmenter.take() ?? [];
    for (const { bytes, start, end, key } of fragments) events.push({ type: 'fragment', kind, bytes, start, end, key });
  }
}

function sameConfiguration(a: MediaTrack, b: MediaTrack): boolean {
  if (a.codecString !== b.codecString || !equalBytes(a.description, b.description)) return false;
  if (a.kind === 'audio') return b.kind === 'audio' && a.sampleRate === b.sampleRate && a.channels === b.channels;
  return b.kind === 'video' && a.width === b.width && a.height === b.height;
}
