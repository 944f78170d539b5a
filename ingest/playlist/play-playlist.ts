// Plays an M3U8 playlist of MPEG-TS segments as one live stream: loads ahead, lets the bytes out by their timestamps.

import type { Bytes } from '../../core/bytes.ts';
import type { Millis } from '../../core/time.ts';
import { httpGet, readAll } from '../sources/http-get.ts';
import type { Pace } from '../sources/paced.ts';
import { publicUrl, type SourceContext, type SourceEvent, SourceFault } from '../sources/source.ts';
import { type MediaPlaylist, parsePlaylist } from './parse-playlist.ts';
import { type Planned, PlaylistFollower } from './playlist-follower.ts';
import { SegmentLoader } from './segment-loader.ts';
import { SegmentQueue } from './segment-queue.ts';
import { selectVariant } from './select-variant.ts';

export interface PlaylistOptions {
  /** The variant of the highest bandwidth up to this is chosen, in bit/s. */
  readonly maxBitrate?: number;
}

const MAX_PLAYLIST = 4_194_304;
/** With more than so many target durations waiting, a live playlist is played this much faster, until latency is back. */
const BEHIND = 2;
const CATCH_UP = 1.1;
/** So many segments in a row that can't be used end the source. */
const MAX_FAILURES = 5;

interface Text {
  /** After redirects. */
  readonly url: string;
  readonly text: string;
}

/**
 * Segments arrive in bursts; they are let out by their timestamps, so that viewers get an even stream whose latency stays the same: the hold-back of
 * the join, grown by what a late segment cost, shrunk again by playing at 1.1 while more than two target durations wait. Returns true at the end of a
 * playlist that has ended.
 */
export async function* playPlaylist(
  first: Text,
  context: SourceContext,
  options: PlaylistOptions,
  pace: Pace,
  signal: AbortSignal,
): AsyncGenerator<SourceEvent, boolean> {
  const playlist = await choose(first, context, options, signal);
  const leaving = new AbortController();
  const leave = () => leaving.abort();
  signal.addEventListener('abort', leave);
  if (signal.aborted) leave();
  const queue = new SegmentQueue();
  leaving.signal.addEventListener('abort', () => queue.end());
  const loading = load(playlist, queue, context, leaving.signal).then(
    () => queue.end(),
    error => queue.end(error),
  );
  const rate = () => (!playlist.ended && queue.backlogMs > BEHIND * playlist.targetMs ? CATCH_UP : 1);
  try {
    for (let item = await queue.shift(); item && !signal.aborted; item = await queue.shift()) {
      const { planned, bytes } = item;
      if (planned.break) {
        yield* planned.break.restarted ? pace.end(signal) : pace.gap(signal);
        yield { type: 'discontinuity', ...planned.break };
      }
      if (!bytes) {
        yield* pace.gap(signal);
        yield { type: 'discontinuity', reason: 'a segment is missing', restarted: false };
      }
      if (bytes) yield* pace.bytes(bytes, signal, rate);
    }
    if (signal.aborted) return false;
    yield* pace.end(signal);
    return true;
  } finally {
    leave();
    signal.removeEventListener('abort', leave);
    await loading;
  }
}

async function choose(first: Text, context: SourceContext, options: PlaylistOptions, signal: AbortSignal) {
  const found = parsePlaylist(first.text, first.url);
  if (found.type === 'media') return found;
  const variant = selectVariant(found.variants, options.maxBitrate);
  if (!variant) throw new SourceFault(`${publicUrl(first.url)} is a master playlist without variants`);
  const { bandwidth, url } = variant;
  context.log.info({ bandwidth, url: publicUrl(url), variants: found.variants.length }, 'chose a variant');
  const chosen = await fetchPlaylist(url, context, signal);
  if (chosen.type === 'media') return chosen;
  throw new SourceFault(`${publicUrl(url)} is a master playlist inside a master playlist`, { permanent: true });
}

async function fetchPlaylist(url: string, context: SourceContext, signal: AbortSignal) {
  const answer = await httpGet(url, context, { signal });
  return parsePlaylist(new TextDecoder().decode(await readAll(answer, MAX_PLAYLIST)), answer.url);
}

// Loads what is to be played into the queue, reloading the playlist until it has ended.
async function load(
  playlist: MediaPlaylist,
  queue: SegmentQueue,
  context: SourceContext,
  signal: AbortSignal,
): Promise<void> {
  const { clock, log } = context;
  const follower = new PlaylistFollower();
  const filler = new Filler(queue, context, signal);
  let { url } = playlist;
  let loadedAt = clock.now();
  let newAt = loadedAt;
  for (let current: MediaPlaylist | undefined = playlist; !signal.aborted; ) {
    if (current) {
      const planned = follower.take(current);
      if (planned.length > 0) newAt = clock.now();
      for (const item of planned) await filler.fill(item);
      if (current.ended) {
        if (current.segments.length === 0) throw new SourceFault(`${publicUrl(url)} has ended and has no segments`);
        return;
      }
    }
    const patience: Millis = Math.max(context.stallMs, 3 * playlist.targetMs);
    if (clock.now() - newAt > patience) {
      throw new SourceFault(`${publicUrl(url)} has had no new segment for ${patience / 1_000} s`);
    }
    await clock.wait(follower.reloadAt(loadedAt) - clock.now(), signal);
    if (signal.aborted) return;
    loadedAt = clock.now();
    current = undefined;
    try {
      const next = await fetchPlaylist(url, context, signal);
      if (next.type === 'master') throw new SourceFault(`${publicUrl(url)} has become a master playlist`);
      current = next;
      url = next.url;
    } catch (error) {
      if (!(error instanceof SourceFault) || error.permanent) throw error;
      if (!signal.aborted) log.warn({ url: publicUrl(url) }, `${error.message}; looking again`);
      follower.failed();
    }
  }
}

/** Puts one segment after the other into the queue; a missing one leaves a mark. */
class Filler {
  readonly #queue: SegmentQueue;
  readonly #context: SourceContext;
  readonly #loader: SegmentLoader;
  readonly #signal: AbortSignal;
  #failures = 0;

  constructor(queue: SegmentQueue, context: SourceContext, signal: AbortSignal) {
    this.#queue = queue;
    this.#context = context;
    this.#loader = new SegmentLoader(context, signal);
    this.#signal = signal;
  }

  async fill(planned: Planned): Promise<void> {
    await this.#queue.room();
    if (this.#signal.aborted) return;
    const { segment } = planned;
    let bytes: Bytes | undefined;
    if (segment.gap) this.#context.log.info({ sequence: segment.sequence }, 'the playlist marks a segment as missing');
    else {
      try {
        bytes = await this.#loader.load(segment);
        this.#failures = 0;
      } catch (error) {
        if (!(error instanceof SourceFault) || error.permanent) throw error;
        if (this.#signal.aborted) return;
        if (++this.#failures === MAX_FAILURES) throw error;
        this.#context.log.warn({ sequence: segment.sequence }, `${error.message}; the segment is left out`);
      }
    }
    this.#queue.push({ planned, bytes });
  }
}
