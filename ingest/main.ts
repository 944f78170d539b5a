#!/usr/bin/env node
// The command p2p-live-ingest.

import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { type Logger, pino } from 'pino';
import { encodeLine, type IngestReport } from '../core/ingest-orders.ts';
import { channelKey, defaultStateDir } from './channel-key.ts';
import { steadyClock } from './clock.ts';
import {
  type Command,
  HELP,
  type ListenCommand,
  type PullCommand,
  readCommand,
  type SupervisedCommand,
  UsageError,
} from './command-line.ts';
import { connectTo } from './connect.ts';
import { type Ingest, type IngestOptions, startIngest } from './ingest.ts';
import { STALL_MS } from './ingest-options.ts';
import { DEFAULT_TERMS } from './peers/peer-terms.ts';
import { listenRtmp } from './rtmp/listen-rtmp.ts';
import { anyOf } from './rtmp/stream-keys.ts';
import { createSource } from './sources/create-source.ts';
import { readySource } from './sources/ready-source.ts';
import { sourceFault } from './sources/source-fault.ts';
import { type PullOptions, Supervised } from './supervised.ts';

async function main(args: readonly string[]): Promise<number> {
  const command = readCommand(args);
  if (command === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  if ('supervised' in command) return supervise(command);
  return 'listen' in command ? listen(command) : pull(command);
}

async function pull(command: PullCommand): Promise<number> {
  const fault = await sourceFault(command.source);
  if (fault) throw new UsageError(fault);
  connectTo(command.relay, command.name); // throws at an address that can't be one
  const [publishKey] = await readPublishKeys(command);
  const log = createLog(command);
  const ingest = await publish({ ...command, channel: command.name, publishKey, log });
  onStop(command, unpublish => ingest.stop({ unpublish }));
  const outcome = await ingest.done;
  if (outcome.code === 'finished' || outcome.code === 'stopped') {
    log.info({ ...ingest.stats }, outcome.reason);
    return 0;
  }
  process.stderr.write(`p2p-live-ingest: ${outcome.reason}\n`);
  return 1;
}

async function listen(command: ListenCommand): Promise<number> {
  connectTo(command.relay, 'any');
  const keys = await readPublishKeys(command);
  const log = createLog(command);
  const listener = await listenRtmp({
    ...command,
    mayPublish: anyOf(keys),
    log,
    start: (channel, source) => publish({ ...command, source, channel, publishKey: keys[0], log }),
  });
  for (const address of listener.addresses) process.stdout.write(`encoders push to ${address}/<channel>?key=<key>\n`);
  return new Promise(resolve => {
    onStop(command, async unpublish => {
      await listener.close({ unpublish });
      resolve(0);
    });
  });
}

async function supervise(command: SupervisedCommand): Promise<number> {
  connectTo(command.relay, 'any');
  const log = createLog(command);
  const report = (said: IngestReport) => void process.stdout.write(encodeLine(said));
  const supervised = new Supervised({
    log,
    report,
    ready({ source, loop }, waiting) {
      const context = { clock: steadyClock, log, random: Math.random, stallMs: command.stallMs ?? STALL_MS };
      return readySource(createSource(source, context, { ...command, loop }), { ...context, ...waiting });
    },
    start: (options: PullOptions) => publish({ ...command, ...options, log }),
  });
  const listener = await listenRtmp({ ...command, ...supervised.encoders, log });
  report({ type: 'listening', addresses: listener.addresses });
  createInterface(process.stdin).on('line', line => supervised.take(line));
  return new Promise(resolve => {
    onStop(command, async unpublish => {
      await Promise.all([listener.close({ unpublish }), supervised.close()]);
      resolve(0);
    });
  });
}

type Published = Omit<Command, 'peers' | 'source' | 'name'> &
  Pick<IngestOptions, 'source' | 'channel' | 'publishKey' | 'broke' | 'log'> & { readonly peers: boolean };

async function publish(options: Published): Promise<Ingest> {
  let terms = DEFAULT_TERMS;
  const connect = connectTo(options.relay, options.channel, heard => {
    terms = heard;
  });
  return startIngest({
    ...options,
    connect,
    secretKey: await channelKey(options.state ?? defaultStateDir(), options.channel),
    peers: options.peers && { terms: () => terms, maxUploadKbps: options.maxUploadKbps },
    limits: {
      ...(options.maxMs !== undefined && { maxMs: options.maxMs }),
      ...(options.maxBytes !== undefined && { maxBytes: options.maxBytes }),
    },
  });
}

function createLog({ logLevel }: Command): Logger {
  return pino({ level: logLevel, base: { name: 'ingest' } }, pino.destination({ dest: 2, sync: true }));
}

function onStop({ untilInputEnds }: Command, stop: (unpublish: boolean) => Promise<void>): void {
  let stops = 0;
  const once = (unpublish: boolean) => {
    if (++stops > 1) process.exit(1);
    void stop(unpublish);
  };
  process.on('SIGINT', () => once(true));
  process.on('SIGTERM', () => once(false));
  if (!untilInputEnds) return;
  // Which of them comes depends on the runtime and on how it ends.
  let over = false;
  for (const event of ['end', 'close', 'error']) {
    process.stdin.on(event, () => {
      if (!over) once(false);
      over = true;
    });
  }
  process.stdin.resume();
}

/** The key for the relay, and others that encoders may show. */
async function readPublishKeys(command: Command): Promise<[string, ...string[]]> {
  const text = command.key ?? process.env.P2P_LIVE_KEY ?? (await readKeyFile(command.keyFile));
  const [first, ...more] = text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '');
  if (first === undefined) throw new UsageError('no publish key given: --key, $P2P_LIVE_KEY or --key-file');
  return [first, ...more];
}

async function readKeyFile(path: string | undefined): Promise<string> {
  if (path === undefined) return '';
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(
      `the publish key can't be read from ${path}: ${error instanceof Error ? error.message : error}`,
    );
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  // Usage errors, addresses that can't be ones, and keys that can't be read: each message is a sentence.
  const usage = error instanceof UsageError || error instanceof TypeError;
  process.stderr.write(`p2p-live-ingest: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = usage ? 2 : 1;
}
// Standard input and sockets that stall must not keep the process.
setTimeout(() => process.exit(), 500).unref();
if (process.exitCode !== undefined) process.stdin.destroy();
