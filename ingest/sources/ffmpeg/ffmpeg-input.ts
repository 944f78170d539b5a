// Which sources need ffmpeg, and how each of them is read.

import { publicAddress } from './secrets.ts';
import { splitWords } from './split-words.ts';

/** An input of ffmpeg. */
export interface FfmpegInput {
  /** For people, without credentials. */
  readonly name: string;
  /** Options and inputs, from the first option to the last `-i` and its value. */
  readonly args: readonly string[];
  /**
   * `carry`: the address gives FLV or TS, whose bytes pass untouched.
   * `remux`: pictures and sound are taken out and put into TS as they are.
   * `encode`: they are raw.
   */
  readonly kind: 'carry' | 'remux' | 'encode';
  /** The other side connects when it pleases: until then silence is no stall. */
  readonly listens: boolean;
  /** Has an end, after which the broadcast is over. */
  readonly finite: boolean;
}

/** Addresses that give a container's bytes, and what makes ffmpeg hand them over at once. */
const CARRIED: Record<string, readonly string[]> = {
  ...Object.fromEntries(
    ['rtmp', 'rtmps', 'rtmpt', 'rtmpts', 'rtmpe', 'rtmpte'].map(scheme => [scheme, ['-rtmp_live', 'live']]),
  ),
  srt: [],
  udp: ['-overrun_nonfatal', '1'],
  tcp: [],
  rist: [],
};

/** Addresses whose pictures and sound come apart. */
const REMUXED: Record<string, readonly string[]> = {
  rtsp: ['-rtsp_transport', 'tcp'],
  rtsps: ['-rtsp_transport', 'tcp'],
  rtp: [],
};

/** ffmpeg's capture devices (ffmpeg-devices(1), Input devices). */
const DEVICES = [
  ...['alsa', 'android_camera', 'avfoundation', 'decklink', 'dshow', 'fbdev', 'gdigrab', 'jack', 'kmsgrab', 'lavfi'],
  ...['libdc1394', 'openal', 'oss', 'pulse', 'sndio', 'v4l2', 'video4linux2', 'x11grab'],
];

const SDP = ['-protocol_whitelist', 'file,crypto,data,udp,rtp'];

/** The kinds of sources that `readFfmpegInput` knows, for people. */
export const FFMPEG_SOURCES =
  'rtmp, rtmps, srt, rtsp, rtsps, udp, rtp, tcp, rist, a capture device such as v4l2:/dev/video0, and ffmpeg:<anything that it reads>';

/** The input that a source stands for if it needs ffmpeg. Throws `TypeError` with a sentence when it can't be one. */
export function readFfmpegInput(source: string, options: { loop?: boolean } = {}): FfmpegInput | undefined {
  const address = /^([a-z][a-z0-9]*):\/\/(.*)$/is.exec(source);
  if (address) return fromAddress(source, address[1]!.toLowerCase(), address[2]!); // both groups always take part
  const [, format = '', device = ''] = /^([a-z][a-z0-9_]+):(.*)$/s.exec(source) ?? [];
  if (format === 'ffmpeg') return fromWords(device, options.loop ?? false);
  if (DEVICES.includes(format)) {
    if (device === '')
      throw new TypeError(`${source} names no device: ${format}:<device>, as ffmpeg -f ${format} -i takes it`);
    return { name: source, args: ['-f', format, '-i', device], kind: 'encode', listens: false, finite: false };
  }
  if (/\.sdp$/i.test(source)) {
    return { name: source, args: [...SDP, '-i', source], kind: 'remux', listens: false, finite: false };
  }
  return undefined;
}

function fromAddress(source: string, scheme: string, rest: string): FfmpegInput | undefined {
  const carried = CARRIED[scheme];
  const args = carried ?? REMUXED[scheme];
  if (!args) return undefined;
  const name = publicAddress(source);
  if (rest === '' || /^[?#]/.test(rest)) throw new TypeError(`${name} names no host: ${scheme}://host:port`);
  return {
    name,
    args: [...args, '-i', source],
    kind: carried ? 'carry' : 'remux',
    listens: listens(source),
    finite: false,
  };
}

// `ffmpeg:movie.mkv` is played as live; `ffmpeg:-f lavfi -i testsrc` is taken as it stands.
function fromWords(text: string, loop: boolean): FfmpegInput {
  const line = text.trim();
  if (line === '') throw new TypeError('ffmpeg: names no input: ffmpeg:<input>, or ffmpeg:<options> -i <input>');
  if (!line.startsWith('-')) {
    const finite = !line.includes('://');
    const pace = finite ? ['-re', ...(loop ? ['-stream_loop', '-1'] : [])] : [];
    const name = `ffmpeg:${publicAddress(line)}`;
    return { name, args: [...pace, '-i', line], kind: 'remux', listens: listens(line), finite };
  }
  const args = splitWords(line);
  const last = args.lastIndexOf('-i');
  if (last < 0 || last !== args.length - 2) {
    throw new TypeError('ffmpeg:<options> ends with -i <input>; what concerns the output goes into --ffmpeg-output');
  }
  const inputs = args.filter((_, at) => args[at - 1] === '-i').map(publicAddress);
  return { name: `ffmpeg:${inputs.join(' + ')}`, args, kind: 'remux', listens: listens(line), finite: false };
}

function listens(text: string): boolean {
  return /[?&](mode=(listener|rendezvous)|listen(=[12])?)(&|$)|-(rtsp_flags listen|listen 1|mode listener)\b/.test(
    text,
  );
}
