// `npm test [-- SUITE …]`: sets up what is missing, then runs the suites: unit, contract, browser, e2e. Ends with the count of all.

import { spawn, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ensureDependencies } from '../demo/ensure-dependencies.mjs';
import { ensurePrograms } from './support/find-program.mjs';

const SUITES = {
  unit: () => runNode('unit', testFiles('test/node'), { concurrency: 2, minutes: 3 }),
  contract: () => runNode('contract', testFiles('test/contract'), { concurrency: 1, minutes: 3 }),
  browser: () => runBrowser(),
  e2e: () => runEndToEnd(),
};

/** End to end, but not about time: two of them run at once. The rest measures, or rewrites what others load. */
const SIDE_BY_SIDE = [
  ...['codecs', 'csp', 'dashboard', 'embed', 'embedding', 'figures', 'metadata', 'oracle', 'outputs', 'recording'],
  ...['rtmp', 'size'],
];

const asked = process.argv.slice(2);
const unknown = asked.filter(name => !(name in SUITES));
if (unknown.length > 0) {
  console.error(`No suite "${unknown[0]}": there are ${Object.keys(SUITES).join(', ')}.`);
  process.exit(1);
}
ensureDependencies();
ensurePrograms();

let passed = 0;
let failed = 0;
const failedSuites = [];
if (!asked.length || asked.includes('browser') || asked.includes('e2e')) build();
for (const name of asked.length ? asked : Object.keys(SUITES)) {
  const started = performance.now();
  console.log(`\n=== ${name} ===`);
  const ok = await SUITES[name]();
  console.log(`=== ${name}: ${ok ? 'passed' : 'FAILED'} in ${((performance.now() - started) / 1000).toFixed(0)} s ===`);
  if (!ok) failedSuites.push(name);
}
if (failedSuites.length > 0) console.log(`failed suites: ${failedSuites.join(', ')}`);
if (failedSuites.length > 0 && failed === 0) failed = failedSuites.length;
console.log(`${passed} passed, ${failed} failed`);
process.exit(failedSuites.length > 0 ? 1 : 0);

function build() {
  console.log('Building the element and the demo pages (vite) …');
  const { status } = spawnSync('npm', ['run', '--silent', 'build:pages'], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) {
    console.error('The build failed; its own message is above.');
    process.exit(1);
  }
}

function testFiles(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.test.ts'))
    .sort()
    .map(name => join(folder, name));
}

// Node's own test runner; its output is shown as it comes, and its closing lines are counted.
async function runNode(name, files, { concurrency, minutes }) {
  if (files.length === 0) {
    console.error(`no tests in ${name}`);
    return false;
  }
  // The time limit is a file's; a file whose tests are over must not be kept alive by what one of them left open.
  const limits = [`--test-timeout=${minutes * 60_000}`, '--test-force-exit', `--test-concurrency=${concurrency}`];
  const args = ['--import', 'tsx', '--test', ...limits, '--test-reporter=spec', ...files];
  const output = await show('node', args);
  const count = word => Number(new RegExp(`^ℹ ${word} (\\d+)$`, 'm').exec(output.text)?.[1] ?? 0);
  passed += count('pass');
  failed += count('fail') + count('cancelled');
  if (count('skipped') + count('todo') > 0) console.log(`${name}: ${count('skipped')} skipped, ${count('todo')} to do`);
  return output.status === 0 && count('pass') > 0;
}

async function runEndToEnd() {
  const files = testFiles('test/e2e');
  const isTogether = file => SIDE_BY_SIDE.includes(basename(file, '.test.ts'));
  const together = await runNode('e2e', files.filter(isTogether), { concurrency: 2, minutes: 3 });
  const alone = await runNode(
    'e2e',
    files.filter(file => !isTogether(file)),
    { concurrency: 1, minutes: 8 },
  );
  return together && alone;
}

async function runBrowser() {
  const output = await show('node_modules/.bin/web-test-runner', ['--config', 'web-test-runner.config.mjs']);
  const totals = [...output.text.matchAll(/(\d+) passed, (\d+) failed/g)].at(-1);
  passed += Number(totals?.[1] ?? 0);
  failed += Number(totals?.[2] ?? 0);
  return output.status === 0 && Number(totals?.[1] ?? 0) > 0;
}

// Shows the output as it comes, and keeps it for counting.
function show(command, args) {
  return new Promise(resolve => {
    const env = { ...process.env, FORCE_COLOR: '0', NO_COLOR: '1' };
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], env });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', part => {
      process.stdout.write(part);
      text += part;
    });
    child.on('error', error => console.error(`${command} can't be run: ${error.message}`));
    child.on('close', status => resolve({ status, text }));
  });
}
