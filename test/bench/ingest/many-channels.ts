// A process that feeds many channels of a relay, each from an HTTP-FLV source of its own. Arguments: relay, sources' address, publish key, how many.
// Says `ready` when all of them flow; answers each line with what has been sent until then.

import process from 'node:process';
import { createInterface } from 'node:readline';
import { pino } from 'pino';
import { connectTo } from '../../../ingest/connect.ts';
import { startIngest } from '../../../ingest/ingest.ts';

/** What has been sent so far. */
export interface Sent {
  readonly bytes: number;
  readonly chunks: number;
  readonly dropped: number;
}

const [relay = '', source = '', publishKey = '', channels = '0'] = process.argv.slice(2);
const log = pino({ level: 'warn' }, pino.destination({ dest: 2, sync: true }));
const ingests = Array.from({ length: Number(channels) }, (_, number) => {
  const channel = `bench/${number}`;
  return startIngest({
    source: `${source}/${number}`,
    channel,
    connect: connectTo(relay, channel),
    publishKey,
    secretKey: crypto.getRandomValues(new Uint8Array(32)),
    log,
  });
});

const flowing = setInterval(() => {
  if (ingests.some(({ stats }) => stats.chunksSent < 10)) return;
  clearInterval(flowing);
  console.log('ready');
}, 50);

createInterface(process.stdin).on('line', () => {
  const sum = (pick: (stats: (typeof ingests)[number]['stats']) => number) =>
    ingests.reduce((total, { stats }) => total + pick(stats), 0);
  const sent: Sent = {
    bytes: sum(stats => stats.bytesSent),
    chunks: sum(stats => stats.chunksSent),
    dropped: sum(stats => stats.chunksDropped),
  };
  console.log(JSON.stringify(sent));
});

// The ordinary way to end lets Node write what a profiler has seen.
process.on('SIGTERM', () => process.exit());
