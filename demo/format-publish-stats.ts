// A broadcast's figures -> the words of the broadcaster page's panel.

import type { PublishStats } from '../components/publish/define-publish.ts';
import { formatRate } from '../components/stats/format-traffic.ts';

/** Texts by the id of the place where they go. What is not known yet is a dash. */
export function formatPublishStats(stats: PublishStats): Readonly<Record<string, string>> {
  const { width, height, encodedFps, capturedFps, videoCodec, audioCodec, transport, roundTripMs, waitingMs } = stats;
  const codecs = [videoCodec, audioCodec].filter(Boolean);
  const fps = (value: number) => Math.round(value);
  return {
    sent: stats.sentKbps > 0 ? formatRate(stats.sentKbps * 125) : '–',
    picture: width > 0 ? `${width} × ${height}` : '–',
    frames: width > 0 ? `${fps(encodedFps)} of ${fps(capturedFps)} a second` : '–',
    codecs: codecs.join(', ') || '–',
    transport: transport === '' ? '–' : transport === 'webtransport' ? 'WebTransport' : 'WebSocket',
    'round-trip': roundTripMs > 0 ? `${Math.round(roundTripMs)} ms` : '–',
    waiting: `${Math.round(waitingMs)} ms`,
    dropped: `${stats.droppedFrames} frames`,
  };
}
