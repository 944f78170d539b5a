// What a relay tells of its recordings, as the page shows it.

/** One recording in words. */
export interface RecordingLine {
  readonly id: string;
  readonly when: string;
  /** How long and how big it is. */
  readonly facts: string;
  readonly isRunning: boolean;
  /** An address. */
  readonly download: string;
}

/** The recordings of an answer to `GET /recordings?channel=`; none if it is something else. */
export function formatRecording(answer: unknown): RecordingLine[] {
  const found: unknown = typeof answer === 'object' && answer ? Reflect.get(answer, 'recordings') : undefined;
  if (!Array.isArray(found)) return [];
  return found.flatMap((one: Record<string, unknown>) => {
    const { id, startedAt, endedAt, durationMs, bytes, container } = one;
    if (typeof id !== 'string' || typeof startedAt !== 'number') return [];
    const isRunning = endedAt === null;
    const when = new Date(startedAt).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short', hour12: false });
    const size = `${(Number(bytes) / 1e6).toFixed(1)} MB`;
    const facts = `${isRunning ? 'Running · ' : ''}${formatDuration(Number(durationMs))} · ${size}`;
    return [{ id, when, facts, isRunning, download: `/recordings/${id}.${container}` }];
  });
}

/** `3:05` or `1:03:05`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000)) || 0;
  const two = (value: number) => String(value % 60).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes}:${two(seconds)}` : `${Math.floor(minutes / 60)}:${two(minutes)}:${two(seconds)}`;
}
