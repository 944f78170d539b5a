// `npm run bench -- element`: what our element costs a page, beside hls.js, mpegts.js and p2p-media-loader, on the same encoder.

import { mkdirSync, mkdtempSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { onPath } from '../../demo/find-program.mjs';
import { findChromium } from '../support/find-program.mjs';
import { freePort } from '../support/free-port.ts';
import { until } from '../support/until.ts';
import { BenchProcess } from './bench-process.ts';
import { buildPlayers } from './element/build-players.ts';
import { byPlayer, elementFigures } from './element/element-figures.ts';
import { elementTable } from './element/element-table.ts';
import { FlvEncoder } from './element/flv-encoder.ts';
import { PLAYERS, type Player, SLUGS } from './element/players.ts';
import { scriptKb } from './element/script-size.ts';
import { type PlayerRun, watchPlayer } from './element/watch-player.ts';
import { Origin, startOurs } from './swarm/bench-servers.ts';
import { PLAYLIST } from './swarm/encoder.ts';
import { onInterrupt } from './swarm/interruption.ts';
import { LOOPBACK } from './swarm/place.ts';
import { removeFolder } from './swarm/remove-folder.ts';

const USAGE = `Usage: npm run bench -- element [options]
  --runs 3        the median of so many, the players taking turns
  --seconds 15    length of each measurement, after the first picture and 5 s
  --only NAME     ${PLAYERS.join(', ')}
  --built         takes dist/ as it is
  --json          one JSON object as the last line`;

interface ElementOptions {
  readonly runs: number;
  readonly seconds: number;
  readonly players: readonly Player[];
  readonly built: boolean;
  readonly json: boolean;
}

/** Complete segments that there must be before anybody watches. */
const SEGMENTS = 5;
const FLV_PATH = '/live/bench.flv';
const tell = (line: string) => console.error(line);

/** Runs the benchmark and prints it. */
export async function main(args: string[]): Promise<void> {
  try {
    const options = readOptions(args);
    if (!findChromium()) throw new Error('no Chromium or Chrome: please install one, or set CHROME_PATH');
    if (!onPath('ffmpeg')) throw new Error('no ffmpeg on PATH: please install it');
    await bench(options);
  } catch (error) {
    console.error(`bench element: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}

/** Throws a RangeError that says what would be accepted. */
function readOptions(args: readonly string[]): ElementOptions {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { runs: text, seconds: text, only: text, built: flag, json: flag },
  });
  const [runs, seconds] = [Number(values.runs ?? 3), Number(values.seconds ?? 15)];
  const only = PLAYERS.filter(player => player === values.only);
  const right = Number.isInteger(runs) && runs >= 1 && seconds >= 1 && (values.only === undefined || only.length === 1);
  if (!right) throw new RangeError(`what was asked for can’t be done\n${USAGE}`);
  return { runs, seconds, players: only.length ? only : PLAYERS, built: values.built, json: values.json };
}

async function bench({ runs, seconds, players, built, json }: ElementOptions): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'p2p-live-element-bench-'));
  const interruption = onInterrupt();
  const [pages, hls] = [join(folder, 'pages'), join(folder, 'hls')];
  mkdirSync(hls);
  const ends: (() => unknown)[] = [];
  try {
    tell('building the pages …');
    await buildPlayers(pages, built);
    const sizes = new Map<Player, number>();
    const flv = await startFlvServer(folder);
    ends.push(() => flv.stop());
    const encoder = new FlvEncoder(hls, bytes => flv.write(bytes));
    ends.push(() => encoder.stop());
    const origin = await Origin.start(LOOPBACK, pages, hls);
    ends.push(() => origin.process.end());
    const ours = await startOurs({ place: LOOPBACK, folder, origin, encoder, interrupt: interruption.signal });
    ends.push(() => ours.stop());
    await until(async () => (await origin.counts()).segments >= SEGMENTS, 'the encoder has made five segments', 30_000);

    const page = (player: Player, query: Record<string, string>) =>
      `${origin.url}/${SLUGS[player]}.html?${new URLSearchParams(query)}`;
    const source = `${origin.url}/hls/${PLAYLIST}`;
    const urls: Record<Player, string> = {
      'p2p-live': ours.page,
      'hls.js': page('hls.js', { source }),
      'mpegts.js': page('mpegts.js', { source: flv.url }),
      'p2p-media-loader+hls.js': page('p2p-media-loader+hls.js', { source, tracker: origin.tracker }),
    };
    const measured = new Map<Player, PlayerRun[]>();
    for (let run = 1; run <= runs; run++) {
      for (const player of players) {
        interruption.signal.throwIfAborted();
        await origin.served(); // of others
        const one = await watchPlayer(urls[player], seconds).catch((error: Error) => error);
        if (one instanceof Error) {
          tell(`${player}, run ${run}: not measured: ${one.message}`);
          continue;
        }
        const kb = scriptKb(pages, (await origin.served()).paths);
        sizes.set(player, kb);
        measured.set(player, [...(measured.get(player) ?? []), one]);
        tell(`${player}, run ${run}: ${kb} KB, ${describe(one)}`);
      }
    }
    const figures = elementFigures(
      byPlayer(player => sizes.get(player) ?? null),
      measured,
    );
    console.log(elementTable(figures));
    if (json) console.log(JSON.stringify({ ...figures, conditions: { runs, seconds } }));
  } finally {
    for (const end of ends.reverse()) await end();
    interruption.release();
    removeFolder(folder);
  }
}

/** node-media-server, and the FLV that is pushed to it: mpegts.js plays HTTP-FLV. */
async function startFlvServer(folder: string) {
  const port = await freePort();
  const script = fileURLToPath(new URL('node-media-server.mjs', import.meta.url));
  const server = new BenchProcess(process.execPath, [script, `${port}`, folder], { cwd: folder });
  await server.line(/HTTP server listening/);
  const push = request({ port, host: '127.0.0.1', path: FLV_PATH, method: 'POST' });
  push.on('error', () => {}); // its viewer would see no picture
  return {
    url: `http://127.0.0.1:${port}${FLV_PATH}`,
    write: (bytes: Uint8Array) => void push.write(bytes),
    async stop() {
      push.destroy();
      await server.end();
    },
  };
}

function describe({ firstFrameMs, mainThreadMsPerMinute, memoryMb, framesShown }: PlayerRun): string {
  const main = `${Math.round(mainThreadMsPerMinute)} ms a minute on the main thread`;
  return `first frame ${Math.round(firstFrameMs)} ms, ${main}, ${memoryMb.toFixed(1)} MB, ${Math.round(framesShown * 100)} % of the pictures`;
}
