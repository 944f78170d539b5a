// Reads the command line of p2p-live-ingest; no I/O.

import { parseArgs } from 'node:util';
import { channelNameFault } from '../core/channel-name.ts';
import { type ListenAddress, readListenAddress } from './rtmp/listen-address.ts';
import type { FfmpegOptions } from './sources/ffmpeg/ffmpeg-arguments.ts';
import {
  FFMPEG_FLAGS,
  FFMPEG_OPTIONS_HELP,
  FFMPEG_SOURCES_HELP,
  readFfmpegFlags,
} from './sources/ffmpeg/ffmpeg-flags.ts';

export const HELP = `p2p-live-ingest <source> --relay <url> --name <channel> [options]
p2p-live-ingest --listen rtmp://0.0.0.0:1935 --relay <url> [options]

Feeds live streams, as they are, to a p2p-live relay: one source, or whatever encoders push.

Source
  http(s)://…          HTTP-FLV, HTTP-TS, or an M3U8 playlist of MPEG-TS segments
  <path>               an FLV or TS file: followed while an encoder writes it, else played as live
  -                    FLV or TS on standard input

Source, read by ffmpeg
${FFMPEG_SOURCES_HELP}
Encoders (OBS, ffmpeg) that push
  --listen rtmp://<address>[:<port>][/<application>]
                       takes RTMP and enhanced RTMP (HEVC, AV1, VP9, Opus), each stream for a channel of its own;
                       port 1935 and the application "live" if not given; may be repeated
  Encoders are told, with the publish key below:
    OBS                server rtmp://<host>/live, stream key <channel>?key=<key>
    ffmpeg             ffmpeg -re -i <input> -c copy -f flv "rtmp://<host>/live/<channel>?key=<key>"
  An encoder that ends its stream ends the broadcast, unless it is back within 5 s; one whose connection is
  lost leaves the channel waiting. Who has the key takes over a channel whose encoder has fallen silent.

Options
  --relay <url>        the relay's HTTP address, e.g. http://localhost:8080
  --name <channel>     1-128 characters: segments of A-Z a-z 0-9 . _ ~ - joined by /
  --key <key>          the relay's publish key; else $P2P_LIVE_KEY, else --key-file
  --key-file <path>    a file that holds the publish key
                       with --listen more keys may follow, one a line: encoders may show any of them
  --state <folder>     where the channel's own key pair is kept (default $XDG_STATE_HOME/p2p-live or ~/.local/state/p2p-live)
  --follow, --paced    don't find out whether a file is still being written: it is, it isn't
  --loop               finished files and playlists start over (implies --paced for files)
  --max-bitrate <n>    of a master playlist, the best variant up to so many bit/s (default: the best)
${FFMPEG_OPTIONS_HELP}  --chunk-ms <n>       longest chunk in milliseconds, 10-1000 (default 100)
  --chunk-bytes <n>    largest chunk in bytes, 188-16000 (default 4000)
  --stall-ms <n>       a source silent for so long is opened again, an encoder dropped (default 10000)
  --no-peers           connect with no viewers: the stream stops when the relay does
  --max-upload-kbps <n>
                       upload to viewers at most so much in all, in kbit/s; what goes to the relay comes on top
  --until-input-ends   stop when standard input ends: for a program that starts this one
  --supervised         the same, and it says there what to pull and which keys count, one JSON object a line
                       (core/ingest-orders); how that goes is told on standard output
  --once               give up when the relay can't be reached at first
  --log-level <level>  trace, debug, info, warn, error, silent (default info); logs go to standard error
  --help               this text

Exit codes
  0  the source has ended (a finished file, standard input, an ended playlist), or SIGINT: the broadcast is over
  1  it can't go on: the source is no FLV or TS, the relay refused, or with --once can't be reached
  2  the command line is wrong
SIGTERM leaves without ending the broadcast: the relay waits for the publisher to come back.
`;

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'];

/** One source for one channel. */
export interface PullCommand extends Options {
  readonly source: string;
  readonly name: string;
}

/** Encoders push, each to a channel of its own. */
export interface ListenCommand extends Options {
  readonly listen: readonly ListenAddress[];
}

/** Another program says what to pull; encoders may push as well. */
export interface SupervisedCommand extends Options {
  readonly supervised: true;
  readonly listen: readonly ListenAddress[];
}

/** What the command line asks for. */
export type Command = PullCommand | ListenCommand | SupervisedCommand;

interface Options {
  readonly relay: string;
  readonly key: string | undefined;
  readonly keyFile: string | undefined;
  readonly state: string | undefined;
  readonly mode: 'follow' | 'paced' | undefined;
  readonly loop: boolean;
  readonly maxBitrate: number | undefined;
  readonly ffmpeg: FfmpegOptions;
  readonly maxMs: number | undefined;
  readonly maxBytes: number | undefined;
  readonly stallMs: number | undefined;
  /** Whether viewers may be connected with. */
  readonly peers: boolean;
  readonly maxUploadKbps: number | undefined;
  readonly once: boolean;
  /** Stops when standard input ends. */
  readonly untilInputEnds: boolean;
  readonly logLevel: string;
}

/** The command line is wrong; the message is one sentence. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const OPTIONS = {
  listen: { type: 'string', multiple: true },
  relay: { type: 'string' },
  name: { type: 'string' },
  key: { type: 'string' },
  'key-file': { type: 'string' },
  state: { type: 'string' },
  follow: { type: 'boolean' },
  paced: { type: 'boolean' },
  loop: { type: 'boolean' },
  'max-bitrate': { type: 'string' },
  ...FFMPEG_FLAGS,
  'chunk-ms': { type: 'string' },
  'chunk-bytes': { type: 'string' },
  'stall-ms': { type: 'string' },
  'no-peers': { type: 'boolean' },
  'max-upload-kbps': { type: 'string' },
  'until-input-ends': { type: 'boolean' },
  supervised: { type: 'boolean' },
  once: { type: 'boolean' },
  'log-level': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Reads the arguments; throws `UsageError`. */
export function readCommand(args: readonly string[]): Command | 'help' {
  const { values, positionals } = parse(args);
  if (values.help) return 'help';
  const [source, ...more] = positionals;
  const listen = values.listen?.map(listenAddress);
  if (listen && source !== undefined)
    throw new UsageError(`--listen takes what encoders push: "${source}" is too many`);
  if (values.supervised && source !== undefined) throw new UsageError(`--supervised: "${source}" is too many`);
  if (!listen && !values.supervised && source === undefined)
    throw new UsageError('no source given: a URL, a path, or - for standard input');
  if (more.length > 0) throw new UsageError(`one source at a time: "${more[0]}" is too many`);
  if (values.relay === undefined) throw new UsageError('no relay given: --relay http://host:port');
  if (values.follow && (values.paced || values.loop)) throw new UsageError('--follow excludes --paced and --loop');
  const logLevel = values['log-level'] ?? 'info';
  if (!LEVELS.includes(logLevel)) throw new UsageError(`--log-level is one of ${LEVELS.join(', ')}, not "${logLevel}"`);
  const options: Options = {
    relay: values.relay,
    key: values.key,
    keyFile: values['key-file'],
    state: values.state,
    mode: values.follow ? 'follow' : values.paced ? 'paced' : undefined,
    loop: values.loop ?? false,
    maxBitrate: number('--max-bitrate', values['max-bitrate'], 1, 1e12),
    ffmpeg: readFfmpegFlags(values),
    maxMs: number('--chunk-ms', values['chunk-ms'], 10, 1_000),
    maxBytes: number('--chunk-bytes', values['chunk-bytes'], 188, 16_000),
    stallMs: number('--stall-ms', values['stall-ms'], 100, 3_600_000),
    peers: !values['no-peers'],
    maxUploadKbps: number('--max-upload-kbps', values['max-upload-kbps'], 1, 1e7),
    once: values.once ?? false,
    untilInputEnds: values['until-input-ends'] ?? false,
    logLevel,
  };
  if (values.supervised) return { ...options, supervised: true, listen: listen ?? [], untilInputEnds: true };
  if (listen) {
    if (values.name !== undefined) throw new UsageError('--listen excludes --name: encoders name their channels');
    return { ...options, listen };
  }
  if (source === undefined || values.name === undefined) throw new UsageError('no channel given: --name <channel>');
  const fault = channelNameFault(values.name);
  if (fault) throw new UsageError(`--name: ${fault}`);
  if (source === '-' && options.untilInputEnds)
    throw new UsageError('--until-input-ends: standard input is the source');
  return { ...options, source, name: values.name };
}

function listenAddress(text: string): ListenAddress {
  const address = readListenAddress(text);
  if (typeof address === 'string') throw new UsageError(`--listen: ${address}`);
  return address;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${message.split('. ')[0]} (see --help)`);
  }
}

function number(name: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < least || value > most) {
    throw new UsageError(`${name} is a whole number from ${least} to ${most}, not "${text}"`);
  }
  return value;
}
