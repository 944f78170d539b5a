// Whatever ffmpeg reads, as a source: a child process whose standard output is published.

import type { Millis } from '../../../core/time.ts';
import { asBytes } from '../bytes-source.ts';
import type { Source, SourceContext, SourceEvent } from '../source.ts';
import { within } from '../stall.ts';
import { type FfmpegOptions, ffmpegArguments } from './ffmpeg-arguments.ts';
import type { FfmpegInput } from './ffmpeg-input.ts';
import { startFfmpeg } from './ffmpeg-process.ts';
import { FfmpegReport } from './ffmpeg-report.ts';
import { secretsOf } from './secrets.ts';
import { unfit, whyEnded } from './why-ended.ts';

/** An ffmpeg that was killed should be gone by then. */
const GONE_MS: Millis = 2_000;

/** Runs ffmpeg anew at each opening. */
export class FfmpegSource implements Source {
  readonly name: string;
  readonly #input: FfmpegInput;
  readonly #context: SourceContext;
  readonly #options: FfmpegOptions;
  readonly #secrets: readonly string[];

  constructor(input: FfmpegInput, context: SourceContext, options: FfmpegOptions = {}) {
    this.name = input.name;
    this.#input = input;
    this.#context = context;
    this.#options = options;
    this.#secrets = secretsOf([...input.args, ...(options.input ?? []), ...(options.output ?? [])]);
  }

  async *open(signal: AbortSignal): AsyncGenerator<SourceEvent> {
    const { clock, log } = this.#context;
    if (this.#input.listens) log.info({ source: this.name }, 'waiting for whoever sends');
    if (this.#input.kind === 'encode') log.info({ source: this.name }, 'it is raw: encoding it to H.264 and AAC');
    const report = new FfmpegReport(log, this.name, this.#secrets);
    const path = this.#options.path ?? 'ffmpeg';
    const ffmpeg = startFfmpeg(path, ffmpegArguments(this.#input, this.#options), text => report.push(text));
    const stop = () => {
      report.end();
      ffmpeg.kill();
    };
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    const output = ffmpeg.output[Symbol.asyncIterator]();
    let begun = false;
    try {
      for (;;) {
        const { done, value } = await this.#next(output.next(), begun);
        if (done || signal.aborted) break;
        if (report.unfit) throw unfit(this.name, `its picture is ${report.unfit}`);
        begun = true;
        yield { type: 'bytes', bytes: asBytes(value), arrivedAt: clock.now() };
      }
      if (signal.aborted) return;
      const end = await ffmpeg.ended;
      report.end();
      const fault = whyEnded({ name: this.name, path, begun, end, lastWords: report.lastWords });
      if (fault) throw fault;
      if (this.#input.finite) yield { type: 'end' };
    } finally {
      signal.removeEventListener('abort', stop);
      report.end();
      ffmpeg.kill();
      // Whoever comes next finds ports and devices free; but a driver that hangs keeps nobody.
      const waiting = new AbortController();
      void ffmpeg.ended.then(() => waiting.abort('ended'));
      await clock.wait(GONE_MS, waiting.signal);
    }
  }

  // A stream that was destroyed rejects: it has ended.
  #next(pending: Promise<IteratorResult<Uint8Array>>, begun: boolean): Promise<IteratorResult<Uint8Array>> {
    const { clock, stallMs } = this.#context;
    const next = pending.catch((): IteratorResult<Uint8Array> => ({ done: true, value: undefined }));
    if (this.#input.listens && !begun) return next;
    return within(next, stallMs, clock, silence(this.name, stallMs, begun));
  }
}

function silence(name: string, stallMs: Millis, begun: boolean): string {
  return begun
    ? `${name} has sent nothing for ${stallMs / 1_000} s`
    : `${name} gave nothing within ${stallMs / 1_000} s`;
}
