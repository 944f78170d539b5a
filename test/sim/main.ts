// `npm run simulate -- [options]`: simulates a broadcast, prints what came of it and draws a picture; with --json the last line is one JSON object.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { Coordinator } from '../../core/swarm/coordinator.ts';
import type { CoordinatorMaker } from './machines.ts';
import { type Options, readOptions, USAGE } from './options.ts';
import { drawPicture } from './picture.ts';
import { resultTable } from './result-table.ts';
import { runSimulation } from './run.ts';
import { runStudy } from './study.ts';

const coordinator: CoordinatorMaker = options => new Coordinator(options);

function read(): Options {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exit(1);
  }
}

const options = read();
if (options.help) console.log(USAGE);
else if (options.study) {
  const { table, json } = runStudy(options.settings, coordinator);
  console.log(options.json ? JSON.stringify(json) : table);
} else {
  const { simulation, result } = runSimulation(options.settings, coordinator, true);
  const file = options.svg ?? join(mkdtempSync(join(tmpdir(), 'p2p-live-swarm-')), 'swarm.svg');
  writeFileSync(file, drawPicture(simulation, result));
  if (!options.json) console.log(resultTable(result));
  console.log(`picture: ${file}`);
  if (options.json) console.log(JSON.stringify(result));
}
