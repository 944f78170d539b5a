#!/usr/bin/env node
// The command p2p-live-relay.

import { tokenCommand } from './access/token-command.ts';
import { checkConfig } from './config/check-config.ts';
import { ConfigError } from './config/config.ts';
import { hotReload } from './config/hot-reload.ts';
import { loadConfig } from './config/load-config.ts';
import { HELP, readFlags } from './config/read-flags.ts';
import { type Relay, startRelay } from './relay.ts';
import { runUnderDeno } from './run-under-deno.ts';
import { obeySignals } from './signals.ts';
import { tellReady } from './supervisor.ts';

async function main(args: string[]): Promise<number | undefined> {
  if (args[0] === 'token') {
    process.stdout.write(await tokenCommand(args.slice(1), process.env));
    return 0;
  }
  const { help, runtime, config: file, isCheck, settings } = readFlags(args);
  if (help) {
    process.stdout.write(HELP);
    return 0;
  }
  const sources = { file, environment: process.env, flags: settings };
  if (isCheck) return tellMistakes(await checkConfig(sources));
  const config = await loadConfig(sources);
  if (!('Deno' in globalThis) && runtime !== 'node') {
    const child = runUnderDeno(import.meta.url, args);
    if (child) return child;
    if (runtime === 'deno') throw new ConfigError('--runtime deno: install it beside p2p-live with "npm install deno"');
  }
  const relay = await startRelay(config);
  const reload = await hotReload({ sources, adopt: next => relay.configure(next), log: relay.log });
  announce(relay, config.pages.enabled);
  obeySignals(relay, reload);
  tellReady(`at ${relay.url}`);
  return undefined;
}

function announce({ encoderAddresses, url, webTransportPort, publishKeys, runtime }: Relay, pages: boolean): void {
  const udp = webTransportPort === undefined ? 'no WebTransport' : `WebTransport on UDP port ${webTransportPort}`;
  process.stdout.write(`p2p-live relay at ${url} (${runtime}, ${udp})\n`);
  if (pages) process.stdout.write(`to watch and to share a channel: ${url}/watch/<channel>\n`);
  for (const address of encoderAddresses) process.stdout.write(`encoders push to ${address}/<channel>?key=<key>\n`);
  if (publishKeys.made)
    process.stdout.write(`publish key made: ${publishKeys.keys[0]} (kept in ${publishKeys.file})\n`);
}

/** The exit code. */
function tellMistakes(mistakes: readonly string[]): number {
  if (mistakes.length === 0) process.stdout.write('the configuration is right\n');
  for (const mistake of mistakes) process.stderr.write(`p2p-live-relay: ${mistake}\n`);
  return mistakes.length === 0 ? 0 : 2;
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
