// What `npm start` runs: a relay with an embedded ingest and the demo pages, in one process.

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { channelKey } from '../ingest/channel-key.ts';
import { type Ingest, startIngest } from '../ingest/ingest.ts';
import { type Relay, startRelay } from '../relay/relay.ts';
import { SAMPLE_CLIP, sampleEncoder } from './sample-source.ts';
import { HELP, readOptions, type ServerOptions } from './server-options.ts';
import { mountTokenRoute } from './token-route.ts';

const PAGES = fileURLToPath(new URL('../dist/demo', import.meta.url));

async function main(options: ServerOptions): Promise<void> {
  const stateDir = options.stateDir ?? join(process.cwd(), '.p2p-live');
  const publishKey = process.env.P2P_LIVE_PUBLISH_KEY;
  const adminToken = process.env.P2P_LIVE_ADMIN_TOKEN || randomBytes(12).toString('base64url');
  const relay: Relay = await startRelay(
    {
      host: options.host,
      port: options.port,
      stateDir,
      logLevel: options.logLevel,
      iceServers: options.iceServers,
      admin: { token: adminToken },
      recordings: { all: options.record },
      ...(publishKey && { publishKeys: [publishKey] }),
      ...(options.rtmpPort !== undefined && { ingest: { rtmpPort: options.rtmpPort } }),
    },
    { directory: PAGES, mount: app => mountTokenRoute(app, request => relay.issueToken(request)) },
  );
  const { log } = relay;
  const ingests: Ingest[] = [];
  const publish = async (channel: string, source: Parameters<typeof startIngest>[0]['source'], loop = false) => {
    const secretKey = await channelKey(stateDir, channel);
    const connect = async () => relay.connect();
    const terms = () => ({ enabled: true, iceServers: options.iceServers, iceTransportPolicy: 'all' as const });
    const { publishKey } = relay;
    const ingest = startIngest({ source, channel, connect, publishKey, secretKey, loop, log, peers: { terms } });
    ingests.push(ingest);
    return ingest;
  };
  if (options.sample) {
    const encoder = sampleEncoder();
    await publish('sample', encoder ?? SAMPLE_CLIP, !encoder);
  }
  const lines = [`p2p-live is at ${relay.url}`];
  if (relay.runtime === 'node') lines.push('It runs on Node: WebSocket only, unless the quiche addon is installed.');
  if (options.source !== undefined) {
    const own = await publish(options.name, options.source);
    void own.done.then(({ code, reason }) => {
      process.stdout.write(`${options.name}: ${reason}\n`);
      if (code !== 'finished' && code !== 'stopped') void leave(1);
    });
    lines.push(`It plays your stream at ${relay.url}/?name=${options.name}`);
  }
  lines.push(`The dashboard: ${relay.url}/admin, token ${adminToken}`);
  lines.push(`Your camera on air: ${relay.url}/publish.html`);
  if (options.record) lines.push(`What was broadcast: ${relay.url}/recording.html`);
  for (const address of relay.encoderAddresses)
    lines.push(`Encoders push to ${address}/<channel>?key=${relay.publishKey}`);
  lines.push('Your own stream: npm start -- --source <url|file|-> --name lecture');
  lines.push(
    `From elsewhere: npm run ingest -- <url|file|-> --relay ${relay.url} --name lecture --key-file ${relay.publishKeys.file ?? '…'}`,
  );
  process.stdout.write(`${lines.join('\n')}\n`);

  let leaving = false;
  const leave = async (code: number) => {
    if (leaving) return;
    leaving = true;
    setTimeout(() => process.exit(code), 4_000);
    await Promise.all(ingests.map(ingest => ingest.stop()));
    await relay.close();
    process.exit(code);
  };
  // Whoever interrupts twice is in a hurry.
  process.on('SIGINT', () => (leaving ? process.exit(1) : void leave(0)));
  process.on('SIGTERM', () => void leave(0));
}

function sentence(error: unknown, { port }: Partial<ServerOptions>): string {
  const message = error instanceof Error ? error.message : String(error);
  if (/EADDRINUSE|AddrInUse|address already in use/i.test(`${error} ${message}`)) {
    return `port ${port} is in use: choose another with --port`;
  }
  return message;
}

let options: ServerOptions | undefined;
try {
  options = await readOptions(process.argv.slice(2));
  if (options.help) process.stdout.write(HELP);
  else await main(options);
} catch (error) {
  process.stderr.write(`p2p-live: ${sentence(error, options ?? {})}\n`);
  process.exit(1);
}
