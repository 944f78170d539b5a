// The answers of the admin API as OpenAPI describes them; what their fields mean stands in core/admin/answers.ts.

import { z } from '@hono/zod-openapi';
import type * as answers from '../../core/admin/answers.ts';
import { NAT_KINDS } from '../../core/wire/quality-report.ts';

const at = z.int().min(0).openapi({ description: 'Unix milliseconds' });
const count = z.int().min(0);
const figure = z.number().nullable();
const share = z.number().min(0).max(1).nullable();
const counts = z.record(z.string(), count);
const column = z.array(figure).readonly();
const columns = z.record(z.string(), column);
const nat = z.enum(NAT_KINDS);

export const errorSchema = z
  .object({ error: z.object({ code: z.string(), message: z.string() }) })
  .openapi('Error') satisfies z.ZodType<answers.AdminError>;

export const statusSchema = z
  .object({
    version: z.string(),
    runtime: z.enum(['deno', 'node']),
    startedAt: at,
    clock: at,
    url: z.string(),
    draining: z.boolean().openapi({ description: 'It takes nobody new' }),
    links: count,
    channels: count,
    viewers: count,
    load: z
      .object({
        cpu: z.number().min(0).openapi({ description: 'Of one core: 1 is a core that does nothing else' }),
        memoryBytes: count,
        eventLoopDelayMs: z.number().min(0),
        bytesOutPerSecond: z.number().min(0),
        bytesInPerSecond: z.number().min(0),
      })
      .openapi({ description: 'Over about the last ten seconds' }),
    recordings: z.object({ bytes: count, freeBytes: count.nullable(), stopped: z.string().nullable() }),
  })
  .openapi('Status') satisfies z.ZodType<answers.AdminStatus>;

const sourceSchema = z
  .object({
    url: z.string().openapi({ description: 'Without the secrets in it' }),
    when: z.enum(['always', 'on-demand']),
    state: z.enum(['stopped', 'waiting', 'starting', 'live', 'failed']),
    error: z.string().nullable(),
    since: at,
  })
  .openapi('Source') satisfies z.ZodType<answers.AdminSource>;

const channel = z.object({
  name: z.string(),
  state: z.enum(['waiting', 'live', 'ended']),
  viewers: count,
  bitrateKbps: figure,
  offload: share.openapi({
    description: 'The share of the bytes that viewers got from each other, over the last 30 s',
  }),
  copies: figure.openapi({ description: 'How often the relay sent each byte of the stream, over the last 30 s' }),
  stallsPerViewerMinute: figure,
  latencyMs: figure.openapi({ description: 'Capture to showing: the median over the viewers' }),
  startedAt: at.nullable().openapi({ description: 'Live since then' }),
  recording: z.object({ id: z.string().nullable(), stopped: z.string().nullable() }),
  source: sourceSchema.nullable(),
  entry: z.enum(['configuration', 'added']).nullable(),
});

export const channelSchema = channel.openapi('Channel') satisfies z.ZodType<answers.AdminChannel>;

export const channelDetailSchema = channel
  .extend({
    settings: z.object({
      view: z.enum(['open', 'token']),
      record: z.boolean(),
      rewind: z.number().openapi({ description: 'Seconds that viewers can go back' }),
      peers: z.boolean(),
      maxViewers: count.nullable(),
    }),
    bytesIn: count,
    bytesOut: count,
    transports: counts,
    nat: counts,
    places: counts,
    startupMs: figure,
  })
  .openapi('ChannelDetail') satisfies z.ZodType<answers.AdminChannelDetail>;

export const swarmSchema = z
  .object({
    stripes: count,
    members: z
      .array(
        z.object({
          id: z.string(),
          role: z.enum(['viewer', 'source']),
          nat,
          place: z.string().nullable(),
          uplinkKbps: count,
          latencyMs: figure,
          offload: share,
          since: at,
          parents: z.array(z.string().nullable()).readonly().openapi({
            description: "Who pushes each stripe to it: a member's id, `relay`, or nobody yet",
          }),
        }),
      )
      .readonly(),
    size: count,
  })
  .openapi('Swarm') satisfies z.ZodType<answers.AdminSwarm>;

export const viewerSchema = z
  .object({
    id: z.string(),
    transport: z.string(),
    since: at,
    latencyMs: figure,
    stalls: count.nullable(),
    nat,
    place: z.string().nullable(),
  })
  .openapi('Viewer') satisfies z.ZodType<answers.AdminViewer>;

export const recordingSchema = z
  .object({
    id: z.string(),
    channel: z.string(),
    startedAt: at,
    endedAt: at.nullable(),
    durationMs: z.number().min(0),
    bytes: count,
    container: z.enum(['flv', 'ts']).openapi({ description: 'As which it can be downloaded' }),
  })
  .openapi('Recording') satisfies z.ZodType<answers.AdminRecording>;

export const seriesSchema = z
  .object({
    stepMs: count,
    at: z.array(at).readonly(),
    viewers: column,
    bytesOutPerSecond: column,
    bitrateKbps: column,
    peerShare: column,
    stallsPerViewerMinute: column,
    latencyMs: z.object({ p50: column, p95: column }),
    timeOnRelay: column.openapi({ description: 'Seconds of media that a viewer got from the relay in a minute' }),
    cpu: column,
    nat: columns,
    places: columns,
  })
  .openapi('Series') satisfies z.ZodType<answers.AdminSeries>;

export const logLineSchema = z
  .object({
    number: count,
    at,
    level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']),
    message: z.string(),
    data: z.record(z.string(), z.unknown()),
  })
  .openapi('LogLine') satisfies z.ZodType<answers.AdminLogLine>;
