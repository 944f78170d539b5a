// Reads the command line of `npm start`.

import { parseArgs } from 'node:util';
import { channelNameFault } from '../core/channel-name.ts';
import { sourceFault } from '../ingest/sources/source-fault.ts';
import { readIceServer } from '../relay/config/ice-server.ts';

export const HELP = `npm start -- [options]: a relay, a live sample channel and the demo pages

  --source <url|file|->  a stream of your own: HTTP-FLV, HTTP-TS, M3U8 with TS, an FLV or TS file, standard input, or what ffmpeg reads
                         (rtmp://, srt://, rtsp://, udp://, v4l2:/dev/video0 …)
  --name <channel>       what to call it (lecture)
  --port <number>        TCP and UDP port (8080)
  --rtmp-port <number>   TCP port for encoders that push, such as OBS
  --host <address>       address to listen on (0.0.0.0)
  --ice <url[,user,credential]>
                         STUN or TURN server for viewers that connect to each other; may be repeated
  --no-sample            without the sample channel
  --record               keep every broadcast, to be watched later
  --state <folder>       where keys are kept (.p2p-live)
  --runtime <name>       deno or node (deno where its package is installed)
  --log-level <level>    debug, info, warn, error, silent (warn)
  --help                 this text
`;

/** What the command line asks for. */
export interface ServerOptions {
  readonly help: boolean;
  readonly source: string | undefined;
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** For encoders that push; undefined: none may. */
  readonly rtmpPort: number | undefined;
  /** STUN and TURN servers. */
  readonly iceServers: ReturnType<typeof readIceServer>[];
  readonly sample: boolean;
  readonly record: boolean;
  readonly stateDir: string | undefined;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

/** The command line is wrong; the message is one sentence. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;

/** Throws `UsageError`. */
export async function readOptions(args: string[]): Promise<ServerOptions> {
  const values = parse(args);
  const port = portNumber('--port', values.port ?? '8080');
  const rtmpPort = values['rtmp-port'] === undefined ? undefined : portNumber('--rtmp-port', values['rtmp-port']);
  const logLevel = LEVELS.find(level => level === (values['log-level'] ?? 'warn'));
  if (!logLevel) throw new UsageError(`--log-level is one of ${LEVELS.join(', ')}`);
  if (values.runtime !== undefined && !['deno', 'node'].includes(values.runtime)) {
    throw new UsageError(`--runtime ${values.runtime}: deno or node`);
  }
  if (values.name !== undefined && values.source === undefined) {
    throw new UsageError('--name needs a --source: a URL, a file, or - for standard input');
  }
  const name = values.name ?? 'lecture';
  const wrong = channelNameFault(name);
  if (wrong) throw new UsageError(`--name: ${wrong}`);
  if (name === 'sample' && values.sample)
    throw new UsageError('--name sample is taken by the sample channel: choose another, or add --no-sample');
  const missing = values.source === undefined ? undefined : await sourceFault(values.source);
  if (missing) throw new UsageError(`--source: ${missing}`);
  return {
    help: values.help,
    source: values.source,
    name,
    host: values.host ?? '0.0.0.0',
    port,
    rtmpPort,
    iceServers: (values.ice ?? []).map(iceServer),
    sample: values.sample,
    record: values.record,
    stateDir: values.state,
    logLevel,
  };
}

function portNumber(option: string, text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new UsageError(`${option} ${text}: a number from 0 to 65535`);
}

function iceServer(text: string) {
  try {
    return readIceServer(text);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowNegative: true,
      options: {
        source: { type: 'string' },
        name: { type: 'string' },
        port: { type: 'string' },
        'rtmp-port': { type: 'string' },
        host: { type: 'string' },
        ice: { type: 'string', multiple: true },
        sample: { type: 'boolean', default: true },
        record: { type: 'boolean', default: false },
        state: { type: 'string' },
        runtime: { type: 'string' },
        'log-level': { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${message.split('. ')[0]} (see --help)`);
  }
}
