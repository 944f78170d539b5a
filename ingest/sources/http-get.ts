// One GET: errors as sentences, bodies in pieces with a watchdog, or whole with a limit.

import { type Bytes, concat } from '../../core/bytes.ts';
import type { Millis } from '../../core/time.ts';
import { publicUrl, type SourceContext, SourceFault } from './source.ts';
import { within } from './stall.ts';

/** An answer whose body is still coming. */
export interface Answer {
  /** After redirects: what relative URLs are resolved against. */
  readonly url: string;
  readonly status: number;
  /** Bytes announced, where they are. */
  readonly length: number | undefined;
  /** The next bytes; undefined at the end. Throws `SourceFault` when the body breaks or stalls. */
  read(): Promise<Bytes | undefined>;
  /** Lets the rest of the body go. */
  cancel(): void;
}

export interface GetOptions {
  readonly signal: AbortSignal;
  /** For the answer, and for each piece of the body. */
  readonly stallMs?: Millis;
  /** A byte range: `offset` and `length`. */
  readonly range?: { readonly offset: number; readonly length: number };
}

/** The answer to a GET, once its status is known to be good. Throws `SourceFault`; its message is a sentence. */
export async function httpGet(url: string, context: SourceContext, options: GetOptions): Promise<Answer> {
  const name = publicUrl(url);
  const stallMs = options.stallMs ?? context.stallMs;
  const seconds = stallMs / 1_000;
  const abort = new AbortController();
  const giveUp = () => abort.abort();
  options.signal.addEventListener('abort', giveUp);
  if (options.signal.aborted) giveUp();
  const headers: Record<string, string> = { accept: '*/*' };
  if (options.range) headers.range = `bytes=${options.range.offset}-${options.range.offset + options.range.length - 1}`;
  const leave = () => {
    options.signal.removeEventListener('abort', giveUp);
    abort.abort();
  };
  try {
    const { bare, authorization } = withoutCredentials(url);
    if (authorization) headers.authorization = authorization;
    const asked = fetch(bare, { signal: abort.signal, headers, redirect: 'follow' });
    const response = await within(asked, stallMs, context.clock, `${name} did not answer within ${seconds} s`);
    if (!response.ok) throw new SourceFault(`${name} answered ${response.status} ${response.statusText}`.trim());
    const length = response.headers.has('content-encoding') ? null : response.headers.get('content-length');
    const reader = response.body?.getReader();
    return {
      url: response.url || url,
      status: response.status,
      length: length === null ? undefined : Number(length),
      cancel: leave,
      async read() {
        if (!reader) return undefined;
        try {
          const silent = `${name} has sent nothing for ${seconds} s`;
          const { done, value } = await within(reader.read(), stallMs, context.clock, silent);
          if (!done) return value;
          leave();
          return undefined;
        } catch (error) {
          leave();
          throw asFault(error, `${name} broke off`);
        }
      },
    };
  } catch (error) {
    leave();
    throw asFault(error, `${name} can't be reached`);
  }
}

/** A whole body of at most `max` bytes. */
export async function readAll(answer: Answer, max: number): Promise<Bytes> {
  const parts: Bytes[] = [];
  let size = 0;
  for (let part = await answer.read(); part; part = await answer.read()) {
    parts.push(part);
    size += part.length;
    if (size <= max) continue;
    answer.cancel();
    throw new SourceFault(`${publicUrl(answer.url)} is larger than ${max} bytes`);
  }
  return concat(parts);
}

// `fetch` takes no user and password in a URL (RFC 7617 for the header).
function withoutCredentials(url: string): { bare: string; authorization: string | undefined } {
  const parsed = new URL(url);
  const { username, password } = parsed;
  if (!username && !password) return { bare: url, authorization: undefined };
  parsed.username = '';
  parsed.password = '';
  const pair = new TextEncoder().encode(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  return { bare: parsed.href, authorization: `Basic ${btoa(String.fromCharCode(...pair))}` };
}

function asFault(error: unknown, what: string): SourceFault {
  if (error instanceof SourceFault) return error;
  const cause = error instanceof Error ? (error.cause instanceof Error ? error.cause : error) : undefined;
  // Node's AggregateError of several addresses has no message of its own.
  const why = cause ? cause.message || ('code' in cause ? String(cause.code) : cause.name) : String(error);
  return new SourceFault(`${what}: ${why}`, { cause: error });
}
