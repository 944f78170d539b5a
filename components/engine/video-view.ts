// What a video tells of itself.

import type { Seconds } from './live-controller.ts';

/** What is buffered, ascending, as [start, end]. */
export function bufferedRanges({ buffered }: HTMLVideoElement): [Seconds, Seconds][] {
  return Array.from({ length: buffered.length }, (_, i) => [buffered.start(i), buffered.end(i)]);
}

/** Frames since the last MediaSource was attached. */
export function frameCounts(video: HTMLVideoElement): { readonly shownFrames: number; readonly droppedFrames: number } {
  const { totalVideoFrames: total, droppedVideoFrames: dropped } = video.getVideoPlaybackQuality();
  return { shownFrames: total - dropped, droppedFrames: dropped };
}
