// What viewers and servers counted -> the figures of one player, as BENCH.md names them.

import type { ServerCounts } from './contestant.ts';
import type { ViewerReport } from './viewer-report.ts';

/** Times in ms, bytes in MB (10^6); null: not measured. */
export interface SwarmFigures {
  readonly share_of_ceiling: number | null;
  readonly copies_per_chunk: number | null;
  readonly relay_mb: number | null;
  readonly peers_mb: number | null;
  readonly latency_ms: Quantiles;
  readonly stalls_per_viewer_minute: number | null;
  readonly first_frame_ms: Quantiles;
  /** Cores of all browsers and of the player's servers, and each alone. */
  readonly cpu: number | null;
  readonly cpu_browsers: number | null;
  readonly cpu_servers: number | null;
  readonly cpu_encoder: number | null;
  /** Cores that processes used which are none of the benchmark's. */
  readonly cpu_others: number | null;
  /** Mbit/s of the stream, in the server's container. */
  readonly stream_mbps: number | null;
  /** From the page's start, its scripts' loading included. */
  readonly page_to_first_frame_ms: Quantiles;
  /** 1 − copies ÷ viewers: what the server's own count makes of the offload. */
  readonly offload_by_server: number | null;
  /** From the first viewer's start on, instead of after the warm-up. */
  readonly whole_run: Pick<SwarmFigures, 'share_of_ceiling' | 'copies_per_chunk' | 'relay_mb' | 'peers_mb'>;
  /** What the players say that their servers sent. */
  readonly relay_mb_by_viewers: number | null;
  readonly stalls: number;
  readonly longest_stall_ms: number;
  /** Share of the samples in which the clock of the picture could not be read. */
  readonly unread: number | null;
  /** Viewers whose page never showed a picture, or didn't answer. */
  readonly viewers_without_picture: number;
}

export interface Quantiles {
  readonly p50: number | null;
  readonly p95: number | null;
}

/** One viewer's account: at the end of the warm-up (undefined if it came later) and at its own end. */
export interface Account {
  readonly before: ViewerReport | undefined;
  readonly after: ViewerReport | undefined;
  /** Whether it was there from the start to the end, so that its stalls count. */
  readonly stayed: boolean;
}

/** Everything that was measured of one player. Moments are Unix ms. */
export interface Measured {
  readonly viewers: number;
  readonly warmAt: number;
  readonly endAt: number;
  readonly accounts: readonly Account[];
  /** The servers' counts: at the start, at the end of the warm-up, at the end. */
  readonly server: readonly [ServerCounts, ServerCounts, ServerCounts];
  /** Cores between the end of the warm-up and the end. */
  readonly cores: Readonly<Record<'browsers' | 'servers' | 'encoder' | 'others', number>>;
}

/** A shorter wait is no stall (ms). */
const STALL_MS = 100;

export function swarmFigures(measured: Measured): SwarmFigures {
  const { accounts, warmAt, endAt, server, cores, viewers } = measured;
  const reports = accounts.flatMap(({ after }) => after ?? []);
  const latencies = reports.flatMap(({ latencies }) => latencies.filter(([at]) => at >= warmAt).map(([, ms]) => ms));
  const unread = sum(reports.map(report => report.unread));
  const seen = reports.filter(report => report.firstFrameMs !== null);
  const stayers = accounts.flatMap(({ after, stayed }) =>
    stayed && after && after.firstFrameMs !== null ? after : [],
  );
  const stalls = stayers.flatMap(({ waits }) => waits.filter(([, ms]) => ms > STALL_MS));
  const minutes = sum(stayers.map(({ startedAt, firstFrameMs }) => endAt - startedAt - (firstFrameMs ?? 0))) / 60_000;
  const afterWarmUp = traffic(measured, server[1], ({ before }) => before);
  const wholeRun = traffic(measured, server[0], () => undefined);
  const fromServer = bytesOf(accounts, 'bytesFromServer', ({ before }) => before);
  const streamed = difference(server[1].stream, server[2].stream);
  const read = sum(reports.map(report => report.latencies.length));
  return {
    ...afterWarmUp,
    latency_ms: quantiles(latencies),
    stalls_per_viewer_minute: minutes > 0 ? rounded(stalls.length / minutes, 2) : null,
    first_frame_ms: quantiles(seen.map(report => report.firstFrameMs ?? 0)),
    cpu: rounded(cores.browsers + cores.servers, 2),
    cpu_browsers: rounded(cores.browsers, 2),
    cpu_servers: rounded(cores.servers, 3),
    cpu_encoder: rounded(cores.encoder, 2),
    cpu_others: rounded(Math.max(0, cores.others), 2),
    stream_mbps: streamed === null ? null : rounded((streamed * 8) / (endAt - warmAt) / 1_000, 2),
    page_to_first_frame_ms: quantiles(seen.map(report => report.pageToFirstFrameMs ?? 0)),
    offload_by_server:
      afterWarmUp.copies_per_chunk === null ? null : rounded(1 - afterWarmUp.copies_per_chunk / viewers, 3),
    whole_run: wholeRun,
    relay_mb_by_viewers: fromServer === null ? null : megabytes(fromServer),
    stalls: stalls.length,
    longest_stall_ms: Math.round(Math.max(0, ...stalls.map(([, ms]) => ms))),
    unread: read + unread > 0 ? rounded(unread / (read + unread), 3) : null,
    viewers_without_picture: accounts.length - seen.length,
  };
}

type Before = (account: Account) => ViewerReport | undefined;

function traffic({ accounts, server, viewers }: Measured, from: ServerCounts, before: Before) {
  const to = server[2];
  const sent = difference(from.sent, to.sent);
  const stream = difference(from.stream, to.stream);
  const peers = bytesOf(accounts, 'bytesFromPeers', before);
  const offload = sent !== null && peers !== null && sent + peers > 0 ? peers / (sent + peers) : null;
  return {
    share_of_ceiling: offload === null ? null : rounded(offload / (1 - 1 / viewers), 3),
    copies_per_chunk: sent === null || !stream ? null : rounded(sent / stream, 2),
    relay_mb: sent === null ? null : megabytes(sent),
    peers_mb: peers === null ? null : megabytes(peers),
  };
}

/** Null when a single viewer can't tell; one that doesn't answer at all counts with what it said before. */
function bytesOf(accounts: readonly Account[], field: 'bytesFromPeers' | 'bytesFromServer', before: Before) {
  let bytes = 0;
  for (const account of accounts) {
    const after = account.after ?? account.before;
    if (!after) continue;
    const count = difference(before(account)?.[field] ?? 0, after[field]);
    if (count === null) return null;
    bytes += count;
  }
  return accounts.some(({ after }) => after) ? bytes : null;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const rounded = (value: number, digits: number) => Number(value.toFixed(digits));
const megabytes = (bytes: number) => rounded(bytes / 1e6, 2);
const difference = (from: number | null, to: number | null) => (from === null || to === null ? null : to - from);

function quantiles(values: readonly number[]): Quantiles {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => {
    const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
    return value === undefined ? null : Math.round(value);
  };
  return { p50: at(0.5), p95: at(0.95) };
}
