// What a relay and the ingest program beside it say to each other: one JSON object a line.

/** What the ingest program is told, on its standard input. */
export type IngestOrder =
  /** Who may push: keys of the relay, and of channels (by name or pattern) that have keys of their own. Replaces what was told before. */
  | { readonly type: 'keys'; readonly keys: readonly string[]; readonly channels: readonly ChannelKeys[] }
  /** A source to feed a channel from; `id` names it from then on. Before it opens, an older pull of the same channel ends. */
  | {
      readonly type: 'pull';
      readonly id: number;
      readonly channel: string;
      readonly source: string;
      readonly loop: boolean;
      readonly key: string;
    }
  /** No longer; `unpublish` tells viewers that the broadcast is over. */
  | { readonly type: 'drop'; readonly id: number; readonly unpublish: boolean };

/** Keys that publish the channels of a name or pattern. */
export interface ChannelKeys {
  readonly name: string;
  readonly keys: readonly string[];
}

/** What it tells, on its standard output. Reasons are sentences for people, without credentials. */
export type IngestReport =
  /** Encoders are taken here: `rtmp://host:port/live`. The first that is told, also when there are none. */
  | { readonly type: 'listening'; readonly addresses: readonly string[] }
  /** A source broke off, and is opened again. */
  | { readonly type: 'broken'; readonly id: number; readonly reason: string }
  /** A source is done with: played to its end, or not to be had. */
  | { readonly type: 'over'; readonly id: number; readonly finished: boolean; readonly reason: string };

/** One line, with its end. */
export function encodeLine(said: IngestOrder | IngestReport): string {
  return `${JSON.stringify(said)}\n`;
}

/** The order that a line holds; undefined where it holds none. */
export function readOrder(line: string): IngestOrder | undefined {
  const said = readObject(line);
  if (!said) return undefined;
  const { type, id, channel, source, loop, key, keys, channels, unpublish } = said;
  if (type === 'keys' && isTexts(keys) && Array.isArray(channels) && channels.every(isChannelKeys)) {
    return { type, keys, channels };
  }
  if (typeof id !== 'number') return undefined;
  if (type === 'drop' && typeof unpublish === 'boolean') return { type, id, unpublish };
  if (type !== 'pull' || typeof loop !== 'boolean') return undefined;
  if (typeof channel !== 'string' || typeof source !== 'string' || typeof key !== 'string') return undefined;
  return { type, id, channel, source, loop, key };
}

/** The report that a line holds; undefined where it holds none. */
export function readReport(line: string): IngestReport | undefined {
  const said = readObject(line);
  if (!said) return undefined;
  const { type, id, addresses, reason, finished } = said;
  if (type === 'listening' && isTexts(addresses)) return { type, addresses };
  if (typeof id !== 'number' || typeof reason !== 'string') return undefined;
  if (type === 'broken') return { type, id, reason };
  if (type === 'over' && typeof finished === 'boolean') return { type, id, finished, reason };
  return undefined;
}

function readObject(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const said: unknown = JSON.parse(line);
    return typeof said === 'object' && said !== null ? { ...said } : undefined;
  } catch {
    return undefined; // the caller tells what it makes of that
  }
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(one => typeof one === 'string');
}

function isChannelKeys(value: unknown): value is ChannelKeys {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    typeof value.name === 'string' &&
    'keys' in value &&
    isTexts(value.keys)
  );
}
