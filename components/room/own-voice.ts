// How loud one's own microphone is, and whether one speaks.

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { MicrophoneLevel } from './microphone-level.ts';
import { VoiceActivity } from './voice-activity.ts';

const STEP_MS = 60;

/** Listens while there is a microphone and the host is on the page. */
export class OwnVoice implements ReactiveController {
  readonly #level = new MicrophoneLevel();
  readonly #activity = new VoiceActivity();
  readonly #onStep: (level: number, isSpeaking: boolean) => void;
  #timer: ReturnType<typeof setInterval> | undefined;
  #track: MediaStreamTrack | null = null;

  /** `onStep` is called about sixteen times a second with the level (root mean square, 0–1) while there is a microphone, and once when there is none any more. */
  constructor(host: ReactiveControllerHost, onStep: (level: number, isSpeaking: boolean) => void) {
    this.#onStep = onStep;
    host.addController(this);
  }

  /** Listens to this one from now on, or to none. */
  listen(track: MediaStreamTrack | null): void {
    if (track === this.#track) return;
    this.#track = track;
    this.#activity.reset();
    this.#level.listen(track);
    clearInterval(this.#timer);
    if (track) this.#timer = setInterval(() => this.#step(), STEP_MS);
    else {
      this.#level.close();
      this.#onStep(0, false);
    }
  }

  hostDisconnected(): void {
    this.listen(null);
  }

  #step(): void {
    const level = this.#level.read();
    this.#onStep(level, this.#activity.step(level, performance.now()));
  }
}
