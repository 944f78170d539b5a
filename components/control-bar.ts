// The controls along the lower edge of the picture.

import { html, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit';
import { defineControls } from './controls/define-controls.ts';
import type { Wish } from './controls/wish.ts';
import type { PlayerStats } from './engine/player-stats.ts';
import type { PlayerState } from './player.ts';
import type { Strings } from './strings.ts';

/** Seconds beyond the target latency from which on the picture is called late. */
const LATE = 2.5;

/** What the controls show. Times are seconds; positions are on the video's own clock. */
export interface ControlView {
  /** Whether they are to be seen now. */
  readonly shown: boolean;
  readonly strings: Strings;
  readonly state: PlayerState;
  /** Whether it should be playing. */
  readonly wanted: boolean;
  /** Pictures of this channel have been seen. */
  readonly hasShown: boolean;
  /** Read for volume, position and what is buffered. */
  readonly video: HTMLVideoElement;
  readonly stats: PlayerStats | null;
  readonly targetLatency: number;
  /** What can be sought to; null where there is no going back. */
  readonly seekable: { readonly start: number; readonly end: number } | null;
  /** Where live is; null before the first picture. */
  readonly liveEdge: number | null;
  readonly fullscreen: { readonly available: boolean; readonly active: boolean };
  readonly pictureInPicture: { readonly available: boolean; readonly active: boolean };
  readonly grant: (wish: Wish) => void;
}

/** Draws the controls, and remembers what is theirs alone. */
export class ControlBar implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;

  constructor(host: ReactiveControllerHost & HTMLElement) {
    this.#host = host;
    host.addController(this);
    defineControls();
  }

  hostConnected(): void {}

  /** Whether the keyboard is in the controls or the pointer on them. */
  get held(): boolean {
    const bar = this.#host.shadowRoot?.querySelector('.bar');
    const focused = bar?.querySelector(':focus')?.shadowRoot?.activeElement;
    return Boolean(bar?.matches(':hover') || focused?.matches(':focus-visible'));
  }

  template({ shown, state, wanted, hasShown, video, stats, targetLatency, fullscreen }: ControlView): TemplateResult {
    const started = hasShown && (state === 'playing' || state === 'buffering');
    const latency = latencyOf(video, stats);
    const late = latency - targetLatency > LATE ? Math.round(latency) : 0;
    const { muted, volume } = video;
    return html`<div class="bar ${shown ? '' : 'away'}" part="controls">
      <p2p-live-play-button part="play-button" .paused=${!wanted || state === 'failed'}></p2p-live-play-button>
      <p2p-live-stop-button part="stop-button" ?disabled=${state === 'idle' || state === 'failed'}></p2p-live-stop-button>
      <p2p-live-mute-button part="mute-button" .muted=${muted} .volume=${volume}></p2p-live-mute-button>
      <p2p-live-volume-slider part="volume-slider" .muted=${muted} .volume=${volume}></p2p-live-volume-slider>
      <span class="space"></span>
      <p2p-live-time-readout
        part="time-readout" ?hidden=${!started} .elapsed=${video.currentTime} .latency=${latency}
      ></p2p-live-time-readout>
      <p2p-live-live-badge part="live-badge" ?hidden=${!started} .behind=${late} .still=${!wanted}></p2p-live-live-badge>
      <p2p-live-fullscreen-button
        part="fullscreen-button" ?hidden=${!fullscreen.available} .active=${fullscreen.active}
      ></p2p-live-fullscreen-button>
    </div>`;
  }
}

/** Seconds from capture to showing as the player measures it, else from the newest picture held; NaN when nothing is known. */
function latencyOf({ buffered, currentTime }: HTMLVideoElement, stats: PlayerStats | null): number {
  return stats?.latency ?? (buffered.length ? buffered.end(buffered.length - 1) - currentTime : Number.NaN);
}
