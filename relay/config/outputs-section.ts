// The part of the configuration about players that are not ours.

import { z } from 'zod';

/** Channels as HTTP-FLV or HTTP-TS (`/live/<channel>.flv`) and as HLS (`/hls/<channel>/index.m3u8`). */
export const outputsSection = z.strictObject({
  enabled: z.boolean().default(true),
  /** Streams over HTTP at a time, of all channels. */
  streams: z.number().int().positive().max(100_000).default(1_000),
  /** Memory for the HLS segments of all channels. */
  hlsMegabytes: z.number().positive().max(65_536).default(256),
});

export type OutputsSettings = z.output<typeof outputsSection>;
