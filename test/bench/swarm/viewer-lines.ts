// One line a viewer, for whoever looks for the cause of a figure.

import type { ViewerReport } from './viewer-report.ts';

/** A shorter wait isn't worth a word (ms). */
const WORTH_TELLING_MS = 100;

/** `startAt`: Unix ms of the first viewer's start; moments are told in seconds from there. */
export function viewerLine(host: number, report: ViewerReport | undefined, startAt: number): string {
  if (!report) return `viewer ${host}: no answer`;
  const { firstFrameMs, latencies, waits, bytesFromPeers, bytesFromServer, unread, details } = report;
  const ages = latencies.map(([, ms]) => ms).sort((a, b) => a - b);
  const median = ages[ages.length >> 1];
  const stalls = waits
    .filter(([, ms]) => ms > WORTH_TELLING_MS)
    .map(([at, ms]) => `${Math.round(ms)} ms at ${((at - startAt) / 1_000).toFixed(1)} s`);
  const first = firstFrameMs === null ? 'no picture' : `first picture after ${Math.round(firstFrameMs)} ms`;
  const words = [
    first,
    `latency ${median ?? '–'} ms (${ages[0] ?? '–'} to ${ages.at(-1) ?? '–'})`,
    `stalls: ${stalls.join(', ') || 'none'}`,
    `${megabytes(bytesFromPeers)} MB from peers, ${megabytes(bytesFromServer)} from the server`,
    ...(unread > 0 ? [`clock not readable ${unread} times`] : []),
    JSON.stringify(details, (_, value) =>
      Array.isArray(value) && typeof value[0] === 'object' ? value.length : value,
    ),
  ];
  return `viewer ${host}: ${words.join('; ')}`;
}

const megabytes = (bytes: number | null) => (bytes === null ? '–' : (bytes / 1e6).toFixed(1));
