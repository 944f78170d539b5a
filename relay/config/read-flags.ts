// Reads the command line of p2p-live-relay.

import { parseArgs } from 'node:util';
import { LOG_LEVELS } from '../log.ts';
import { ConfigError } from './config.ts';
import { readIceServer } from './ice-server.ts';
import { numeric } from './load-config.ts';
import { nearName } from './near-name.ts';

export const HELP = `p2p-live-relay: carries live streams from publishers to viewers

  --config FILE      YAML file with settings; flags override it. Read again when it changes, and on SIGHUP
  --check-config     says what is wrong with the settings, and starts nothing
  --host ADDRESS     address to listen on (0.0.0.0)
  --port NUMBER      TCP port of HTTP and WebSocket, UDP port of WebTransport (4080)
  --rtmp-port NUMBER takes RTMP from encoders (OBS, ffmpeg) at this TCP port, 1935 as a rule (none):
                     rtmp://HOST/live/CHANNEL?key=KEY
  --ice URL[,USER,CREDENTIAL]
                     STUN or TURN server for viewers that connect to each other; may be repeated
  --rewind SECONDS   how far back viewers may go, as far as memory allows: 256 MB a channel (600)
  --stripes NUMBER   push trees that a channel is cut into, 1 to 16, or auto (auto)
  --min-viewers N    below so many viewers of a channel the relay feeds all itself (0)
  --no-swarm         viewers never connect to each other
  --runtime NAME     auto, deno or node (auto: Deno when its package is installed)
  --log-level LEVEL  ${LOG_LEVELS.join(', ')} (info)
  --help             this text

p2p-live-relay token … prints a token that lets its holder publish, enter or watch: see token --help

Environment: a variable for each setting of the file, between it and the flags: P2P_LIVE_PORT, P2P_LIVE_ADMIN_TOKEN,
P2P_LIVE_LIMITS_LINKS_PER_ADDRESS; P2P_LIVE_ADMIN_TOKEN_FILE names a file that holds the value
`;

const RUNTIMES = ['auto', 'deno', 'node'] as const;

/** What a command line asks for. */
export interface Flags {
  readonly help: boolean;
  readonly runtime: (typeof RUNTIMES)[number];
  /** Path of the configuration file. */
  readonly config: string | undefined;
  /** Only says what is wrong. */
  readonly isCheck: boolean;
  /** Settings as in the file; only those that were given. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Throws `ConfigError`. */
export function readFlags(args: string[]): Flags {
  const values = parse(args);
  const runtime = RUNTIMES.find(name => name === (values.runtime ?? 'auto'));
  if (!runtime) throw new ConfigError(`--runtime ${values.runtime}: auto, deno or node`);
  const swarm = {
    ...(values.stripes !== undefined && { stripes: numeric(values.stripes) }),
    ...(values['min-viewers'] !== undefined && { minViewers: numeric(values['min-viewers']) }),
    ...(values['no-swarm'] && { enabled: false }),
  };
  const settings = {
    ...(values.host !== undefined && { host: values.host }),
    ...(values.port !== undefined && { port: numeric(values.port) }),
    ...(values['rtmp-port'] !== undefined && { ingest: { rtmpPort: numeric(values['rtmp-port']) } }),
    ...(values.rewind !== undefined && { rewind: numeric(values.rewind) }),
    ...(values['log-level'] !== undefined && { logLevel: values['log-level'] }),
    ...(values.ice && { iceServers: values.ice.map(readIceServer) }),
    ...(Object.keys(swarm).length > 0 && { swarm }),
  };
  return {
    help: values.help ?? false,
    runtime,
    config: values.config,
    isCheck: values['check-config'] ?? false,
    settings,
  };
}

const OPTIONS = {
  config: { type: 'string' },
  'check-config': { type: 'boolean' },
  host: { type: 'string' },
  port: { type: 'string' },
  'rtmp-port': { type: 'string' },
  ice: { type: 'string', multiple: true },
  rewind: { type: 'string' },
  stripes: { type: 'string' },
  'min-viewers': { type: 'string' },
  'no-swarm': { type: 'boolean' },
  runtime: { type: 'string' },
  'log-level': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS }).values;
  } catch (error) {
    const fault = error instanceof Error ? error.message.split('. ')[0]! : String(error); // there is a first sentence
    const near = nearName(/^Unknown option '--([^']+)'/.exec(fault)?.[1] ?? '', Object.keys(OPTIONS));
    throw new ConfigError(`${fault}${near ? `: did you mean --${near}?` : ''} (see --help)`);
  }
}
