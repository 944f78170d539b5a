// `npm test [-- SUITE …]`: sets up what is missing, then runs the suites: unit, contract, browser, e2e. Ends with the count of all.

import { spawn, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ensureDependencies } from '../demo/ensure-dependencies.mjs';
import { runFiles } from './run-files.mjs';
import { ensurePrograms } from './support/find-program.mjs';

const SUITES = {
  // What starts relays and encoders takes longest: it stands at the end of the list, and comes first.
  unit: () => runFiles(testFiles('test/node').reverse(), { atOnce: 3, minutes: 3 }),
  contract: () => runFiles(testFiles('test/contract'), { atOnce: 2, minutes: 3 }),
  browser: () => runBrowser(),
  e2e: () => runEndToEnd(),
};

/** End to end, with bounds that hold on a machine that has much else to do: two of them run at once, the longest first. The rest measures, has both cores busy by itself, or counts on WebTransport to be there first. */
const SIDE_BY_SIDE = [
  ...['oracle', 'firefox', 'publish', 'operators', 'embed', 'start', 'rtmp', 'recovery', 'outputs', 'package'],
  ...['webkit', 'hidden', 'metadata', 'dashboard', 'embedding', 'csp', 'codecs', 'recording', 'element', 'turn'],
  ...['picture-in-picture', 'size'],
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
const flaky = [];
if (!asked.length || asked.includes('browser') || asked.includes('e2e')) build();
for (const name of asked.length ? asked : Object.keys(SUITES)) {
  const started = performance.now();
  console.log(`\n=== ${name} ===`);
  const result = await SUITES[name]();
  passed += result.passed;
  failed += result.failed;
  flaky.push(...(result.flaky ?? []));
  const ok = result.failed === 0 && result.passed > 0;
  console.log(`=== ${name}: ${ok ? 'passed' : 'FAILED'} in ${((performance.now() - started) / 1000).toFixed(0)} s ===`);
  if (!ok) failedSuites.push(name);
}
if (failedSuites.length > 0) console.log(`failed suites: ${failedSuites.join(', ')}`);
if (failedSuites.length > 0 && failed === 0) failed = failedSuites.length;
if (flaky.length > 0) console.log(`passed only the second time, alone: ${flaky.join(', ')}`);
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

async function runEndToEnd() {
  const files = new Map(testFiles('test/e2e').map(file => [basename(file, '.test.ts'), file]));
  const together = SIDE_BY_SIDE.flatMap(name => files.get(name) ?? []);
  const alone = [...files.values()].filter(file => !together.includes(file));
  const first = await runFiles(together, { atOnce: 2, minutes: 5 });
  const then = await runFiles(alone, { atOnce: 1, minutes: 5 });
  return {
    passed: first.passed + then.passed,
    failed: first.failed + then.failed,
    flaky: [...first.flaky, ...then.flaky],
  };
}

async function runBrowser() {
  const { status, text } = await show('node_modules/.bin/web-test-runner', ['--config', 'web-test-runner.config.mjs']);
  const totals = [...text.matchAll(/(\d+) passed, (\d+) failed/g)].at(-1);
  const failed = Number(totals?.[2] ?? 0);
  return { passed: Number(totals?.[1] ?? 0), failed: status === 0 ? failed : Math.max(1, failed) };
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
