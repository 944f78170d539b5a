// Watches a video element as a viewer would: first picture, waits, and the age of the picture on the glass.

import { CLOCK_STRIP, pictureAge, readPictureClock } from '../../../../demo/test-picture.ts';
import { REPORT, type ViewerReport } from '../viewer-report.ts';

/** Between two readings of the picture's clock, and between attempts when one fails (ms). */
const SAMPLE_MS = 1_000;
const RETRY_MS = 45;
const ATTEMPTS = 4;

type Bytes = Pick<ViewerReport, 'bytesFromPeers' | 'bytesFromServer' | 'details'>;

/** Watches from now on: to be called as the player is started. `bytes` is the player's own account. */
export function probe(video: HTMLVideoElement, bytes: () => Bytes): void {
  const start = performance.now();
  let firstFrame: number | undefined;
  const latencies: [number, number][] = [];
  const waits: [number, number][] = [];
  let unread = 0;
  let waitingFrom: number | undefined;

  video.requestVideoFrameCallback(() => (firstFrame = performance.now()));
  video.addEventListener('waiting', () => {
    if (firstFrame !== undefined) waitingFrom ??= performance.now();
  });
  video.addEventListener('playing', () => {
    if (waitingFrom !== undefined) waits.push([unix(waitingFrom), performance.now() - waitingFrom]);
    waitingFrom = undefined;
  });

  const canvas = new OffscreenCanvas(1, 1);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const sample = (attempts: number) => {
    const latency = context && pictureLatency(video, canvas, context);
    if (latency !== undefined && latency !== null) latencies.push([Date.now(), latency]);
    else if (attempts > 1) setTimeout(sample, RETRY_MS, attempts - 1);
    else unread++;
  };
  setInterval(() => {
    if (firstFrame !== undefined) sample(ATTEMPTS);
  }, SAMPLE_MS);

  const report = (): ViewerReport => ({
    startedAt: unix(start),
    firstFrameMs: firstFrame === undefined ? null : firstFrame - start,
    pageToFirstFrameMs: firstFrame ?? null,
    latencies,
    unread,
    waits: waitingFrom === undefined ? waits : [...waits, [unix(waitingFrom), performance.now() - waitingFrom]],
    ...bytes(),
  });
  Object.assign(globalThis, { [REPORT]: report });
}

const unix = (moment: number) => performance.timeOrigin + moment;

/** Only the strip with the clock is copied from the picture. */
function pictureLatency(
  video: HTMLVideoElement,
  canvas: OffscreenCanvas,
  context: OffscreenCanvasRenderingContext2D,
): number | undefined {
  const { left, right, top, bottom } = CLOCK_STRIP;
  const { videoWidth: width, videoHeight: height } = video;
  const strip = Math.round((right - left) * width);
  if (strip === 0) return undefined;
  if (canvas.width !== strip) canvas.width = strip;
  context.drawImage(video, left * width, ((top + bottom) / 2) * height, strip, 1, 0, 0, strip, 1);
  const now = Date.now();
  const { data } = context.getImageData(0, 0, strip, 1);
  const clock = readPictureClock(x => {
    const pixel = Math.floor(((x - left) / (right - left)) * strip) * 4;
    return ((data[pixel] ?? 0) + (data[pixel + 1] ?? 0) + (data[pixel + 2] ?? 0)) / 3;
  });
  return clock === undefined ? undefined : pictureAge(clock, now);
}
