// The flags of the command line that concern ffmpeg: what they are called, what they mean, and what they stand for.

import type { FfmpegOptions } from './ffmpeg-arguments.ts';
import { splitWords } from './split-words.ts';

/** For `parseArgs`. */
export const FFMPEG_FLAGS = {
  transcode: { type: 'boolean' },
  'transcode-audio': { type: 'boolean' },
  ffmpeg: { type: 'string' },
  'ffmpeg-input': { type: 'string' },
  'ffmpeg-output': { type: 'string' },
} as const;

/** The sources, for `--help`. */
export const FFMPEG_SOURCES_HELP = `\
  rtmp(s)://…, srt://…, udp://…, tcp://…, rist://…
                       FLV or TS from there, its bytes as they are; udp://@239.1.2.3:5000 joins a multicast group,
                       srt://0.0.0.0:9000?mode=listener waits for a caller
  rtsp(s)://…, rtp://…, <path>.sdp
                       cameras: pictures and sound as they are, in TS; RTSP over TCP
  v4l2:/dev/video0, x11grab::0.0, avfoundation:0:0, dshow:video=…
                       capture devices, named as ffmpeg -f v4l2 -i names them: encoded to H.264 and AAC
  ffmpeg:<input>       a file or an address that only ffmpeg reads, pictures and sound as they are, in TS
  ffmpeg:<options> -i <input>
                       the same with ffmpeg's own options, quoted as for a shell: 'ffmpeg:-f v4l2 -input_format h264 -i /dev/video0'
`;

/** The options, for `--help`. */
export const FFMPEG_OPTIONS_HELP = `\
  --transcode          encode the source, whatever it is, to H.264 (2.5 Mbit/s, a keyframe each second) and AAC, without delay
  --transcode-audio    the sound alone, to AAC: for cameras whose sound no browser plays
  --ffmpeg <path>      the program that reads what isn't FLV or TS over HTTP or in files (default: ffmpeg on PATH)
  --ffmpeg-input=<options>, --ffmpeg-output=<options>
                       further options of ffmpeg before its input and before its output, e.g. --ffmpeg-output="-b:v 4M"
`;

/** What the flags stand for. Throws `TypeError` with a sentence. */
export function readFfmpegFlags(values: {
  readonly transcode?: boolean;
  readonly 'transcode-audio'?: boolean;
  readonly ffmpeg?: string;
  readonly 'ffmpeg-input'?: string;
  readonly 'ffmpeg-output'?: string;
}): FfmpegOptions {
  if (values.transcode && values['transcode-audio']) throw new TypeError('--transcode includes --transcode-audio');
  return {
    ...(values.ffmpeg !== undefined && { path: values.ffmpeg }),
    ...(values.transcode && { transcode: 'all' }),
    ...(values['transcode-audio'] && { transcode: 'audio' }),
    input: splitWords(values['ffmpeg-input'] ?? ''),
    output: splitWords(values['ffmpeg-output'] ?? ''),
  };
}
