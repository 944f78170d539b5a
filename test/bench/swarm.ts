// `npm run bench -- swarm`: our viewers and those of p2p-media-loader on the same encoder, one Chromium process each.

import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { onPath } from '../../demo/find-program.mjs';
import { findChromium } from '../support/find-program.mjs';
import { until } from '../support/until.ts';
import { Origin, startOurs, startTheirs } from './swarm/bench-servers.ts';
import { buildPages } from './swarm/build-pages.ts';
import { Encoder } from './swarm/encoder.ts';
import { onInterrupt } from './swarm/interruption.ts';
import { enterLab, insideLab } from './swarm/lab.ts';
import { LOOPBACK, type Place } from './swarm/place.ts';
import { removeFolder } from './swarm/remove-folder.ts';
import { type SwarmFigures, swarmFigures } from './swarm/swarm-figures.ts';
import { type PlayerName, readSwarmOptions, type SwarmOptions, USAGE } from './swarm/swarm-options.ts';
import { runSwarm } from './swarm/swarm-run.ts';
import { printSwarm } from './swarm/swarm-table.ts';

const START = { 'p2p-live': startOurs, 'p2p-media-loader': startTheirs };
/** Complete segments that there must be before anybody watches. */
const SEGMENTS = 5;

const tell = (line: string) => console.error(line);

/** Runs the benchmark and prints it. */
export async function main(args: string[]): Promise<void> {
  let options: SwarmOptions;
  try {
    options = readSwarmOptions(args);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${USAGE}`);
    process.exitCode = 1;
    return;
  }
  try {
    await bench(options, args);
  } catch (caught) {
    const error = caught instanceof Error && caught.name === 'AbortError' ? caught.cause : caught;
    console.error(`bench swarm: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}

async function bench(options: SwarmOptions, args: readonly string[]): Promise<void> {
  if (!findChromium()) throw new Error('no Chromium or Chrome: please install one, or set CHROME_PATH');
  if (!onPath('ffmpeg')) throw new Error('no ffmpeg on PATH: please install it');
  const { lab } = options;
  if (!lab) {
    const results = await compare(options, LOOPBACK);
    printSwarm(options, results, undefined);
    return;
  }
  const inside = insideLab(options.viewers, lab);
  if (!inside) {
    process.exitCode = await enterLab(options.viewers, lab, args);
    return;
  }
  printSwarm(options, await compare(options, inside.place), inside.tcp);
}

/** One player after the other, each with the whole machine to itself; the encoder runs all the time. */
async function compare(options: SwarmOptions, place: Place): Promise<Map<PlayerName, SwarmFigures>> {
  const folder = mkdtempSync(join(tmpdir(), 'p2p-live-swarm-bench-'));
  const interruption = onInterrupt();
  const [pages, hls] = [join(folder, 'pages'), join(folder, 'hls')];
  mkdirSync(hls);
  const encoder = new Encoder(hls);
  let origin: Origin | undefined;
  const results = new Map<PlayerName, SwarmFigures>();
  try {
    tell('building the pages …');
    await buildPages(pages, options.built);
    origin = await Origin.start(place, pages, hls);
    for (const player of options.players) {
      const served = origin; // started above
      const grounds = { place, folder, origin: served, encoder, interrupt: interruption.signal };
      const contestant = await START[player](grounds);
      try {
        await until(
          async () => (await served.counts()).segments >= SEGMENTS,
          'the encoder has made five segments',
          30_000,
        );
        const measured = await runSwarm(contestant, grounds, options, line => tell(`${player}: ${line}`));
        results.set(player, swarmFigures(measured));
      } finally {
        await contestant.stop();
      }
    }
    return results;
  } finally {
    await encoder.stop();
    await origin?.process.end();
    interruption.release();
    removeFolder(folder);
  }
}
