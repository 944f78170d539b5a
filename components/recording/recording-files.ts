// What a relay gives of a recording by HTTP: its index, and ranges of its bytes.

import { type Bytes, varintSize } from '../../core/bytes.ts';
import { MessageReader } from '../../core/wire/framing.ts';
import { bearer } from '../engine/channel-document.ts';
import type { ByteSpan } from './recording-map.ts';

/** The relay's no: it would say the same again. */
export class RecordingRefused extends Error {
  override readonly name = 'RecordingRefused';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** A message of the data file, and where the next one begins. */
export interface FileMessage {
  readonly type: number;
  readonly body: Bytes;
  readonly next: number;
}

/** Of one recording. */
export class RecordingFiles {
  readonly #urls: { readonly data: string; readonly index: string };
  readonly #token: () => string;

  /** `token`: what lets the viewer watch, as it is by then. */
  constructor(urls: { readonly data: string; readonly index: string }, token: () => string) {
    this.#urls = urls;
    this.#token = token;
  }

  /** The index of what begins at this offset or behind it, as it came. Rejects with `RecordingRefused` when there is no point in asking again. */
  async index(from: number, signal: AbortSignal): Promise<unknown> {
    const url = new URL(this.#urls.index);
    url.searchParams.set('from', String(from));
    const response = await this.#ask(url.href, {}, signal);
    return response.json();
  }

  /**
   * Reads a stretch in which messages begin and end; hands on those that have come, some at a time, and reads on when that is done.
   * Rejects with `ProtocolViolation` when it is something else.
   */
  async read(
    { from, to }: ByteSpan,
    take: (messages: readonly FileMessage[]) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    const response = await this.#ask(this.#urls.data, { range: `bytes=${from}-${to - 1}` }, signal);
    if (response.status !== 206 && from !== 0) throw new Error('the relay gives no part of the recording');
    let next = from;
    let messages: FileMessage[] = [];
    const reader = new MessageReader((type, body) => {
      next += varintSize(type) + varintSize(body.length) + body.length;
      messages.push({ type, body, next });
    });
    const stream = response.body?.getReader();
    if (!stream) return;
    for (;;) {
      const { value, done } = await stream.read();
      if (done) break;
      reader.push(value);
      const came = messages;
      messages = [];
      if (came.length > 0) await take(came);
    }
    reader.end();
  }

  async #ask(url: string, headers: Record<string, string>, signal: AbortSignal): Promise<Response> {
    const response = await fetch(url, {
      headers: { ...headers, ...bearer(this.#token()) },
      ...{ signal, cache: 'no-store', credentials: 'omit' },
    });
    if (response.ok) return response;
    const { status } = response;
    await response.body?.cancel();
    const message = `asked for the recording, the relay answers ${status}`;
    if (status >= 400 && status < 500 && status !== 408 && status !== 429) throw new RecordingRefused(status, message);
    throw new Error(message);
  }
}
