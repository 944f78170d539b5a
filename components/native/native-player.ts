// The player of browsers without Media Source Extensions that play HLS themselves: what the element needs at once; the rest is loaded.

import { mediaSourceClass } from '../engine/media-source-class.ts';
import type { MessageData } from '../engine/outgoing-message.ts';
import { NO_COUNTERS, type PlayerStats } from '../engine/player-stats.ts';
import type { SwarmPolicy } from '../engine/swarm-policy.ts';
import { NO_SWARM } from '../engine/swarm-stats.ts';
import type { Player, PlayerError, PlayerOptions, PlayerState, SeekableSpan } from '../player.ts';
import type { HlsPlayback } from './hls-playback.ts';

/** The MIME type of playlists (RFC 8216 §4). */
const HLS = 'application/vnd.apple.mpegurl';

/** Whether this browser plays channels as HLS only. */
export function playsOnlyHls(video: HTMLVideoElement): boolean {
  return !mediaSourceClass() && video.canPlayType(HLS) !== '';
}

const NOTHING: PlayerStats = {
  ...NO_COUNTERS,
  ...{ transport: null, latency: null, targetLatency: 0, buffer: 0, playbackRate: 1, stalls: 0, jumps: 0 },
  ...{ shownFrames: 0, droppedFrames: 0, videoCodec: null, audioCodec: null, inWorker: false },
  ...{ roundTripMs: null, firstFrameMs: null, swarm: NO_SWARM },
};

/** Plays without peers, some seconds behind live; says nothing to the channel, nor hears what is said. */
export class NativePlayer extends EventTarget implements Player {
  readonly options: PlayerOptions;
  state: PlayerState = 'idle';
  error: PlayerError | null = null;
  targetLatency: number;
  swarm: SwarmPolicy;
  token: string;
  readonly #video: HTMLVideoElement;
  #playback: HlsPlayback | undefined;

  constructor(video: HTMLVideoElement, options: PlayerOptions) {
    super();
    this.options = options;
    this.targetLatency = options.targetLatency;
    this.swarm = options.swarm;
    this.token = options.token;
    this.#video = video;
  }

  get stats(): PlayerStats {
    return { ...NOTHING, ...this.#playback?.stats };
  }

  get seekable(): SeekableSpan | null {
    return this.#playback?.seekable ?? null;
  }

  get liveEdge(): number | null {
    return this.#playback?.liveEdge ?? null;
  }

  start(): void {
    this.become('connecting');
    void this.#load();
  }

  stop(): void {
    this.#playback?.stop();
    this.become('idle');
  }

  seek(time: number): void {
    this.#playback?.seek(time);
  }

  seekToLive(): void {
    const { liveEdge } = this;
    if (liveEdge !== null) this.seek(liveEdge);
  }

  send(_message: MessageData): boolean {
    return false;
  }

  /** For what plays. */
  become(state: PlayerState): void {
    if (state === this.state) return;
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }

  /** For what plays. */
  fail(error: PlayerError): void {
    this.#playback?.stop();
    this.error = error;
    this.become('failed');
    this.dispatchEvent(new Event('error'));
  }

  async #load(): Promise<void> {
    try {
      const { HlsPlayback } = await import('./hls-playback.ts');
      if (this.state === 'connecting') this.#playback = new HlsPlayback(this.#video, this);
    } catch (error) {
      this.fail({ code: 'internal', message: String(error) });
    }
  }
}
