// How recordings are named: the channel, and a stamp of when they began.

import { channelNameFault } from '../channel-name.ts';
import type { Millis } from '../time.ts';

/** A second of UTC; a number tells those apart that began in the same one. */
const STAMP = /^\d{8}T\d{6}Z(-[1-9]\d{0,3})?$/;
/** What viewers of a recording subscribe to, to find each other; nobody publishes there. */
const SWARM_PREFIX = 'recordings/';

/** The parts of a recording's id, `<channel>/<stamp>`. */
export interface RecordingName {
  readonly channel: string;
  readonly stamp: string;
}

/** The stamp of a recording that begins at a Unix time: `20261121T191500Z`, with a number behind it if it isn't the first. */
export function recordingStamp(at: Millis, number = 1): string {
  const stamp = `${new Date(at).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
  return number > 1 ? `${stamp}-${number}` : stamp;
}

export function isRecordingStamp(text: string): boolean {
  return STAMP.test(text);
}

/** Reads an id; undefined when it is none. */
export function readRecordingId(id: string): RecordingName | undefined {
  const at = id.lastIndexOf('/');
  const [channel, stamp] = [id.slice(0, Math.max(0, at)), id.slice(at + 1)];
  return isRecordingStamp(stamp) && !channelNameFault(channel) ? { channel, stamp } : undefined;
}

/** The channel name under which the viewers of a recording find each other. */
export function recordingSwarm(id: string): string {
  return `${SWARM_PREFIX}${id}`;
}

/** Whether a channel's name is kept for viewers of recordings. */
export function isRecordingSwarm(channel: string): boolean {
  return channel === SWARM_PREFIX.slice(0, -1) || channel.startsWith(SWARM_PREFIX);
}

/** The recording whose viewers meet under this channel name; undefined when it is another's. */
export function recordingOfSwarm(channel: string): RecordingName | undefined {
  return channel.startsWith(SWARM_PREFIX) ? readRecordingId(channel.slice(SWARM_PREFIX.length)) : undefined;
}
