// What ffmpeg says on its standard error, for the log and for the sentence that tells why it ended.

import type { Log } from '../source.ts';
import { redact } from './secrets.ts';

/** So many lines are told of each run, then each hundredth. */
const TOLD = 20;
/** A longer line is no sentence for people. */
const LONGEST = 400;
const KEPT = 3;
/** Decoders complain of every frame until the first keyframe has come. */
const DECODER = /^(h264|hevc|vp[89]|av1|libdav1d|mpeg\d?video|mpeg4|mjpeg|aac|aac_latm|mp[23](float)?|ac3|opus)$/;
/** Codecs of sound, by how ffmpeg names them: those that TS can't carry and cameras send. */
const SOUND = /^(pcm_|adpcm_|g72|vorbis|flac|speex|gsm|amr|alac|wma|nelly)/;

/** Reads the lines of one run. */
export class FfmpegReport {
  readonly #log: Log;
  readonly #source: string;
  readonly #secrets: readonly string[];
  #rest = '';
  #lines = 0;
  #errors: string[] = [];
  #last = '';
  #over = false;
  #unfit: string | undefined;

  constructor(log: Log, source: string, secrets: readonly string[]) {
    this.#log = log;
    this.#source = source;
    this.#secrets = secrets;
  }

  /** The last errors, else the last line of any kind; empty when nothing was said. */
  get lastWords(): string {
    // Each part of ffmpeg passes the reason on: `tcp://…: Connection refused`, `rtmp://…: Connection refused`.
    const reason = (text: string): string => text.slice(text.lastIndexOf(': '));
    const told = this.#errors.filter(
      (text, at) => !this.#errors.slice(at + 1).some(later => reason(later) === reason(text)),
    );
    return told.length > 0 ? told.join('; ') : this.#last;
  }

  /** The codec of a picture that TS can't carry, if there is one. */
  get unfit(): string | undefined {
    return this.#unfit;
  }

  /** The next piece of standard error. */
  push(text: string): void {
    const lines = (this.#rest + text).split(/[\r\n]+/);
    this.#rest = (lines.pop() ?? '').slice(-LONGEST * 4);
    for (const line of lines) this.#line(line);
  }

  /** Nothing more will come, or nothing that matters: it was told to end. */
  end(): void {
    this.#line(this.#rest);
    this.#rest = '';
    this.#over = true;
  }

  // `[tcp @ 0x5581] [error] Connection refused`: who says it, how bad it is, and what.
  #line(line: string): void {
    const parts = /^(?:\[(?<part>[^\]@]+?) @ [^\]]*\] )?(?:\[(?<level>panic|fatal|error|warning)\] )?(?<text>.*)$/.exec(
      line,
    );
    const { part, level = 'error', text = '' } = parts?.groups ?? {};
    const said = redact(text.trim(), this.#secrets).slice(0, LONGEST);
    if (said === '') return;
    const data = { source: this.#source, ...(part && { part }) };
    if (this.#over || DECODER.test(part ?? '')) {
      this.#log.debug(data, `ffmpeg: ${said}`);
      return;
    }
    const bad = level !== 'warning';
    this.#last = said;
    if (bad && !this.#errors.includes(said)) this.#errors = [...this.#errors, said].slice(-KEPT);
    const codec = /codec (\S+), is muxed as a private data stream/.exec(said)?.[1];
    if (codec) {
      this.#misfit(codec);
      return;
    }
    this.#lines++;
    if (this.#lines > TOLD && this.#lines % 100 !== 0) return;
    const told = this.#lines > TOLD ? { ...data, lines: this.#lines } : data;
    if (bad) this.#log.warn(told, `ffmpeg: ${said}`);
    else this.#log.info(told, `ffmpeg: ${said}`);
  }

  #misfit(codec: string): void {
    if (!SOUND.test(codec)) this.#unfit = codec;
    else
      this.#log.warn({ source: this.#source }, `the sound is ${codec}, which no browser plays: give --transcode-audio`);
  }
}
