// A recording, as it is told of and read: one that runs, or one on the disk.

import type { Bytes } from '../../core/bytes.ts';
import type { Container } from '../../core/init-document.ts';
import type { GroupIndex } from '../../core/recording/group-index.ts';
import type { RecordingSummary } from '../../core/recording/recording-document.ts';
import { type Millis, TICKS_PER_MILLI, type Ticks } from '../../core/time.ts';

export interface Recording {
  /** `<channel>/<stamp>`. */
  readonly id: string;
  readonly channel: string;
  readonly directory: string;
  readonly publicKey: Bytes;
  readonly track: number;
  readonly container: Container;
  readonly startedAt: Millis;
  /** Undefined while it runs. */
  readonly endedAt: Millis | undefined;
  /** Channel time of the first group, and of the last chunk's end. */
  readonly from: Ticks;
  readonly to: Ticks;
  /** Bytes of the data file that may be read, and of them those up to the last chunk's end. */
  readonly dataSize: number;
  readonly end: number;
  readonly indexSize: number;
  /** Of what is on the disk. */
  groups(): Promise<GroupIndex>;
}

/** What is told of it to everybody who may watch. */
export function summaryOf(recording: Recording): RecordingSummary {
  const { id, channel, startedAt, endedAt, from, to, dataSize, indexSize, container } = recording;
  return {
    ...{ id, channel, startedAt, endedAt: endedAt ?? null },
    durationMs: Math.max(0, Math.round((to - from) / TICKS_PER_MILLI)),
    bytes: dataSize + indexSize,
    container,
  };
}
