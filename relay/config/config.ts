// The relay's configuration: what may be set, its defaults, and the sentences that say what is wrong.

import { z } from 'zod';
import { MAX_MEMBERS } from '../../core/wire/room-state.ts';
import { LOG_LEVELS } from '../log.ts';
import { accessSection } from './access-section.ts';
import { channelEntries, swarmSettings } from './channel-entry.ts';
import { ConfigError } from './config-error.ts';
import { limitsSection } from './limits-section.ts';
import { readSetting } from './mistakes.ts';
import { outputsSection } from './outputs-section.ts';

const port = z.number().int().min(0).max(65_535);

/** A source of the CSP directive `frame-ancestors`. */
const FRAME_ANCESTOR = /^(\*|'self'|'none'|([a-z][a-z\d+.-]*:\/\/)?(\*\.)?[\w.-]+(:(\d+|\*))?)$/i;

const iceServer = z.strictObject({
  urls: z.union([z.string(), z.array(z.string())]),
  username: z.string().optional(),
  credential: z.string().optional(),
});

/** What a configuration file may say; flags and the environment override it. */
export const relayConfigSchema = z.strictObject({
  /** Address to listen on. */
  host: z.string().min(1).default('0.0.0.0'),
  /** TCP port of HTTP and WebSocket; 0 takes any free one. */
  port: port.default(4080),
  webTransport: z
    .strictObject({
      enabled: z.boolean().default(true),
      /** UDP port; the HTTP port's number if not given. */
      port: port.optional(),
      /** With so many sessions, whoever comes new is offered WebSocket only, which costs the relay a fraction. */
      sessions: z.number().int().min(0).max(100_000).default(500),
    })
    .prefault({}),
  /** Certificate and key files (PEM). Without: plain HTTP, and a self-made certificate for WebTransport. */
  tls: z.strictObject({ certFile: z.string().min(1), keyFile: z.string().min(1) }).optional(),
  /** Whoever knows one of these may publish. Without: one is made and kept in the state directory. */
  publishKeys: z.array(z.string().min(8, 'a publish key has at least 8 characters')).optional(),
  /** Who may watch, where a channel's own entry doesn't say. */
  access: accessSection.prefault({}),
  /** The operator's face: dashboard, API, metrics. Without a token there is none. */
  admin: z
    .strictObject({
      token: z.string().min(16, 'the admin token has at least 16 characters').max(512).optional(),
      /** Good for `/metrics` and nothing else. */
      metricsToken: z.string().min(16, 'the metrics token has at least 16 characters').max(512).optional(),
    })
    .prefault({}),
  /** What is kept of broadcasts. */
  recordings: z
    .strictObject({
      /** Whether channels are recorded whose own entries don't say. */
      all: z.boolean().default(false),
      /** Where they are kept; `recordings` in the state directory if not given. */
      directory: z.string().min(1).optional(),
      /** The oldest go first. */
      maxAgeHours: z.number().positive().optional(),
      maxGigabytes: z.number().positive().optional(),
      /** With less room than this on the disk nothing is recorded. */
      keepFreeMegabytes: z.number().min(0).default(500),
    })
    .prefault({}),
  /** Channels for other players: streams over HTTP, HLS. */
  outputs: outputsSection.prefault({}),
  /** Channels by name or pattern. */
  channels: channelEntries.default([]),
  /** Whether there may be channels that no entry names. */
  unlistedChannels: z.enum(['allow', 'refuse']).default('allow'),
  /** Where the made publish key is kept. */
  stateDir: z.string().min(1).optional(),
  /** Seconds of each channel that viewers can go back; the memory below may hold less. */
  rewind: z.number().min(0).max(86_400).default(600),
  /** Memory for what was broadcast, per channel and for all together; the oldest groups go first. */
  window: z
    .strictObject({
      megabytes: z.number().positive().max(65_536).default(256),
      totalMegabytes: z.number().positive().max(1_048_576).default(1_024),
    })
    .prefault({}),
  limits: limitsSection.prefault({}),
  /** Encoders that push: for them the relay starts the ingest program, as a process beside itself. */
  ingest: z
    .strictObject({
      /** Where RTMP is taken. */
      listen: z.array(z.string().regex(/^rtmp:\/\/./, 'rtmp://address[:port][/application]')).default([]),
      /** The same on the relay's own address: a TCP port; 0 takes any free one. */
      rtmpPort: port.optional(),
    })
    .prefault({}),
  /** STUN and TURN servers, handed to viewers as they are. */
  iceServers: z.array(iceServer).default([]),
  /** Viewers that carry the stream for each other. */
  swarm: swarmSettings.prefault({}),
  /** What viewers, publishers and members of rooms say to each other on a channel: `element.send(data)`. */
  messages: z
    .strictObject({
      enabled: z.boolean().default(true),
      /** What one sender may send; three seconds' worth at once, here and below. */
      perSecond: z.number().positive().max(10_000).default(10),
      kilobytesPerSecond: z.number().min(6).max(100_000).default(64),
      /** What a channel carries. */
      channelPerSecond: z.number().positive().max(100_000).default(200),
      channelKilobytesPerSecond: z.number().min(6).max(1_000_000).default(256),
      /** What leaves the relay for all listeners of all channels together. */
      megabitsPerSecond: z.number().positive().max(100_000).default(100),
    })
    .prefault({}),
  /** Rooms: `room/<name>`, whose members see and hear each other. */
  rooms: z
    .strictObject({
      enabled: z.boolean().default(true),
      maxMembers: z.number().int().min(1).max(MAX_MEMBERS).default(50),
      maxRooms: z.number().int().min(1).max(100_000).default(1_000),
      /** Whether anybody may enter any room. Without it a token is needed. */
      open: z.boolean().default(false),
    })
    .prefault({}),
  /** Pages of channels: `/watch/<channel>`, `/embed/<channel>`, and `/oembed` for sites that ask. */
  pages: z
    .strictObject({
      enabled: z.boolean().default(true),
      /** Who may frame `/embed/<channel>`. */
      frameAncestors: z
        .array(z.string().regex(FRAME_ANCESTOR, "*, 'self', 'none', or an origin such as https://*.example.org"))
        .min(1)
        .default(['*']),
    })
    .prefault({}),
  logLevel: z.enum(LOG_LEVELS).default('info'),
});

/** A whole configuration. */
export type RelayConfig = z.output<typeof relayConfigSchema>;
/** A configuration as it is written: everything may be left out. */
export type RelayConfigInput = z.input<typeof relayConfigSchema>;

export { ConfigError };

/** Fills in the defaults. Throws `ConfigError` that names every mistake with its place; `source` says where it was read. */
export function parseConfig(input: unknown, source = 'configuration'): RelayConfig {
  return readSetting(relayConfigSchema, input ?? {}, source);
}
