// The command line that makes ffmpeg read an input and write FLV or MPEG-TS to its standard output; no I/O.

import type { FfmpegInput } from './ffmpeg-input.ts';

/** How ffmpeg is used. */
export interface FfmpegOptions {
  /** The program; `ffmpeg` on PATH if not given. */
  readonly path?: string;
  /** `all`: to H.264 and AAC; `audio`: the sound alone, to AAC. Without it everything stays as it is; capture devices are encoded in any case. */
  readonly transcode?: 'all' | 'audio';
  /** Further options before the input, and before the output. */
  readonly input?: readonly string[];
  readonly output?: readonly string[];
}

const GENERAL = ['-hide_banner', '-nostats', '-nostdin', '-loglevel', 'repeat+level+warning'];

/** Nothing waits in ffmpeg, not even for the sound that belongs to a picture. */
const PROMPT = ['-max_interleave_delta', '200000', '-muxdelay', '0', '-muxpreload', '0', '-flush_packets', '1'];

/** Looks at little of the input before it begins. */
const QUICK_PROBE = ['-fpsprobesize', '0', '-analyzeduration', '500000'];

/** Each frame of sound leaves when it is there, instead of with others in one packet of up to 3 kB. */
const TS = ['-pes_payload_size', '0', '-f', 'mpegts'];
const FLV = ['-flvflags', 'no_duration_filesize', '-f', 'flv'];

const AAC = ['-c:a', 'aac', '-b:a', '128k', '-ar', '48000', '-ac', '2'];

/** H.264 that every browser plays, without delay, with a keyframe each second; 4:2:0 wants even sizes. */
const H264 = [
  ...['-c:v', 'libx264', '-preset', 'veryfast', '-tune', 'zerolatency', '-profile:v', 'high'],
  ...['-vf', 'crop=trunc(iw/2)*2:trunc(ih/2)*2,format=yuv420p'],
  ...['-b:v', '2500k', '-maxrate', '2500k', '-bufsize', '1250k'],
  ...['-force_key_frames', 'expr:gte(t,n_forced)', '-sc_threshold', '0'],
];

/** All arguments. */
export function ffmpegArguments(input: FfmpegInput, options: FfmpegOptions = {}): string[] {
  // Of two values the last one counts: what was asked for goes after what is usual.
  const at = input.args.indexOf('-i');
  const given = [...input.args.slice(0, at), ...(options.input ?? []), ...input.args.slice(at)];
  const more = options.output ?? [];
  const encode = options.transcode === 'all' || (input.kind === 'encode' && options.transcode !== 'audio');
  if (input.kind === 'carry' && !options.transcode) {
    return [
      ...GENERAL,
      '-f',
      'data',
      ...given,
      '-map',
      '0',
      '-c',
      'copy',
      '-flush_packets',
      '1',
      ...more,
      '-f',
      'data',
      'pipe:1',
    ];
  }
  const probe = input.kind === 'encode' ? [] : QUICK_PROBE;
  const codecs = encode ? [...H264, ...AAC] : options.transcode ? ['-c:v', 'copy', ...AAC] : ['-c', 'copy'];
  const container = encode ? FLV : TS;
  return [...GENERAL, ...probe, ...given, '-sn', '-dn', ...codecs, ...PROMPT, ...container, ...more, 'pipe:1'];
}
