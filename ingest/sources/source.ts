// What a source is: bytes of one container as they come, however they are come by.

import type { Bytes } from '../../core/bytes.ts';
import type { Clock } from '../../core/publish/clock.ts';
import type { Log } from '../../core/publish/log.ts';
import type { Millis } from '../../core/time.ts';

export type { Log };

/** What a source has to say, in order. */
export type SourceEvent =
  /** `arrivedAt`: steady time. `backlog`: written before we came; of it only the newest group matters. */
  | { readonly type: 'bytes'; readonly bytes: Bytes; readonly arrivedAt: Millis; readonly backlog?: boolean }
  /** Bytes are missing here. `restarted`: what follows is another recording, with a time of its own. */
  | { readonly type: 'discontinuity'; readonly reason: string; readonly restarted: boolean }
  /** Over for good; a source that merely returns has broken off and is opened again. */
  | { readonly type: 'end' };

/** Can be opened again after it broke off. */
export interface Source {
  /** For people: the path or the URL without credentials. */
  readonly name: string;
  /** Ends by returning (broke off: open again), by `end`, or by throwing a `SourceFault`. Stops when the signal aborts. */
  open(signal: AbortSignal): AsyncIterable<SourceEvent>;
}

/** What sources are given. */
export interface SourceContext {
  readonly clock: Clock;
  readonly log: Log;
  /** A source that is silent for so long has stalled. */
  readonly stallMs: Millis;
  readonly random: () => number;
}

/** The source is at fault; the message is one sentence for people. `permanent`: trying again can't help unless it worked before. */
export class SourceFault extends Error {
  override readonly name = 'SourceFault';
  readonly permanent: boolean;

  constructor(message: string, options: { permanent?: boolean; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.permanent = options.permanent ?? false;
  }
}

/** A URL for logs: without user, password and query, where tokens hide. */
export function publicUrl(url: string): string {
  try {
    const { protocol, host, pathname, search } = new URL(url);
    return `${protocol}//${host}${pathname}${search ? '?…' : ''}`;
  } catch {
    return url;
  }
}
