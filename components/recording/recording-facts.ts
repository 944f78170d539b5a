// The document of a recording, as the page reads it.

import { type Bytes, fromBase64Url } from '../../core/bytes.ts';
import type { Container } from '../../core/init-document.ts';
import { bearer, type ChannelDocument, readChannelDocument } from '../engine/channel-document.ts';
import type { DocumentReply, EngineFault } from '../engine/engine-messages.ts';

/** What is needed to play a recording. */
export interface PlayableFacts {
  /** Whose chunks they are: part of what their signatures cover. */
  readonly channel: string;
  readonly publicKey: Bytes;
  /** Absolute addresses. */
  readonly data: string;
  readonly index: string;
  readonly containers: readonly Container[];
  /** How the relay and peers are reached; undefined: not at all. */
  readonly document: ChannelDocument | undefined;
}

/** A recording's facts, or the relay's final no. */
export type FactsAnswer =
  | { readonly type: 'facts'; readonly facts: PlayableFacts }
  | { readonly type: 'refused'; readonly fault: EngineFault };

/** Asks for the document at `url`. Rejects when the relay can't be reached. */
export async function askForFacts(url: string, token: string, signal: AbortSignal): Promise<DocumentReply> {
  const response = await fetch(url, { signal, headers: bearer(token), cache: 'no-store', credentials: 'omit' });
  return { status: response.status, body: await response.json().catch(() => null) };
}

/** Reads what was answered to a request for `url`. Throws when it is nothing that can be used. */
export function readFacts({ status, body }: DocumentReply, url: string): FactsAnswer {
  if (status >= 400 && status < 500 && status !== 408 && status !== 429) {
    const message = textOf(field(field(body, 'error'), 'message')) ?? 'the relay has no such recording';
    const code = status === 401 || status === 403 ? 'not-allowed' : 'no-recording';
    return { type: 'refused', fault: { code, message } };
  }
  if (status < 200 || status > 299) throw new Error(`asked for the recording, the relay answers ${status}`);
  const [channel, key, data, index] = ['channel', 'publicKey', 'data', 'index'].map(name => textOf(field(body, name)));
  if (!channel || !key || !data || !index) throw new Error('the relay answers with something else than a recording');
  const facts = {
    channel,
    publicKey: fromBase64Url(key),
    data: new URL(data, url).href,
    index: new URL(index, url).href,
    containers: [field(body, 'container')].flatMap((name): Container[] =>
      name === 'flv' || name === 'ts' ? [name] : [],
    ),
    document: documentOf(body),
  };
  return { type: 'facts', facts };
}

/** Without a way to connect there are no peers, but the recording plays. */
function documentOf(body: unknown): ChannelDocument | undefined {
  try {
    return readChannelDocument(body);
  } catch {
    return undefined;
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
