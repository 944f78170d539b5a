// Whether anybody watches: a stream that nobody sees nor hears is left, and is live again for whoever comes back.

import { Doze, isAttended } from './doze.ts';
import type { EngineCommand } from './engine-messages.ts';

/** What it asks of its player. */
export interface AttendanceOwner {
  /** Behind live by the viewer's wish. */
  readonly isBehind: boolean;
  /** Other viewers get chunks from here. */
  readonly feedsPeers: boolean;
  readonly hasSound: boolean;
  send(command: EngineCommand): void;
  seekToLive(): void;
}

/** Of one video. */
export class Attendance {
  readonly #video: HTMLVideoElement;
  readonly #owner: AttendanceOwner;
  readonly #doze = new Doze();
  /** The browser has paused what nobody saw: no wish to be behind. */
  #isPausedUnseen = false;

  constructor(video: HTMLVideoElement, owner: AttendanceOwner) {
    this.#video = video;
    this.#owner = owner;
  }

  listen(signal: AbortSignal): void {
    this.#video.addEventListener('pause', () => this.#onPause(), { signal });
    for (const type of ['volumechange', 'play']) this.#video.addEventListener(type, () => this.look(), { signal });
    document.addEventListener('visibilitychange', () => this.#onVisible(), { signal });
  }

  /** Leaves or comes back, where that is due. To be called once a second, too. */
  look(): void {
    const isNeeded = this.#owner.feedsPeers || isAttended(this.#video, this.#owner.hasSound);
    const isAsleep = this.#doze.step(isNeeded, performance.now());
    if (isAsleep !== undefined) this.#owner.send({ type: 'sleep', isAsleep });
  }

  /** Once for each pause that the browser made unseen. */
  takePausedUnseen(): boolean {
    const was = this.#isPausedUnseen;
    this.#isPausedUnseen = false;
    return was;
  }

  #onPause(): void {
    this.#isPausedUnseen = document.hidden && !this.#owner.isBehind;
  }

  #onVisible(): void {
    this.look();
    if (document.visibilityState !== 'visible') return;
    this.#owner.send({ type: 'wake' });
    if (!this.#video.paused && !this.#owner.isBehind) this.#owner.seekToLive();
  }
}
