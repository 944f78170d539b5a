// FLV in any split -> init and cuts: groups that start at keyframes, bytes that stream out before their tag is complete.

import { type Bytes, concat, equalBytes } from '../../bytes.ts';
import { type Millis, TICKS_PER_MILLI, unwrapNear } from '../../time.ts';
import { ChunkCutter } from '../chunk-cutter.ts';
import type { Chunker, ChunkerEvent, Cut, CutLimits } from '../chunker.ts';
import { FlvInit } from './flv-init.ts';
import { type FlvTag, TAG_HEADER_SIZE, TIMESTAMP_PERIOD, u32 } from './flv-tag.ts';
import { type FlvReadEvent, FlvTagReader } from './flv-tag-reader.ts';
import { readTagRole, type TagRole } from './tag-role.ts';

/** Source time may go back this far before it counts as a jump, in milliseconds. */
const MAX_BACK = 500;
/** And ahead this far. */
const MAX_AHEAD = 3_000;
/** The first frame of a kind may be this far from the last of the other kind, in milliseconds. */
const MAX_FIRST_SKEW = 10_000;
/** So much audio without video makes a stream count as audio only, in milliseconds. */
const VIDEO_PATIENCE = 3_000;
/** A group of audio lasts about so long, in milliseconds. */
const AUDIO_GROUP = 1_000;

const NEEDS_CONFIG = new Set(['avc1', 'hvc1', 'av01', 'vp09', 'mp4a', 'fLaC']);

/**
 * Groups start at key frames of the default video track; where there is no video, at an audio frame about each second. Tags are passed on as they are, but
 * a wrong PreviousTagSize is put right, so that readers need not wait for the next tag to believe this one. Garbage and unknown tags are not passed on.
 */
export class FlvChunker implements Chunker {
  readonly container = 'flv';
  readonly #reader = new FlvTagReader();
  readonly #cutter: ChunkCutter;
  readonly #init = new FlvInit();
  #sentConfigs: Bytes | undefined;
  /** A group is open. */
  #passing = false;
  /** The tag being read goes out. */
  #forwards = false;
  #tag: FlvTag | undefined;
  #kept: { slot: string; parts: Bytes[] } | undefined;
  #restarted = false;
  /** Milliseconds, unwrapped, of the last frame of any kind and of each kind. */
  #last: number | undefined;
  #lastOf: { audio: number | undefined; video: number | undefined } = { audio: undefined, video: undefined };
  #audioOnly = false;
  #sawVideo = false;
  /** Since when no video came. */
  #noVideoSince: number | undefined;
  #groupStart = 0;

  constructor(limits?: CutLimits) {
    this.#cutter = new ChunkCutter(true, limits);
  }

  push(bytes: Bytes, now: Millis): ChunkerEvent[] {
    const events: ChunkerEvent[] = [];
    for (const event of this.#reader.push(bytes)) this.#take(event, now, events);
    return events;
  }

  poll(now: Millis): ChunkerEvent[] {
    return this.#cutter.poll(now).map(cut => ({ type: 'cut', cut }));
  }

  wakeAt(): Millis | undefined {
    return this.#cutter.wakeAt();
  }

  flush(now: Millis): ChunkerEvent[] {
    const events: ChunkerEvent[] = [];
    for (const event of this.#reader.flush()) this.#take(event, now, events);
    emit(this.#cutter.flush(), events);
    this.#passing = false;
    return events;
  }

  #take(event: FlvReadEvent, now: Millis, events: ChunkerEvent[]): void {
    switch (event.type) {
      case 'file':
        this.#begin(event.flags, events);
        return;
      case 'tag':
        this.#open(event.tag, event.bytes, now, events);
        return;
      case 'data':
        this.#kept?.parts.push(event.bytes);
        if (this.#forwards) emit(this.#cutter.add({ bytes: event.bytes, entry: false }, now), events);
        return;
      case 'end':
        this.#close(event.bytes, now, events);
        return;
      case 'lost':
        if (this.#forwards) emit(this.#cutter.discontinuity(), events);
        this.#forwards = false;
        this.#kept = undefined;
        return;
      case 'damage':
        if (event.bytes > 0 && this.#passing) emit(this.#cutter.discontinuity(), events);
        events.push(event);
    }
  }

  // Another recording: nothing of it can be passed on before its first group.
  #begin(flags: number, events: ChunkerEvent[]): void {
    emit(this.#cutter.flush(), events);
    this.#init.begin(flags);
    this.#passing = false;
    this.#restarted = this.#last !== undefined;
    this.#sawVideo = false;
    this.#audioOnly = !this.#init.announcesVideo;
    this.#noVideoSince = undefined;
  }

  #open(tag: FlvTag, bytes: Bytes, now: Millis, events: ChunkerEvent[]): void {
    const body = bytes.subarray(TAG_HEADER_SIZE);
    const role = readTagRole(tag, body);
    this.#tag = tag;
    this.#kept = role.role === 'config' || role.role === 'metadata' ? { slot: role.slot, parts: [body] } : undefined;
    if (role.role === 'frame' && (tag.kind === 'audio' || tag.kind === 'video')) {
      this.#frame(tag, tag.kind, role, bytes, now, events);
      return;
    }
    this.#forwards = this.#passing && tag.kind !== 'other';
    if (this.#forwards) emit(this.#cutter.add({ bytes, entry: true }, now), events);
  }

  #close(sizeField: Bytes, now: Millis, events: ChunkerEvent[]): void {
    const tag = this.#tag!; // the reader ends only what it began
    if (this.#forwards) {
      const size = TAG_HEADER_SIZE + tag.size;
      const right = sizeField.length === 4 && u32(sizeField, 0) === size;
      const bytes = right ? sizeField : Uint8Array.of(size >>> 24, size >>> 16, size >>> 8, size);
      emit(this.#cutter.add({ bytes, entry: false }, now), events);
    }
    this.#forwards = false;
    const kept = this.#kept;
    this.#kept = undefined;
    if (kept && !this.#init.take(tag, kept.slot, concat(kept.parts)) && tag.kind !== 'script') {
      events.push({ type: 'damage', reason: `${tag.kind} sequence header too large for an init`, bytes: tag.size });
    }
  }

  #frame(tag: FlvTag, kind: 'audio' | 'video', role: TagRole, bytes: Bytes, now: Millis, events: ChunkerEvent[]): void {
    const millis = unwrapNear(tag.timestamp, this.#last ?? tag.timestamp, TIMESTAMP_PERIOD);
    const jumped = this.#isJump(kind, millis);
    if (jumped) {
      emit(this.#cutter.flush(), events);
      events.push({ type: 'jump', from: this.#last! * TICKS_PER_MILLI, to: millis * TICKS_PER_MILLI }); // a jump needs a last
      this.#passing = false;
      this.#restarted = false;
      this.#lastOf = { audio: undefined, video: undefined };
      this.#noVideoSince = undefined;
    }
    const before = this.#lastOf[kind];
    this.#last = millis;
    this.#lastOf[kind] = millis;
    this.#watchVideo(kind, millis);
    const leads = kind === 'video' || this.#audioOnly;
    const elapsed = leads && before !== undefined ? Math.min(Math.max(millis - before, 0), MAX_AHEAD) : 0;
    const startsGroup = this.#startsGroup(kind, role, millis);
    if (startsGroup) this.#startGroup(millis, events);
    this.#forwards = this.#passing;
    if (!this.#forwards) return;
    const dts = millis * TICKS_PER_MILLI;
    const piece = { bytes, entry: true, startsGroup, dts, duration: elapsed * TICKS_PER_MILLI };
    emit(this.#cutter.add(piece, now), events);
  }

  // Skew between audio and video is no jump: time must have jumped against the last frame of any kind and of the same kind.
  #isJump(kind: 'audio' | 'video', millis: number): boolean {
    if (this.#restarted) return true;
    if (this.#last === undefined) return false;
    const elapsed = millis - this.#last;
    const before = this.#lastOf[kind];
    if (before === undefined) return Math.abs(elapsed) > MAX_FIRST_SKEW;
    return isJump(elapsed) && isJump(millis - before);
  }

  #watchVideo(kind: 'audio' | 'video', millis: number): void {
    if (kind === 'video') {
      this.#sawVideo = true;
      this.#audioOnly = false;
      this.#noVideoSince = millis;
      return;
    }
    this.#noVideoSince ??= millis;
    if (!this.#sawVideo && !this.#init.announcesVideo) this.#audioOnly = true;
    if (millis - this.#noVideoSince >= VIDEO_PATIENCE) this.#audioOnly = true;
  }

  #startsGroup(kind: 'audio' | 'video', role: TagRole, millis: number): boolean {
    if (NEEDS_CONFIG.has(role.codec) && !this.#init.hasConfig(kind)) return false;
    if (kind === 'video') return role.key;
    return this.#audioOnly && (!this.#passing || millis - this.#groupStart >= AUDIO_GROUP);
  }

  #startGroup(millis: number, events: ChunkerEvent[]): void {
    const configs = this.#init.configs();
    if (!this.#sentConfigs || !equalBytes(configs, this.#sentConfigs)) {
      emit(this.#cutter.flush(), events);
      events.push({ type: 'init', bytes: this.#init.bytes() });
      this.#sentConfigs = configs;
    }
    this.#passing = true;
    this.#groupStart = millis;
  }
}

function isJump(elapsed: Millis): boolean {
  return elapsed < -MAX_BACK || elapsed > MAX_AHEAD;
}

function emit(cuts: readonly Cut[], events: ChunkerEvent[]): void {
  for (const cut of cuts) events.push({ type: 'cut', cut });
}
