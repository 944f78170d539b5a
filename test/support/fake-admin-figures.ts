// What a made-up relay could tell its operators: the same figures each time.

import type {
  AdminChannel,
  AdminLogLine,
  AdminRecording,
  AdminSeries,
  AdminSwarm,
  AdminSwarmMember,
  AdminViewer,
} from '../../core/admin/answers.ts';

/** A moment on 21 November 2026. */
export const NOON = Date.UTC(2026, 10, 21, 12);

export const HOUR = 3_600_000;
const PLACES = ['Europe/Berlin', 'Europe/Paris', 'America/New_York', 'Asia/Tokyo', 'America/Sao_Paulo', 'Africa/Lagos'];
const NAT = ['open', 'cone', 'cone', 'symmetric', 'blocked', 'unknown'] as const;

/** Numbers from 0 to 1 that look random. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export function fakeChannel(name: string, figures: Partial<AdminChannel> = {}): AdminChannel {
  return {
    ...{
      name,
      state: 'live',
      viewers: 12,
      bitrateKbps: 1_650,
      offload: 0.86,
      copies: 1.3,
      stallsPerViewerMinute: 0.02,
    },
    ...{
      latencyMs: 910,
      startedAt: NOON - 2 * HOUR,
      recording: { id: null, stopped: null },
      source: null,
      entry: null,
    },
    ...figures,
  };
}

const source = (
  url: string,
  state: 'stopped' | 'waiting' | 'starting' | 'live' | 'failed',
  error: string | null = null,
) => ({ url, when: 'always', state, error, since: NOON - 2 * HOUR }) as const;

export const CHANNELS: readonly AdminChannel[] = [
  fakeChannel('lecture', {
    viewers: 418,
    offload: 0.972,
    copies: 1.1,
    recording: { id: 'lecture/20261121T100000Z', stopped: null },
  }),
  fakeChannel('camera/north-gate', {
    ...{ viewers: 3, bitrateKbps: 812, offload: 0.41, copies: 1.9, entry: 'added' },
    source: source('rtsp://***@10.0.4.17/stream1', 'live'),
  }),
  fakeChannel('radio', {
    viewers: 64,
    bitrateKbps: 128,
    offload: 0.93,
    stallsPerViewerMinute: 0,
    entry: 'configuration',
    source: source('https://radio.example/live.flv', 'live'),
  }),
  fakeChannel('camera/south-gate', {
    ...{
      state: 'waiting',
      viewers: 1,
      bitrateKbps: null,
      offload: null,
      copies: null,
      latencyMs: null,
      startedAt: null,
    },
    ...{ stallsPerViewerMinute: null, entry: 'added' },
    source: source('rtsp://***@10.0.4.18/stream1', 'failed', 'the source does not answer: connection refused'),
  }),
  fakeChannel('news', {
    ...{
      state: 'waiting',
      viewers: 0,
      bitrateKbps: null,
      offload: null,
      copies: null,
      latencyMs: null,
      startedAt: null,
    },
    ...{ stallsPerViewerMinute: null, entry: 'added' },
    source: { ...source('https://news.example/live/index.m3u8', 'stopped'), when: 'on-demand' },
  }),
  fakeChannel('room/tea/ada', { viewers: 4, bitrateKbps: 702, offload: null, copies: 4, latencyMs: 420 }),
];

/** A swarm of that many viewers: in each stripe a tree with three to five children a carrier. */
export function fakeSwarm(size: number, stripes = 4): AdminSwarm {
  const roll = dice(size + 7);
  const ids = Array.from({ length: size }, (_, index) =>
    (index * 2_654_435_761 + 97_531).toString(36).padStart(9, 'x'),
  );
  const parents: (string | null)[][] = ids.map(() => []);
  for (let stripe = 0; stripe < stripes; stripe++) {
    const carriers = ids.filter((_, index) => index % stripes === stripe);
    const order = [...carriers, ...ids.filter(id => !carriers.includes(id))];
    order.forEach((id, place) => {
      const parent = carriers[Math.min(carriers.length - 1, Math.floor((place - 1) / 4))];
      parents[ids.indexOf(id)]![stripe] = place === 0 ? 'relay' : parent === id ? 'relay' : (parent ?? 'relay');
    });
  }
  const members = ids.map(
    (id, index): AdminSwarmMember => ({
      ...{ id, role: 'viewer', nat: NAT[index % NAT.length]!, place: PLACES[index % PLACES.length]! },
      ...{ uplinkKbps: 2_000 + Math.round(roll() * 18_000), latencyMs: 700 + Math.round(roll() * 500) },
      ...{ offload: 0.6 + roll() * 0.4, since: NOON - Math.round(roll() * HOUR), parents: parents[index]! },
    }),
  );
  return { stripes: size === 0 ? 0 : stripes, members, size };
}

export function fakeViewers(size: number): AdminViewer[] {
  const roll = dice(size + 3);
  return Array.from({ length: size }, (_, index) => ({
    id: (index * 40_503 + 65_537).toString(36).padStart(8, '0'),
    transport: index % 3 === 0 ? 'websocket' : 'webtransport',
    since: NOON - Math.round(roll() * HOUR),
    latencyMs: index % 7 === 6 ? null : 650 + Math.round(roll() * 700),
    stalls: Math.floor(roll() * 2.4),
    nat: NAT[index % NAT.length]!,
    place: index % 7 === 6 ? null : PLACES[index % PLACES.length]!,
  }));
}

/** That many points, `step` apart, with a gap in the middle and an evening's rise. */
export function fakeSeries(points = 90, step = 10_000, scale = 400): AdminSeries {
  const roll = dice(points);
  const at = Array.from({ length: points }, (_, index) => NOON - (points - 1 - index) * step);
  const gap = Math.floor(points * 0.4);
  const column = (figure: (rise: number) => number) =>
    at.map((_, index) => {
      if (index >= gap && index < gap + 3) return null;
      const rise = 0.35 + 0.6 / (1 + Math.exp((points / 2 - index) / (points / 9)));
      return figure(rise + (roll() - 0.5) * 0.07);
    });
  const people = (share: number) => column(rise => Math.round(scale * rise * share));
  return {
    ...{ stepMs: step, at, viewers: people(1) },
    bytesOutPerSecond: column(rise => 600_000 + rise * 900_000),
    bitrateKbps: column(rise => 3_200 + rise * 300),
    peerShare: column(rise => Math.min(1, 0.55 + rise * 0.45)),
    stallsPerViewerMinute: column(rise => Math.max(0, 0.05 - rise * 0.04)),
    latencyMs: { p50: column(rise => 780 + rise * 160), p95: column(rise => 1_150 + rise * 420) },
    timeOnRelay: column(rise => 24 - rise * 20),
    cpu: column(rise => 0.06 + rise * 0.22),
    nat: {
      open: people(0.12),
      cone: people(0.5),
      symmetric: people(0.21),
      blocked: people(0.07),
      unknown: people(0.1),
    },
    places: {
      ...Object.fromEntries(PLACES.map((place, index) => [place, people(0.34 / (index + 1))])),
      other: people(0.11),
    },
  };
}

export const RECORDINGS: readonly AdminRecording[] = [
  ['lecture/20261121T100000Z', NOON - 2 * HOUR, null, 1.48e9],
  ['lecture/20261120T100000Z', NOON - 26 * HOUR, NOON - 24.5 * HOUR, 1.11e9],
  ['camera/north-gate/20261119T220000Z', NOON - 38 * HOUR, NOON - 30 * HOUR, 2.92e9],
  ['radio/20261118T180000Z', NOON - 66 * HOUR, NOON - 65.2 * HOUR, 46_200_000],
].map(([id, startedAt, endedAt, bytes]) => {
  const [name, start, end] = [String(id), Number(startedAt), endedAt === null ? null : Number(endedAt)];
  const channel = name.slice(0, name.lastIndexOf('/'));
  return {
    id: name,
    channel,
    startedAt: start,
    endedAt: end,
    durationMs: (end ?? NOON) - start,
    bytes: Number(bytes),
    container: 'flv',
  };
});

const line = (number: number, level: AdminLogLine['level'], message: string, data: AdminLogLine['data'] = {}) => ({
  ...{ number, at: NOON - (40 - number) * 1_700, level, message, data },
});
export const LOG: readonly AdminLogLine[] = [
  line(1, 'info', 'relay started', { url: 'http://localhost:4080', runtime: 'deno', webTransportPort: 4080 }),
  line(2, 'info', 'a publisher has come', { channel: 'lecture', track: 'main', container: 'flv' }),
  line(3, 'info', 'recording started', { channel: 'lecture', recording: 'lecture/20261121T100000Z' }),
  line(4, 'debug', 'a viewer has joined the swarm', { channel: 'lecture', uplinkKbps: 11_200 }),
  line(5, 'warn', 'a source does not answer', {
    channel: 'camera/south-gate',
    error: 'connection refused',
    retryInMs: 4_000,
  }),
  line(6, 'info', 'an operator has logged in', { address: '192.0.2.7' }),
  line(7, 'error', 'the ingest program has ended', { code: 1, restartInMs: 1_000 }),
  ...Array.from({ length: 30 }, (_, index) =>
    line(8 + index, 'info', 'a viewer has come', {
      channel: 'lecture',
      transport: index % 3 ? 'webtransport' : 'websocket',
    }),
  ),
];
