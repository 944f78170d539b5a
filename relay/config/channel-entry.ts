// What a configuration says about channels: entries by name or pattern.

import { z } from 'zod';
import { channelNameFault } from '../../core/channel-name.ts';

/** A channel's name, a beginning of names and `/*`, or `*` for all. */
const CHANNEL_PATTERN = /^(\*|[\w.~-]+(\/[\w.~-]+)*(\/\*)?)$/;
/** `*`, or an origin as browsers tell it. */
const ORIGIN = /^(\*|https?:\/\/(\*\.)?[\w.-]+(:\d+)?)$/i;

/** Pages that may show a channel. */
export const embedOrigins = z
  .array(z.string().regex(ORIGIN, '*, or an origin such as https://example.org or https://*.example.org'))
  .min(1);

/** A key that a person holds. */
export const sharedKey = z.string().min(8, 'a key has at least 8 characters').max(512);

/** A key that viewers show as a token, also in a header. */
export const viewKey = sharedKey.regex(/^[!-~]([ -~]*[!-~])?$/, 'a view key is of letters, digits and signs of ASCII');

/** Viewers that carry the stream for each other. */
export const swarmSettings = z.strictObject({
  enabled: z.boolean().default(true),
  /** Push trees that a channel is cut into; `auto`: about one for each 450 kbit/s, 4 to 16. */
  stripes: z
    .union([z.literal('auto'), z.number().int().min(1).max(16)], { error: "a number from 1 to 16, or 'auto'" })
    .default('auto'),
  /** Below this number of viewers of a channel the relay feeds all of them itself. */
  minViewers: z.number().int().min(0).max(1_000_000).default(0),
  /** `relay`: viewers reach each other through TURN servers only, so that none learns another's address. */
  iceTransportPolicy: z.enum(['all', 'relay']).default('all'),
});

/** A stream that the relay fetches itself; only for a channel's name, not for a pattern. */
export const channelSource = z.strictObject({
  /** As the ingest program takes it: HTTP-FLV, HTTP-TS, M3U8, a file, anything that ffmpeg reads. */
  url: z.string().min(1).max(4_096),
  /** `on-demand`: only while somebody watches. */
  when: z.enum(['always', 'on-demand']).default('always'),
  /** Seconds that a source on demand goes on after the last viewer has left. */
  linger: z.number().min(0).max(3_600).default(10),
  /** A finished file or playlist starts over. */
  loop: z.boolean().default(false),
});

/** One entry of `channels`. What it leaves out is as entries of patterns say that fit, the longest first, then as the whole configuration says. */
export const channelEntry = z.strictObject({
  /** A channel's name, all below a name (`camera/*`), or all (`*`). The name itself counts before patterns, a longer pattern before a shorter. */
  name: z.string().max(130).regex(CHANNEL_PATTERN, 'a channel, all below a name (camera/*), or *'),
  source: channelSource.optional(),
  /** Who knows one of these may publish here; tokens are signed with the relay's own. */
  publishKeys: z.array(sharedKey).min(1).optional(),
  /** `token`: viewers show a token or one of the view keys. */
  view: z.enum(['open', 'token']).optional(),
  /** Who shows one of these as a token may watch. */
  viewKeys: z.array(viewKey).optional(),
  /** Pages that may show the channel. */
  embedOrigins: embedOrigins.optional(),
  record: z.boolean().optional(),
  /** Seconds that viewers can go back. */
  rewind: z.number().min(0).max(86_400).optional(),
  swarm: swarmSettings.partial().optional(),
  limits: z
    .strictObject({
      /** Viewers at a time. */
      viewers: z.number().int().positive().optional(),
      publishMegabitsPerSecond: z.number().positive().optional(),
    })
    .optional(),
});

/** Entries that fit together. */
export const channelEntries = z.array(channelEntry).superRefine((entries, context) => {
  const seen = new Set<string>();
  for (const [at, { name, source }] of entries.entries()) {
    const isPattern = name.endsWith('*');
    const refuse = (path: readonly string[], message: string) =>
      context.addIssue({ code: 'custom', path: [at, ...path], message });
    const fault = isPattern ? undefined : channelNameFault(name);
    if (fault) refuse(['name'], fault);
    if (seen.has(name)) refuse(['name'], `${name} has an entry already: one for each name or pattern`);
    if (source && isPattern) refuse(['source'], `a source is for one channel: ${name} stands for many`);
    if (name === 'recordings' || name.startsWith('recordings/'))
      refuse(['name'], 'names below recordings/ are reserved');
    seen.add(name);
  }
});

export type ChannelEntry = z.output<typeof channelEntry>;
export type ChannelEntryInput = z.input<typeof channelEntry>;
export type ChannelSource = z.output<typeof channelSource>;
