// Which recordings have to go: by age, then by size, the oldest first and whole; one that runs never.

import type { Millis } from '../../core/time.ts';

export interface RetentionLimits {
  readonly maxAgeMs: Millis;
  readonly maxBytes: number;
}

/** A recording as far as its age and size go. */
export interface Aged {
  readonly id: string;
  /** Undefined while it runs. */
  readonly endedAt: Millis | undefined;
  readonly bytes: number;
}

/** The ids of those that go, the oldest first. */
export function surplusOf(recordings: Iterable<Aged>, limits: RetentionLimits, now: Millis): string[] {
  const all = [...recordings];
  let bytes = all.reduce((sum, recording) => sum + recording.bytes, 0);
  const over = all
    .flatMap(({ id, endedAt, bytes: size }) => (endedAt === undefined ? [] : [{ id, endedAt, size }]))
    .sort((a, b) => a.endedAt - b.endedAt);
  const surplus: string[] = [];
  for (const { id, endedAt, size } of over) {
    if (now - endedAt <= limits.maxAgeMs && bytes <= limits.maxBytes) break;
    bytes -= size;
    surplus.push(id);
  }
  return surplus;
}
