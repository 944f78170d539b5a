// The operators' face of a relay: its figures, its log from afar, the API behind the dashboard, and what Prometheus reads.

import type { Hono } from 'hono';
import type { Millis } from '../../core/time.ts';
import { type AdminGate, createAdminGate } from '../access/admin-gate.ts';
import type { ChannelWatcher } from '../channels/channel.ts';
import type { Channels } from '../channels/channels.ts';
import type { LiveConfig } from '../config/live-config.ts';
import type { Drain } from '../drain.ts';
import { Figures } from '../figures/figures.ts';
import type { LogTail } from '../figures/log-tail.ts';
import { packageVersion } from '../figures/version.ts';
import type { Log } from '../log.ts';
import type { Recordings } from '../recording/recordings.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { ChannelSources } from '../sources/channel-sources.ts';
import { mountAdminApi } from './mount-admin-api.ts';
import { mountMetrics } from './mount-metrics.ts';

export interface OperatorsOptions {
  readonly live: LiveConfig;
  /** These come to be after the figures that they feed. */
  readonly channels: () => Channels;
  readonly sessions: () => Sessions;
  readonly sources: ChannelSources;
  readonly recordings: Recordings;
  readonly drain: Drain;
  readonly tail: LogTail;
  readonly log: Log;
  /** The relay's own, which sign tokens. */
  readonly publishKeys: () => readonly string[];
  readonly runtime: 'deno' | 'node';
  /** As in `Relay.url`. */
  readonly url: () => string;
  /** The wall clock, Unix milliseconds. */
  readonly clock: () => Millis;
  /** Whole milliseconds of a steady clock. */
  readonly steady: () => Millis;
}

export interface Operators {
  readonly gate: AdminGate;
  /** How viewers fare: sessions tell it. */
  readonly quality: Figures['quality'];
  readonly watcher: ChannelWatcher;
  readonly mount: (app: Hono) => void;
  /** What `/health` answers, to everybody. */
  readonly health: () => {
    readonly status: 'ok' | 'draining';
    readonly links: number;
    readonly reasons: readonly string[];
  };
  close(): void;
}

export function createOperators(options: OperatorsOptions): Operators {
  const { live, channels, sessions, clock, steady, log, runtime } = options;
  const figures = new Figures({ channels, clock, steady });
  const gate = createAdminGate({ token: () => live.current.admin.token, clock, steady, log });
  const about = { version: packageVersion(), runtime, startedAt: clock() };
  return {
    gate,
    quality: figures.quality,
    watcher: figures,
    mount(app) {
      gate.mount(app);
      mountAdminApi(app, { ...options, channels: channels(), sessions: sessions(), figures, gate, about });
      mountMetrics(app, { ...options, channels: channels(), sessions: sessions(), figures, gate, about });
    },
    health: () => ({
      status: options.drain.reason === undefined ? 'ok' : 'draining',
      links: sessions().count,
      reasons: [options.drain.reason, options.recordings.stopped].filter(reason => typeof reason === 'string'),
    }),
    close: () => figures.close(),
  };
}
