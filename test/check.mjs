// `npm run check`: types, formatting and lint, layers and cycles. Runs all of them, two at once, and fails if one does.

import { spawn } from 'node:child_process';
import { ensureDependencies } from '../demo/ensure-dependencies.mjs';

ensureDependencies();
// The longest first.
const steps = [
  ['types', 'tsc', ['-p', 'tsconfig.json']],
  [
    'layers and cycles',
    'depcruise',
    ['--config', '.dependency-cruiser.cjs', 'core', 'components', 'relay', 'ingest', 'demo', 'build', 'test'],
  ],
  ['types of core (no DOM, no Node)', 'tsc', ['-p', 'core/tsconfig.json']],
  ['format and lint', 'biome', ['check', '--error-on-warnings', '.']],
];
const failed = [];
const lane = async () => {
  for (let step = steps.shift(); step; step = steps.shift()) {
    const [name, command, args] = step;
    const { status, said } = await run(`node_modules/.bin/${command}`, args);
    console.log(`check: ${name}\n${said}`.trimEnd());
    if (status !== 0) failed.push(name);
  }
};
await Promise.all([lane(), lane()]);
if (failed.length > 0) {
  console.error(`check: failed: ${failed.join(', ')}`);
  process.exit(1);
}
console.log('check: all good');

function run(command, args) {
  return new Promise(resolve => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', part => {
        said += part;
      });
    child.on('error', error => resolve({ status: 1, said: error.message }));
    child.on('close', status => resolve({ status, said }));
  });
}
