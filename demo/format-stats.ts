// The element's figures -> the words of the viewer page's panel.

import type { PlayerStats } from '../components/index.ts';

/** What was counted at some moment. `at`: milliseconds. */
export interface Count {
  readonly at: number;
  readonly bytes: number;
}

/** Texts by the id of the place where they go. What is not known yet is a dash. */
export function formatStats(stats: PlayerStats, before: Count, now: number): Readonly<Record<string, string>> {
  const bits = (stats.bytesFromRelay - before.bytes) * 8;
  const seconds = (now - before.at) / 1000;
  const codecs = [stats.videoCodec, stats.audioCodec].filter(codec => codec !== null);
  return {
    latency: stats.latency === null ? '–' : `${stats.latency.toFixed(2)} s`,
    buffer: `${stats.buffer.toFixed(2)} s`,
    bitrate: bits > 0 && seconds > 0 ? formatRate(bits / seconds) : '–',
    transport: stats.transport === null ? '–' : transportNames[stats.transport],
    relayed: formatBytes(stats.bytesFromRelay),
    codecs: codecs.join(', ') || '–',
    frames: stats.droppedFrames ? `${stats.shownFrames}, ${stats.droppedFrames} dropped` : String(stats.shownFrames),
    epochs: String(stats.epochs),
    stalls: String(stats.stalls),
    start: stats.firstFrameMs === null ? '–' : `${Math.round(stats.firstFrameMs)} ms`,
  };
}

const transportNames = { webtransport: 'WebTransport', websocket: 'WebSocket' } as const;

function formatRate(bitsPerSecond: number): string {
  return bitsPerSecond >= 1e6
    ? `${(bitsPerSecond / 1e6).toFixed(2)} Mbit/s`
    : `${Math.round(bitsPerSecond / 1e3)} kbit/s`;
}

function formatBytes(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(2)} GB`;
  return bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.round(bytes / 1e3)} kB`;
}
