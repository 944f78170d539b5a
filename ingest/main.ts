#!/usr/bin/env node
// The command p2p-live-ingest.

import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { pino } from 'pino';
import { channelKey, defaultStateDir } from './channel-key.ts';
import { type Command, HELP, readCommand, UsageError } from './command-line.ts';
import { connectTo } from './connect.ts';
import { startIngest } from './ingest.ts';
import { DEFAULT_TERMS } from './peers/peer-terms.ts';
import { sourceFault } from './sources/source-fault.ts';

async function main(args: readonly string[]): Promise<number> {
  const command = readCommand(args);
  if (command === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  const fault = await sourceFault(command.source);
  if (fault) throw new UsageError(fault);
  let terms = DEFAULT_TERMS;
  const connect = connectTo(command.relay, command.name, heard => {
    terms = heard;
  });
  const publishKey = await readPublishKey(command);
  const secretKey = await channelKey(command.state ?? defaultStateDir(), command.name);
  const log = pino({ level: command.logLevel, base: { name: 'ingest' } }, pino.destination({ dest: 2, sync: true }));
  const ingest = startIngest({
    ...command,
    channel: command.name,
    connect,
    publishKey,
    secretKey,
    log,
    peers: command.peers && { terms: () => terms, maxUploadKbps: command.maxUploadKbps },
    limits: {
      ...(command.maxMs !== undefined && { maxMs: command.maxMs }),
      ...(command.maxBytes !== undefined && { maxBytes: command.maxBytes }),
    },
  });
  let stops = 0;
  const stop = (unpublish: boolean) => {
    if (++stops > 1) process.exit(1);
    void ingest.stop({ unpublish });
  };
  process.on('SIGINT', () => stop(true));
  process.on('SIGTERM', () => stop(false));
  const outcome = await ingest.done;
  if (outcome.code === 'finished' || outcome.code === 'stopped') {
    log.info({ ...ingest.stats }, outcome.reason);
    return 0;
  }
  process.stderr.write(`p2p-live-ingest: ${outcome.reason}\n`);
  return 1;
}

async function readPublishKey({ key, keyFile }: Command): Promise<string> {
  const given = key ?? process.env.P2P_LIVE_KEY;
  if (given !== undefined) return given.trim();
  if (keyFile === undefined) throw new UsageError('no publish key given: --key, $P2P_LIVE_KEY or --key-file');
  try {
    return (await readFile(keyFile, 'utf8')).trim();
  } catch (error) {
    throw new UsageError(
      `the publish key can't be read from ${keyFile}: ${error instanceof Error ? error.message : error}`,
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
