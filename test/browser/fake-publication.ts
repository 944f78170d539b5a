// A publication that does what a test tells it, in place of the engine.

import {
  type MediaKind,
  NO_STATS,
  type PublicationError,
  type PublicationErrorCode,
  type PublicationOptions,
  type PublicationState,
  type PublishStats,
} from '../../components/publish/engine/publication.ts';

/** Stands in for Publication. Every one made is in `FakePublication.made`, the newest last. */
export class FakePublication extends EventTarget {
  static made: FakePublication[] = [];
  readonly options: PublicationOptions;
  state: PublicationState = 'idle';
  error: PublicationError | null = null;
  stats: PublishStats = NO_STATS;
  stopped = false;
  readonly muted: Record<MediaKind, boolean> = { video: false, audio: false };
  readonly tracks: Record<MediaKind, MediaStreamTrack | null>;
  /** Each `setTrack`, in order: the kind and the new track's label, or `none`. */
  readonly changes: string[] = [];
  /** Tokens that came after the first. */
  readonly tokens: string[] = [];

  constructor(options: PublicationOptions) {
    super();
    this.options = options;
    this.tracks = { video: options.video ?? null, audio: options.audio ?? null };
    FakePublication.made.push(this);
  }

  start(): void {
    this.become('connecting');
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.state = 'ended';
  }

  setTrack(kind: MediaKind, track: MediaStreamTrack | null): void {
    this.tracks[kind] = track;
    this.changes.push(`${kind} ${track ? track.label : 'none'}`);
  }

  setMuted(kind: MediaKind, muted: boolean): void {
    this.muted[kind] = muted;
  }

  setToken(token: string): void {
    this.tokens.push(token);
  }

  become(state: PublicationState): void {
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }

  fail(code: PublicationErrorCode, message: string): void {
    this.error = { code, message };
    this.become('failed');
    this.dispatchEvent(new Event('error'));
  }

  tell(stats: Partial<PublishStats>): void {
    this.stats = { ...this.stats, ...stats };
    this.dispatchEvent(new Event('stats'));
  }
}
