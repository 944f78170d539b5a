// A camera's frames by way of a video element, for browsers without MediaStreamTrackProcessor.

import type { Send } from './publish-messages.ts';

/** Sends frames as they are shown; returns what ends it. */
export function captureFrames(track: MediaStreamTrack, send: Send): () => void {
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  video.srcObject = new MediaStream([track]);
  let isOver = false;
  const next = () => {
    video.requestVideoFrameCallback((now, { captureTime }) => {
      if (isOver) return;
      if (video.videoWidth > 0) {
        const frame = new VideoFrame(video, { timestamp: Math.round((captureTime ?? now) * 1_000) });
        send({ type: 'frame', frame }, [frame]);
      }
      next();
    });
  };
  next();
  video.play().catch(() => {}); // a track that has ended plays nothing
  return () => {
    isOver = true;
    video.srcObject = null;
  };
}
