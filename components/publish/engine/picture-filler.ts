// What is sent where no picture comes: the last one again (of a screen that doesn't change), or black (of a camera that is off).

import type { Millis } from '../../../core/time.ts';

/** A track without a new picture for so long gets another one. */
const PATIENCE_MS: Millis = 500;

/** Holds one frame at most. */
export class PictureFiller {
  #last: VideoFrame | undefined;
  #at: Millis = Number.NEGATIVE_INFINITY;

  /** A picture that came in time. */
  keep(frame: VideoFrame, at: Millis): void {
    this.#last?.close();
    this.#last = frame.clone();
    this.#at = at;
  }

  /** A frame where one is due, for its taker to close. */
  take(
    now: Millis,
    isBlack: boolean,
    size: { readonly width: number; readonly height: number },
  ): VideoFrame | undefined {
    if (now - this.#at < PATIENCE_MS) return undefined;
    this.#at = now;
    if (!isBlack && this.#last) return this.#last.clone();
    this.#last?.close(); // a camera's frames are few
    this.#last = undefined;
    return blackFrame(size.width, size.height);
  }

  close(): void {
    this.#last?.close();
    this.#last = undefined;
  }
}

function blackFrame(width: number, height: number): VideoFrame {
  const luma = width * height;
  const chroma = Math.ceil(width / 2) * Math.ceil(height / 2);
  const data = new Uint8Array(luma + 2 * chroma);
  data.fill(16, 0, luma);
  data.fill(128, luma);
  return new VideoFrame(data, { format: 'I420', codedWidth: width, codedHeight: height, timestamp: 0 });
}
