// Notes when the first picture of a video is shown, and how many have been.

/** What the page's `elementBench` returns. */
export interface Watched {
  /** From the navigation on, scripts included; null before it (ms). */
  readonly firstFrameMs: number | null;
  readonly frames: number;
  readonly currentTime: number;
}

/** Watches from now on; nothing is drawn or read from the picture, so that only the player's own work is measured. */
export function watchVideo(video: HTMLVideoElement): void {
  let firstFrameMs: number | null = null;
  video.requestVideoFrameCallback(now => (firstFrameMs = now));
  const look = (): Watched => ({
    firstFrameMs,
    frames: video.getVideoPlaybackQuality().totalVideoFrames,
    currentTime: video.currentTime,
  });
  Object.assign(globalThis, { elementBench: look });
}

/** The page's video, muted, so that it may play at once. */
export function pageVideo(): HTMLVideoElement {
  const video = document.querySelector('video');
  if (!video) throw new Error('the page has no video');
  watchVideo(video);
  return video;
}

export const query = new URLSearchParams(location.search);
