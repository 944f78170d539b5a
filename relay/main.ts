#!/usr/bin/env node
// The command p2p-live-relay.

import { parseArgs } from 'node:util';
import { ConfigError } from './config.ts';
import { loadConfig, numeric } from './load-config.ts';
import { LOG_LEVELS } from './log.ts';
import { type Relay, startRelay } from './relay.ts';
import { runUnderDeno } from './run-under-deno.ts';

const HELP = `p2p-live-relay: carries live streams from publishers to viewers

  --config FILE      YAML file with settings; flags override it
  --host ADDRESS     address to listen on (0.0.0.0)
  --port NUMBER      TCP port of HTTP and WebSocket, UDP port of WebTransport (4080)
  --runtime NAME     auto, deno or node (auto: Deno when its package is installed)
  --log-level LEVEL  ${LOG_LEVELS.join(', ')} (info)
  --help             this text

Environment: P2P_LIVE_HOST, P2P_LIVE_PORT, P2P_LIVE_PUBLISH_KEY, P2P_LIVE_STATE_DIR, P2P_LIVE_LOG_LEVEL
`;

/** Whoever asks to leave twice is in a hurry; whoever asks once gets this long (ms). */
const LEAVE_MS = 3_000;

async function main(args: string[]): Promise<number | undefined> {
  const { values } = readFlags(args);
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const runtime = values.runtime ?? 'auto';
  if (!['auto', 'deno', 'node'].includes(runtime)) throw new ConfigError(`--runtime ${runtime}: auto, deno or node`);
  const flags = {
    ...(values.host !== undefined && { host: values.host }),
    ...(values.port !== undefined && { port: numeric(values.port) }),
    ...(values['log-level'] !== undefined && { logLevel: values['log-level'] }),
  };
  const config = await loadConfig({ file: values.config, environment: process.env, flags });
  if (!('Deno' in globalThis) && runtime !== 'node') {
    const child = runUnderDeno(import.meta.url, args);
    if (child) return child;
    if (runtime === 'deno') throw new ConfigError('--runtime deno: install it beside p2p-live with "npm install deno"');
  }
  const relay = await startRelay(config);
  announce(relay);
  leaveOnSignal(relay);
  return undefined;
}

function readFlags(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        config: { type: 'string' },
        host: { type: 'string' },
        port: { type: 'string' },
        runtime: { type: 'string' },
        'log-level': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new ConfigError(`${error instanceof Error ? error.message.split('. ')[0] : error} (see --help)`);
  }
}

function announce({ url, webTransportPort, publishKeys, runtime }: Relay): void {
  const udp = webTransportPort === undefined ? 'no WebTransport' : `WebTransport on UDP port ${webTransportPort}`;
  process.stdout.write(`p2p-live relay at ${url} (${runtime}, ${udp})\n`);
  if (publishKeys.made)
    process.stdout.write(`publish key made: ${publishKeys.keys[0]} (kept in ${publishKeys.file})\n`);
}

function leaveOnSignal(relay: Relay): void {
  let asked = false;
  const leave = () => {
    if (asked) process.exit(1);
    asked = true;
    setTimeout(() => process.exit(0), LEAVE_MS).unref();
    relay.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.on('SIGTERM', leave);
  process.on('SIGINT', leave);
}

/** Ends the program with one sentence. */
function fail(error: unknown): void {
  process.stderr.write(`p2p-live-relay: ${sentence(error)}\n`);
  process.exit(1);
}

function sentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (/EADDRINUSE|AddrInUse|address already in use/i.test(`${error} ${message}`)) {
    return `the port is in use already (${message}): choose another with --port`;
  }
  if (/EACCES|permission denied/i.test(message)) return `not allowed: ${message}`;
  return message;
}

try {
  const code = await main(process.argv.slice(2));
  if (code !== undefined) process.exit(code);
} catch (error) {
  fail(error);
}
