// Waits for a source, so that a channel is on air only when there is something to show.

import { Backoff, type BackoffOptions } from '../../core/publish/backoff.ts';
import { type Source, type SourceContext, type SourceEvent, SourceFault } from './source.ts';

export interface ReadyOptions extends Pick<SourceContext, 'clock' | 'log' | 'random'> {
  /** It could not be opened, for a reason that is one sentence, and is tried again after a while. */
  readonly broke: (reason: string) => void;
  /** Ends the waiting, and closes what has been opened. */
  readonly signal: AbortSignal;
  readonly backoff?: BackoffOptions;
}

/** Opens a source until it gives something: then it is a source that begins with that. Rejects with `SourceFault` where trying again can't help, and when the signal aborts. */
export async function readySource(source: Source, options: ReadyOptions): Promise<Source> {
  const { clock, log, random, broke, signal } = options;
  const backoff = new Backoff(random, options.backoff);
  const aborted = new Promise<undefined>(resolve => signal.addEventListener('abort', () => resolve(undefined)));
  while (!signal.aborted) {
    let reason = `${source.name} ended`;
    try {
      const opened = await firstOf(source, aborted, signal);
      if (opened) return { name: source.name, open: continued(source, opened) };
    } catch (error) {
      if (!(error instanceof SourceFault) || error.permanent) throw error;
      reason = error.message;
    }
    if (signal.aborted) break;
    broke(reason);
    const wait = backoff.next(0);
    log.warn({ source: source.name, retryInMs: Math.round(wait) }, `${reason}; opening it again`);
    await clock.wait(wait, signal);
  }
  throw new SourceFault(`${source.name} is not wanted any more`);
}

/** A source that runs, and what it has given. */
interface Opened {
  readonly first: SourceEvent;
  readonly rest: AsyncIterator<SourceEvent>;
  readonly closing: AbortController;
}

async function firstOf(source: Source, aborted: Promise<undefined>, signal: AbortSignal): Promise<Opened | undefined> {
  const closing = new AbortController();
  const close = () => closing.abort();
  signal.addEventListener('abort', close);
  let opened: Opened | undefined;
  try {
    const rest = source.open(closing.signal)[Symbol.asyncIterator]();
    const next = await Promise.race([rest.next(), aborted]); // a source that stalls doesn't notice
    if (next && !next.done) opened = { first: next.value, rest, closing };
    return opened;
  } finally {
    if (!opened) signal.removeEventListener('abort', close);
  }
}

/** What was opened comes first; after it the source is opened anew. */
function continued(source: Source, opened: Opened): Source['open'] {
  let ready: Opened | undefined = opened;
  return signal => {
    const taken = ready;
    ready = undefined;
    return taken ? play(taken, signal) : source.open(signal);
  };
}

async function* play({ first, rest, closing }: Opened, signal: AbortSignal): AsyncGenerator<SourceEvent> {
  const close = () => closing.abort();
  signal.addEventListener('abort', close);
  if (signal.aborted) close();
  try {
    yield first;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    signal.removeEventListener('abort', close);
    close();
    await rest.return?.();
  }
}
