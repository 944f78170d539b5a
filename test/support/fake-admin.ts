// An admin API with made-up figures, for tests of the dashboard.

import type {
  AdminChannel,
  AdminChannelDetail,
  AdminLogLine,
  AdminRecording,
  AdminSeries,
  AdminStatus,
  AdminSwarm,
  AdminViewer,
} from '../../core/admin/answers.ts';
import {
  CHANNELS,
  fakeChannel,
  fakeSeries,
  fakeSwarm,
  fakeViewers,
  HOUR,
  LOG,
  NOON,
  RECORDINGS,
} from './fake-admin-figures.ts';

export const ADMIN_TOKEN = 'a-token-for-tests-only';

export interface FakeAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Answers requests, and remembers those that were to change something, as `PUT channels/a`. */
export class FakeAdmin {
  readonly deeds: { readonly deed: string; readonly body: unknown }[] = [];
  isSignedIn = true;
  /** What lets the page itself watch; null where nothing is needed. */
  viewToken: string | null = null;
  /** Nobody answers at all. */
  isGone = false;
  /** What the next deed is refused with. */
  refusal: { status: number; message: string } | undefined;
  channels: readonly AdminChannel[] = CHANNELS;
  recordings: readonly AdminRecording[] = RECORDINGS;
  swarm: AdminSwarm = fakeSwarm(17);
  viewers: readonly AdminViewer[] = fakeViewers(9);
  series: AdminSeries = fakeSeries();
  log: readonly AdminLogLine[] = LOG;
  status: AdminStatus = {
    ...{ version: '0.1.0', runtime: 'deno', startedAt: NOON - 76 * HOUR, clock: NOON, url: 'http://localhost:4080' },
    ...{ draining: false, links: 494, channels: 4, viewers: 490 },
    load: { cpu: 0.23, memoryBytes: 212e6, eventLoopDelayMs: 3, bytesOutPerSecond: 1.42e6, bytesInPerSecond: 0.41e6 },
    recordings: { bytes: 5.56e9, freeBytes: 182e9, stopped: null },
  };

  /** `path` is what stands behind `/admin/api/`. */
  answer(method: string, path: string, body?: unknown): FakeAnswer {
    const [route = '', ...rest] = path.split('?')[0]!.split('/');
    if (route === 'session') return this.#session(method, body);
    if (!this.isSignedIn) return fault(401, 'log in');
    if (path.endsWith('/view-token')) return { status: 200, body: { token: this.viewToken } };
    if (method !== 'GET') {
      this.deeds.push({ deed: `${method} ${path}`, body });
      const { refusal } = this;
      this.refusal = undefined;
      return refusal ? fault(refusal.status, refusal.message) : this.#do(method, route, rest);
    }
    const [name, part] = [decodeURIComponent(rest[0] ?? ''), rest[1]];
    if (route === 'channels' && name) return this.#channel(name, part);
    const answers: Record<string, unknown> = {
      ...{
        status: this.status,
        channels: this.channels,
        recordings: this.recordings,
        series: this.series,
        log: this.log,
      },
    };
    return route in answers ? { status: 200, body: answers[route] } : fault(404, 'there is nothing here');
  }

  #session(method: string, body: unknown): FakeAnswer {
    if (method === 'POST') {
      const token: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'token') : undefined;
      this.isSignedIn = token === ADMIN_TOKEN;
    } else if (method === 'DELETE') this.isSignedIn = false;
    if (method === 'DELETE') return { status: 204, body: null };
    return this.isSignedIn ? { status: 200, body: { until: NOON + HOUR } } : fault(401, 'this is not the admin token');
  }

  #channel(name: string, part: string | undefined): FakeAnswer {
    const channel = this.channels.find(one => one.name === name);
    if (!channel) return fault(404, `there is no channel ${name}`);
    if (part === 'swarm') return { status: 200, body: this.swarm };
    if (part === 'viewers') return { status: 200, body: this.viewers };
    const detail: AdminChannelDetail = {
      ...channel,
      settings: { view: 'open', record: channel.recording.id !== null, rewind: 600, peers: true, maxViewers: null },
      ...{ bytesIn: 1.48e9, bytesOut: 1.71e9, transports: { webtransport: 391, websocket: 27 }, startupMs: 240 },
      ...{ nat: { cone: 300, open: 118 }, places: { 'Europe/Berlin': 418 } },
    };
    return { status: 200, body: detail };
  }

  #do(method: string, route: string, rest: readonly string[]): FakeAnswer {
    const name = decodeURIComponent(rest[0] ?? '');
    if (route === 'drain') this.status = { ...this.status, draining: true };
    if (route === 'recordings') this.recordings = this.recordings.filter(({ id }) => id !== name);
    if (route === 'channels' && method === 'DELETE') this.channels = this.channels.filter(one => one.name !== name);
    if (route === 'channels' && method === 'PATCH' && !this.channels.some(one => one.name === name))
      this.channels = [...this.channels, fakeChannel(name, { entry: 'added' })];
    if (rest[1] === 'stop' || rest[1] === 'start') {
      const state = rest[1] === 'stop' ? 'stopped' : 'live';
      this.channels = this.channels.map(one =>
        one.name === name && one.source ? { ...one, source: { ...one.source, state } } : one,
      );
    }
    return { status: 200, body: {} };
  }
}

const fault = (status: number, message: string): FakeAnswer => ({ status, body: { error: { code: 'no', message } } });
