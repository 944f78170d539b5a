// The element's figures -> the words of the viewer page's panel.

import type { PlayerStats } from '../components/index.ts';
import { formatBytes, formatRate } from '../components/stats/format-traffic.ts';

/** What was counted at some moment. `at`: milliseconds. */
export interface Count {
  readonly at: number;
  readonly bytes: number;
}

/** All that came in, from whomever. */
export function receivedBytes({ bytesFromRelay, swarm }: PlayerStats): number {
  return bytesFromRelay + swarm.bytesPushed + swarm.bytesPulled;
}

/** Texts by the id of the place where they go. What is not known yet is a dash. */
export function formatStats(stats: PlayerStats, before: Count, now: number): Readonly<Record<string, string>> {
  const bytes = receivedBytes(stats) - before.bytes;
  const seconds = (now - before.at) / 1000;
  const codecs = [stats.videoCodec, stats.audioCodec].filter(codec => codec !== null);
  return {
    latency: stats.latency === null ? '–' : `${stats.latency.toFixed(2)} s`,
    buffer: `${stats.buffer.toFixed(2)} s`,
    bitrate: bytes > 0 && seconds > 0 ? formatRate(bytes / seconds) : '–',
    transport: stats.transport === null ? '–' : transportNames[stats.transport],
    relayed: formatPair(stats.swarm.bytesPushed + stats.swarm.bytesPulled, stats.bytesFromRelay),
    codecs: codecs.join(', ') || '–',
    frames: stats.droppedFrames ? `${stats.shownFrames}, ${stats.droppedFrames} dropped` : String(stats.shownFrames),
    epochs: String(stats.epochs),
    stalls: String(stats.stalls),
    start: stats.firstFrameMs === null ? '–' : `${Math.round(stats.firstFrameMs)} ms`,
  };
}

const transportNames = { webtransport: 'WebTransport', websocket: 'WebSocket' } as const;

/** The unit is said once if it is the same. */
function formatPair(one: number, other: number): string {
  const [first, unit] = formatBytes(one).split(' ');
  const second = formatBytes(other);
  return second.endsWith(` ${unit}`) ? `${first} / ${second}` : `${first} ${unit} / ${second}`;
}
