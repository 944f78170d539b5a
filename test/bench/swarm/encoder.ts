// The one encoder that feeds both players: FLV on a pipe for the ingester, HLS in a folder for the origin, of the same pictures.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { onPath } from '../../../demo/find-program.mjs';
import { type TestPicture, testPictureArguments } from '../../../demo/test-picture.ts';
import { STREAM_BITS } from './swarm-options.ts';

/** Sound takes 96 kbit/s of the stream. */
const PICTURE: TestPicture = {
  width: 640,
  height: 360,
  framesPerSecond: 25,
  bitrate: STREAM_BITS - 96_000,
  title: 'p2p-live swarm bench',
  text: false,
  clock: 'wall',
};

export const PLAYLIST = 'live.m3u8';
export const SEGMENT = /^segment-\d+\.ts$/;

/** Starts when it is told to, so that whoever takes the FLV gets it from its beginning. */
export class Encoder {
  readonly #folder: string;
  #child: ChildProcess | undefined;
  #take: ((bytes: Uint8Array) => void) | undefined;

  /** Will write HLS to `folder`: segments of a second, ten of them listed. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  start(): void {
    if (this.#child) return;
    const ffmpeg = onPath('ffmpeg');
    if (!ffmpeg) throw new Error('no ffmpeg on PATH: please install it');
    const hls = [
      ...['f=hls', 'hls_time=1', 'hls_list_size=10', 'hls_delete_threshold=5'],
      'hls_flags=delete_segments+independent_segments+temp_file',
      `hls_segment_filename=${join(this.#folder, 'segment-%d.ts')}`,
    ];
    const flv = '[f=flv:flush_packets=1:flvflags=no_duration_filesize]pipe:1';
    const outputs = `${flv}|[${hls.join(':')}]${join(this.#folder, PLAYLIST)}`;
    // Filled up to the rate in every second, so that uplinks are what they are said to be in terms of it.
    const rate = ['-x264-params', 'nal-hrd=cbr'];
    const args = [...testPictureArguments(PICTURE), ...rate, '-flags', '+global_header', '-f', 'tee', outputs];
    const child = spawn(ffmpeg, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    child.on('error', () => {}); // its end is seen
    child.stdout.on('data', (bytes: Uint8Array) => this.#take?.(bytes));
    const kill = () => child.kill('SIGKILL');
    process.on('exit', kill);
    child.on('exit', () => process.off('exit', kill));
    this.#child = child;
  }

  /** Starts, and hands the FLV on until the returned function is called; to be called once, before `start`. */
  feed(take: (bytes: Uint8Array) => void): () => void {
    if (this.#child) throw new RangeError('the encoder has started: the beginning of the FLV is gone');
    this.#take = take;
    this.start();
    return () => (this.#take = undefined);
  }

  get running(): boolean {
    return this.#child?.exitCode === null && this.#child.signalCode === null;
  }

  get pid(): number | undefined {
    return this.running ? this.#child?.pid : undefined;
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (!child || !this.running) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }
}
