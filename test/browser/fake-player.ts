// A player that shows a moving canvas and does what a test tells it, in place of the engine.

import type { MessageData } from '../../components/engine/outgoing-message.ts';
import { NO_COUNTERS, type PlayerStats } from '../../components/engine/player-stats.ts';
import type { SwarmPolicy } from '../../components/engine/swarm-policy.ts';
import { NO_SWARM } from '../../components/engine/swarm-stats.ts';
import type { Player, PlayerError, PlayerOptions, PlayerState, SeekableSpan } from '../../components/player.ts';

const QUIET: PlayerStats = {
  ...NO_COUNTERS,
  transport: null,
  latency: null,
  targetLatency: 1,
  buffer: 0,
  playbackRate: 1,
  stalls: 0,
  jumps: 0,
  shownFrames: 0,
  droppedFrames: 0,
  videoCodec: null,
  audioCodec: null,
  inWorker: false,
  roundTripMs: null,
  firstFrameMs: null,
  swarm: NO_SWARM,
};

/** Stands in for LivePlayer. Every one made is in `FakePlayer.made`, the newest last. */
export class FakePlayer extends EventTarget implements Player {
  static made: FakePlayer[] = [];
  readonly video: HTMLVideoElement;
  readonly options: PlayerOptions;
  state: PlayerState = 'idle';
  error: PlayerError | null = null;
  stats: PlayerStats = QUIET;
  targetLatency: number;
  swarm: SwarmPolicy;
  token: string;
  seekable: SeekableSpan | null = null;
  liveEdge: number | null = null;
  /** What was sent; nothing can be while `isCutOff`. */
  said: MessageData[] = [];
  isCutOff = false;
  /** Where `seek` was asked to go, in order. */
  sought: number[] = [];
  seeks = 0;
  stopped = false;
  #stream: MediaStream | undefined;
  #drawing = 0;

  constructor(video: HTMLVideoElement, options: PlayerOptions) {
    super();
    this.video = video;
    this.options = options;
    this.targetLatency = options.targetLatency;
    this.swarm = options.swarm;
    this.token = options.token;
    FakePlayer.made.push(this);
  }

  /** Fails at once on a name with `..`, as the real one does. */
  start(): void {
    if (this.options.name.includes('..')) this.fail('bad-name', 'a channel name has no segment ".."');
    else this.become('connecting');
  }

  stop(): void {
    this.stopped = true;
    clearInterval(this.#drawing);
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.video.srcObject = null;
  }

  seek(time: number): void {
    this.sought.push(time);
  }

  seekToLive(): void {
    this.seeks++;
  }

  send(message: MessageData): boolean {
    if (!this.isCutOff) this.said.push(message);
    return !this.isCutOff;
  }

  become(state: PlayerState): void {
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }

  fail(code: string, message: string): void {
    this.error = { code, message };
    this.become('failed');
    this.dispatchEvent(new Event('error'));
  }

  tell(stats: Partial<PlayerStats>): void {
    this.stats = { ...this.stats, ...stats };
    this.dispatchEvent(new Event('stats'));
  }

  /** Puts moving pictures into the video and says that they play. */
  show(): void {
    const canvas = document.createElement('canvas');
    canvas.width = 640;
    canvas.height = 360;
    const pen = canvas.getContext('2d');
    const draw = () => {
      if (!pen) return;
      const sky = pen.createLinearGradient(0, 0, 0, 360);
      sky.addColorStop(0, '#3c5a78');
      sky.addColorStop(1, '#d9a066');
      pen.fillStyle = sky;
      pen.fillRect(0, 0, 640, 360);
      pen.fillStyle = '#fff';
      pen.fillRect((performance.now() / 5) % 640, 170, 40, 20);
    };
    draw();
    this.#drawing = window.setInterval(draw, 40);
    this.#stream = canvas.captureStream(25);
    this.video.srcObject = this.#stream;
    this.become('playing');
  }
}
