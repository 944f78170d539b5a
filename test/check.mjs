// `npm run check`: types, formatting and lint, layers and cycles. Runs all of them and fails if one does.

import { spawnSync } from 'node:child_process';
import { ensureDependencies } from '../demo/ensure-dependencies.mjs';

ensureDependencies();
const steps = [
  ['types of core (no DOM, no Node)', 'tsc', ['-p', 'core/tsconfig.json']],
  ['types', 'tsc', ['-p', 'tsconfig.json']],
  ['format and lint', 'biome', ['check', '--error-on-warnings', '.']],
  [
    'layers and cycles',
    'depcruise',
    ['--config', '.dependency-cruiser.cjs', 'core', 'components', 'relay', 'ingest', 'demo', 'build', 'test'],
  ],
];
const failed = [];
for (const [name, command, args] of steps) {
  console.log(`check: ${name}`);
  const { status } = spawnSync(`node_modules/.bin/${command}`, args, { stdio: 'inherit' });
  if (status !== 0) failed.push(name);
}
if (failed.length > 0) {
  console.error(`check: failed: ${failed.join(', ')}`);
  process.exit(1);
}
console.log('check: all good');
