// Media for tests, made by ffmpeg, and what ffmpeg decodes from a file: the oracle.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bytes } from '../../core/bytes.ts';

let folder: string | undefined;

/** The path of a file of that name in a folder of this process, which goes when the process ends. */
export function fixturePath(name: string): string {
  if (!folder) {
    const made = mkdtempSync(join(tmpdir(), 'p2p-live-media-'));
    folder = made;
    process.on('exit', () => rmSync(made, { recursive: true, force: true }));
  }
  return join(folder, name);
}

/** Writes a fixture and returns its path. */
export function writeFixture(name: string, bytes: Uint8Array): string {
  const path = fixturePath(name);
  writeFileSync(path, bytes);
  return path;
}

/** A fixture's bytes. */
export function readFixture(path: string): Bytes {
  return new Uint8Array(readFileSync(path));
}

function run(args: readonly string[]): { output: string; complaints: string } {
  const all = ['-hide_banner', '-nostdin', '-loglevel', 'error', '-threads', '2', ...args];
  const { status, stdout, stderr, error } = spawnSync('ffmpeg', all, { maxBuffer: 1 << 28, encoding: 'utf8' });
  if (error) throw error;
  if (status !== 0) throw new Error(`ffmpeg ${args.join(' ')}: ${stderr}`);
  return { output: stdout, complaints: stderr };
}

/** Input arguments: a test picture whose frames all differ. */
export function picture({ size = '320x180', rate = 25, seconds = 4 } = {}): string[] {
  return ['-f', 'lavfi', '-t', `${seconds}`, '-i', `testsrc2=size=${size}:rate=${rate}`];
}

/** Input arguments: a tone that changes all the time. */
export function tone({ rate = 44_100, seconds = 4 } = {}): string[] {
  return ['-f', 'lavfi', '-t', `${seconds}`, '-i', `aevalsrc=0.3*sin(2*PI*t*(300+100*t)):s=${rate}:d=${seconds}`];
}

/** Output arguments: H.264 with a key frame a second; B-frames unless told otherwise. */
export function h264({ bframes = 2, gop = 25 } = {}): string[] {
  const options = `keyint=${gop}:min-keyint=${gop}:scenecut=0:bframes=${bframes}:b-adapt=0:threads=2`;
  return ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-x264-params', options];
}

/** Output arguments: HEVC with a key frame a second. */
export function hevc(): string[] {
  const options = 'keyint=25:min-keyint=25:scenecut=0:open-gop=0:bframes=2:log-level=error:pools=2';
  return ['-c:v', 'libx265', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-x265-params', options];
}

/** Output arguments: MPEG-TS in packets of 188 bytes; of such a file name ffmpeg would make a Blu-ray stream. */
export const MPEG_TS = ['-mpegts_m2ts_mode', '0', '-f', 'mpegts'];

/** Runs ffmpeg with these arguments and a fixture as its output; returns its path. */
export function make(name: string, ...args: readonly (readonly string[])[]): string {
  const path = fixturePath(name);
  run(['-y', ...args.flat(), path]);
  return path;
}

/** A decoded (or, where copied, an encoded) frame. */
export interface FrameHash {
  /** Seconds. */
  readonly pts: number;
  readonly hash: string;
}

/** What ffmpeg makes of the first stream of a kind. */
export interface Decoded {
  readonly frames: readonly FrameHash[];
  /** Seconds of one unit of the stream's time. */
  readonly tick: number;
  /** What ffmpeg complained about. */
  readonly complaints: string;
}

/** Decodes a file's first stream of a kind; `copy`: hashes the packets instead; `strict`: any decoding error fails. */
export function frameHashes(path: string, kind: 'video' | 'audio', { copy = false, strict = false } = {}): Decoded {
  const input = [...(strict ? ['-xerror', '-err_detect', 'explode'] : []), '-copyts', '-i', path];
  const codec = copy ? ['-c', 'copy'] : ['-vsync', 'passthrough', '-enc_time_base', '-1'];
  const { output, complaints } = run([...input, '-map', `0:${kind[0]}:0`, ...codec, '-f', 'framemd5', '-']);
  const [, over, under] = /^#tb 0: (\d+)\/(\d+)$/m.exec(output) ?? [];
  const tick = Number(over) / Number(under);
  const frames: FrameHash[] = [];
  for (const line of output.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const fields = line.split(',').map(field => field.trim());
    frames.push({ pts: Number(fields[2]) * tick, hash: fields[5]! });
  }
  return { frames, tick, complaints };
}
