// Keeps playback near the live edge: a pure policy. What is seen of the video goes in with the time, wishes come out.

import type { Millis } from '../../core/time.ts';
import { type LiveMargins, marginsFor } from './live-margins.ts';

/** Seconds of media time. */
export type Seconds = number;

/** What the video shows of itself at one moment. */
export interface PlaybackView {
  readonly currentTime: Seconds;
  /** Buffered ranges, ascending, as [start, end]. */
  readonly ranges: readonly (readonly [Seconds, Seconds])[];
  /** Capture to showing; null while unknown. */
  readonly latency: Seconds | null;
  readonly paused: boolean;
  readonly seeking: boolean;
  /** What is buffered is not what was sought: nothing is to be done before that comes. */
  readonly isPending?: boolean;
}

/** What should be done to the video. */
export interface PlaybackWish {
  readonly playbackRate?: number;
  readonly seekTo?: Seconds;
  /** What is live is not buffered: it has to be brought. */
  readonly bringLive?: boolean;
}

/** Design §7, Live. Times in seconds. */
const POLICY = {
  fastest: 1.1,
  gentle: 1.02,
  slowest: 0.95,
  /** Whoever pauses for longer than this goes on from there, and stays behind. */
  pauseMs: 2_000,
  /** What is live, but not buffered, is further away than this. */
  beyond: 1.5,
  startMs: 1_500,
  targetMax: 3,
  /** A chunk that comes later than nearly all others is fetched elsewhere within this time, and then has to be decoded. */
  beyondDelay: 0.6,
  gap: 0.1,
  /** The browser steps over a smaller gap by itself, if it does at all, within this time. */
  gapMs: 300,
  /** A seek to where something is buffered has ended after this time, or never will. */
  seekMs: 2_000,
  /** Standing still for so long although enough is buffered, the browser needs a nudge. */
  frozenMs: 3_000,
  /** Not more than one jump in this time, as a seek takes a while to show its effect. */
  jumpPauseMs: 1_000,
} as const;

/** One per video: nobody else touches its rate or its position. */
export class LiveController {
  #target: Seconds;
  #needed: Seconds = 0;
  #raised: Seconds = 0;
  #raisedAt: Millis = 0;
  #rate = 1;
  #startedAt: Millis | undefined;
  #jumpedAt: Millis = Number.NEGATIVE_INFINITY;
  #wantsEdge = false;
  #pausedAt: Millis | undefined;
  #isBehind = false;
  /** Since when the position has been just before a range. */
  #position: Seconds = Number.NaN;
  /** Since when the position has stood still. */
  #movedAt: Millis = 0;
  #outsideSince: Millis | undefined;
  readonly #levels: { readonly at: Millis; readonly buffer: Seconds }[] = [];

  /** `target`: the latency aimed at while nothing stalls, in seconds. */
  constructor(target: Seconds) {
    this.#target = target;
  }

  /** What is aimed at now: the wish, or what the network needs, plus what stalls have added. */
  get target(): Seconds {
    return Math.max(this.#target, this.#needed) + this.#raised;
  }

  get #margin(): LiveMargins {
    return marginsFor(this.target);
  }

  /** Most media has arrived so long after it was captured. */
  delay(seconds: Seconds): void {
    this.#needed = seconds === 0 ? 0 : Math.min(POLICY.targetMax, seconds + POLICY.beyondDelay);
  }

  /** Sets the wish. What stalls have added is forgotten. */
  retarget(target: Seconds): void {
    this.#target = target;
    this.#raised = 0;
  }

  /** Playback ran dry although it should be playing. */
  stalled(now: Millis): void {
    this.#raised = Math.max(
      this.#raised,
      Math.min(this.#raised + this.#margin.targetStep, POLICY.targetMax - this.#target),
    );
    this.#raisedAt = now;
    this.#levels.length = 0;
  }

  /** Whether the viewer means to be behind live: nothing is caught up with then. */
  get isBehind(): boolean {
    return this.#isBehind;
  }

  /** The viewer goes back. */
  goBehind(): void {
    this.#isBehind = true;
    this.#wantsEdge = false;
  }

  /** The viewer wants the live edge, or the tab is visible again: the next step jumps if it is behind. */
  seekToLive(): void {
    this.#wantsEdge = true;
    this.#isBehind = false;
    this.#jumpedAt = Number.NEGATIVE_INFINITY;
  }

  /** Another MediaSource begins; the video's rate is 1 again. */
  restart(): void {
    this.#rate = 1;
    this.#startedAt = undefined;
    this.#pausedAt = undefined;
    this.#levels.length = 0;
    this.#jumpedAt = Number.NEGATIVE_INFINITY;
  }

  /** Another channel begins, or the same anew. */
  reset(): void {
    this.restart();
    this.#isBehind = false;
  }

  /** To be asked about ten times a second, and at events that may change the answer. */
  step(view: PlaybackView, now: Millis): PlaybackWish {
    const { ranges, currentTime } = view;
    if (view.isPending) return {};
    if (currentTime !== this.#position) {
      this.#position = currentTime;
      this.#movedAt = now;
    }
    const last = ranges.at(-1);
    if (!last) return {};
    const current = ranges.find(([start, end]) => currentTime >= start && currentTime <= end);
    // A seek to where nothing is (any more) would never end.
    const patience = current ? POLICY.seekMs : POLICY.gapMs;
    if (view.seeking && now - this.#movedAt < patience) return {};
    // The first picture is to be seen even while paused; beyond that a pause is the viewer's.
    if (view.paused && (current || this.#startedAt !== undefined)) return this.#pause(now);
    if (this.#pausedAt !== undefined) this.#resume(view, last[1], now - this.#pausedAt);
    if (!view.paused) this.#startedAt ??= now;
    const entry = this.#enterRange(view, current, now);
    if (entry !== undefined) return { seekTo: entry };
    if (!current) return {};
    const buffer = current[1] - currentTime;
    this.#note(buffer, now);
    if (buffer > this.#margin.recoveredBuffer && now - this.#movedAt >= POLICY.frozenMs)
      return this.#nudge(currentTime, now);
    if (this.#raised > 0 && now - this.#raisedAt >= this.#margin.calmMs) {
      this.#raised = Math.max(0, this.#raised - this.#margin.targetStep);
      this.#raisedAt = now;
    }
    const behind = this.#behind(view, last[1]);
    if (this.#isBehind && (view.latency === null || behind > this.#margin.behind)) return this.#setRate(1);
    this.#isBehind = false;
    const jump = this.#jump(currentTime, behind, last[1], now);
    if (jump !== undefined) {
      const bringLive = currentTime + behind > last[1] + POLICY.beyond;
      // It is still to come, after a sleep for instance.
      if (bringLive) this.#wantsEdge = true;
      return { ...this.#setRate(1), ...(bringLive ? { bringLive } : { seekTo: jump }) };
    }
    return this.#setRate(this.#chooseRate(behind, buffer));
  }

  #nudge(currentTime: Seconds, now: Millis): PlaybackWish {
    this.#movedAt = now;
    if (!this.#isBehind) this.seekToLive();
    return { seekTo: currentTime + POLICY.gap };
  }

  /** How much more latency there is than aimed at; what the buffer may have to last through is not counted. */
  #behind(view: PlaybackView, edge: Seconds): Seconds {
    const latency = view.latency ?? edge - view.currentTime;
    return latency - this.target;
  }

  /** How much may be given up without a source's bursts running the buffer dry. */
  #spare(since: Millis): Seconds {
    let lowest = Number.POSITIVE_INFINITY;
    for (const { at, buffer } of this.#levels) if (at >= since) lowest = Math.min(lowest, buffer);
    return lowest - this.#margin.recoveredBuffer;
  }

  #note(buffer: Seconds, now: Millis): void {
    this.#levels.push({ at: now, buffer });
    while (this.#levels[0] && (now - this.#levels[0].at > this.#margin.lowestMs || this.#levels.length > 200)) {
      this.#levels.shift();
    }
  }

  /** Where to go when the position is outside of what is buffered, or at the end of a range before a gap. */
  #enterRange(view: PlaybackView, current: readonly [Seconds, Seconds] | undefined, now: Millis): Seconds | undefined {
    const { ranges, currentTime } = view;
    // A sliver would only stall again.
    const next = ranges.find(([start, end]) => start > currentTime && end - start >= POLICY.gap);
    const left = current ? current[1] - currentTime : 0;
    // A decoder may stop before the very end of what is buffered: then the position stands still.
    const dry = left < POLICY.gap || (left < this.#margin.recoveredBuffer && now - this.#movedAt >= POLICY.gapMs);
    if (current && !(next && dry)) {
      this.#outsideSince = undefined;
      return undefined;
    }
    if (next) {
      this.#outsideSince ??= now;
      const isSmall = next[0] - currentTime <= POLICY.gap;
      if (isSmall && now - this.#outsideSince < POLICY.gapMs) return undefined;
      return this.#enter(next, now);
    }
    const last = ranges.at(-1)!; // the caller has seen it
    // Playing on beyond the end is waiting for what comes; far beyond it, the timeline has gone back.
    return !current && currentTime > last[1] + 1 ? this.#enter(last, now) : undefined;
  }

  /** Behind a gap it is as at the start: what is old is jumped over at once. */
  #enter([start, end]: readonly [Seconds, Seconds], now: Millis): Seconds {
    if (this.#startedAt !== undefined) this.#startedAt = now;
    this.#outsideSince = undefined;
    this.#levels.length = 0;
    return start + Math.min(0.02, (end - start) / 2);
  }

  /** After a pause it goes on where it was; a short one is caught up with. Who comes to play for the first time wants what is live. */
  #resume(view: PlaybackView, edge: Seconds, pauseMs: Millis): void {
    this.#pausedAt = undefined;
    this.#levels.length = 0;
    const isLate = this.#behind(view, edge) > this.#margin.behind;
    if (this.#startedAt === undefined && isLate) this.seekToLive();
    else if (pauseMs >= POLICY.pauseMs && isLate) this.goBehind();
  }

  #pause(now: Millis): PlaybackWish {
    this.#pausedAt ??= now;
    this.#movedAt = now;
    return this.#setRate(1);
  }

  #jump(currentTime: Seconds, behind: Seconds, edge: Seconds, now: Millis): Seconds | undefined {
    const starting = now - (this.#startedAt ?? now) < POLICY.startMs;
    const wanted = this.#wantsEdge;
    const threshold = wanted ? this.#margin.behind : starting ? this.#margin.startBehind : this.#margin.jumpBehind;
    if (behind <= threshold) {
      this.#wantsEdge = false;
      return undefined;
    }
    if (now - this.#jumpedAt < POLICY.jumpPauseMs && !starting) return undefined;
    // A buffer that ran low lately says that the source's bursts need all of it.
    if (!wanted && !starting && this.#spare(now - this.#margin.lowestBeforeJumpMs) < behind - this.#margin.behind)
      return undefined;
    const to = Math.min(currentTime + behind, edge - this.#margin.recoveredBuffer);
    if (to <= currentTime + POLICY.gap) return undefined;
    this.#wantsEdge = false;
    this.#jumpedAt = now;
    this.#levels.length = 0;
    return to;
  }

  #chooseRate(behind: Seconds, buffer: Seconds): number {
    const slow = this.#rate < 1;
    if (
      buffer < this.#margin.lowBuffer ||
      (slow && buffer < this.#margin.recoveredBuffer && behind < this.#margin.behind)
    ) {
      return POLICY.slowest;
    }
    if (behind < -this.#margin.ahead || (slow && behind < -this.#margin.settled)) return POLICY.slowest;
    const excess = Math.min(behind, this.#spare(Number.NEGATIVE_INFINITY));
    if (excess <= (this.#rate > 1 ? 0 : this.#margin.slightlyBehind)) return 1;
    if (excess <= (this.#rate > POLICY.gentle ? this.#margin.slightlyBehind : this.#margin.behind))
      return POLICY.gentle;
    // In steps, so that the rate is not set anew ten times a second.
    return Math.min(POLICY.fastest, 1 + Math.ceil(excess * 10) / 50);
  }

  #setRate(playbackRate: number): PlaybackWish {
    if (playbackRate === this.#rate) return {};
    this.#rate = playbackRate;
    return { playbackRate };
  }
}
