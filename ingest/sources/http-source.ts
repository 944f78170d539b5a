// Media over HTTP: HTTP-FLV, HTTP-TS, a finished file, or a playlist, told apart by the first bytes.

import { type Bytes, concat, NO_BYTES } from '../../core/bytes.ts';
import { type PlaylistOptions, playPlaylist } from '../playlist/play-playlist.ts';
import { type Answer, httpGet, readAll } from './http-get.ts';
import { Pace } from './paced.ts';
import { sniff, sniffFault } from './sniff.ts';
import { publicUrl, type Source, type SourceContext, type SourceEvent, SourceFault } from './source.ts';

/** Longest playlist accepted, in bytes. */
export const MAX_PLAYLIST = 4_194_304;
/** A body announced longer than this is a live stream whose server has to announce something. */
const ENDLESS = 2 ** 40;

export interface HttpSourceOptions extends PlaylistOptions {
  /** A finished file or playlist starts over instead of ending. */
  readonly loop?: boolean;
}

export class HttpSource implements Source {
  readonly name: string;
  readonly #url: string;
  readonly #context: SourceContext;
  readonly #options: HttpSourceOptions;

  constructor(url: string, context: SourceContext, options: HttpSourceOptions = {}) {
    this.#url = url;
    this.name = publicUrl(url);
    this.#context = context;
    this.#options = options;
  }

  async *open(signal: AbortSignal): AsyncGenerator<SourceEvent> {
    const pace = new Pace(this.#context.clock);
    for (;;) {
      const finished = yield* this.#once(signal, pace);
      if (!finished || signal.aborted) return;
      if (!this.#options.loop) return yield { type: 'end' };
      yield { type: 'discontinuity', reason: 'starts over', restarted: true };
    }
  }

  // Plays what the URL gives; returns true when it was finished media and has been played to its end.
  async *#once(signal: AbortSignal, pace: Pace): AsyncGenerator<SourceEvent, boolean> {
    const answer = await httpGet(this.#url, this.#context, { signal });
    try {
      let head: Bytes = NO_BYTES;
      let kind: ReturnType<typeof sniff>;
      for (;;) {
        const part = await answer.read();
        head = part ? concat([head, part]) : head;
        kind = sniff(head, part === undefined);
        if (kind) break;
      }
      if (kind === 'playlist') {
        const text = new TextDecoder().decode(concat([head, await readAll(answer, MAX_PLAYLIST)]));
        const first = { url: answer.url, text };
        return yield* playPlaylist(first, this.#context, this.#options, pace, signal);
      }
      if (kind !== 'flv' && kind !== 'ts') {
        throw new SourceFault(`${this.name} can't be published: ${sniffFault(kind, head)}`, { permanent: true });
      }
      if (answer.length !== undefined && answer.length < ENDLESS) {
        yield* this.#recording(head, answer, signal, pace);
        return true;
      }
      yield this.#bytes(head);
      for (let part = await answer.read(); part; part = await answer.read()) yield this.#bytes(part);
      return false;
    } finally {
      answer.cancel();
    }
  }

  async *#recording(head: Bytes, answer: Answer, signal: AbortSignal, pace: Pace): AsyncGenerator<SourceEvent> {
    for (let part: Bytes | undefined = head; part; part = await answer.read()) yield* pace.bytes(part, signal);
    yield* pace.end(signal);
  }

  #bytes(bytes: Bytes): SourceEvent {
    return { type: 'bytes', bytes, arrivedAt: this.#context.clock.now() };
  }
}
