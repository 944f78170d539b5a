// Runs test files in processes of their own, several at once, in the order given. What a file says is shown when it has ended, with how long it took.

import { spawn } from 'node:child_process';

/** Node's own closing lines: they are added up over the files instead. */
const TOTALS = /^ℹ (tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) ([\d.]+)\n/gm;
const FAILURES = '✖ failing tests:';

/** More files than this that fail are no accident. */
const MOST_AGAIN = 3;

/**
 * Resolves to how many tests passed and failed, and which files passed only the second time. A file that ends without a word, or is not over after
 * `minutes`, is one that failed. A few that fail are run once more, alone: what fails then, too, has failed.
 */
export async function runFiles(files, { atOnce, minutes }) {
  const results = new Map();
  const waiting = [...files];
  const run = async file => {
    const { passed, failed, skipped, said, seconds } = await runFile(file, minutes);
    const [tests, failing] = said.split(FAILURES);
    console.log(`${file}: ${seconds.toFixed(1)} s${skipped > 0 ? `, ${skipped} skipped` : ''}\n${tests.trimEnd()}\n`);
    results.set(file, { passed, failed, failing: (failing ?? 'see above').trim() });
  };
  const lane = async () => {
    for (let file = waiting.shift(); file; file = waiting.shift()) await run(file);
  };
  const failures = () => [...results].filter(([, { failed }]) => failed > 0);
  const tell = what => {
    const list = failures().map(([file, { failing }]) => `${file}: ${failing}`);
    if (list.length > 0) console.log(`${what}\n\n${list.join('\n\n')}\n`);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  const twice = failures().length <= MOST_AGAIN ? failures().map(([file]) => file) : [];
  if (twice.length > 0) tell('✖ failed, to be run again:');
  for (const file of twice) await run(file);
  tell(FAILURES);
  const sum = { passed: 0, failed: 0, flaky: twice.filter(file => results.get(file).failed === 0) };
  for (const { passed, failed } of results.values()) {
    sum.passed += passed;
    sum.failed += failed;
  }
  return sum;
}

function runFile(file, minutes) {
  return new Promise(resolve => {
    const started = performance.now();
    const env = { ...process.env, FORCE_COLOR: '0', NO_COLOR: '1' };
    // A file whose tests are over must not be kept alive by what one of them left open.
    const args = ['--import', 'tsx', '--test-force-exit', '--test-reporter=spec', file];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', part => {
        text += part;
      });
    const timer = setTimeout(() => {
      text += `✖ it is not over after ${minutes} minutes: ended\n`;
      child.kill('SIGKILL');
    }, minutes * 60_000);
    child.on('close', status => {
      clearTimeout(timer);
      const totals = new Map([...text.matchAll(TOTALS)].map(([, word, count]) => [word, Number(count)]));
      const of = word => totals.get(word) ?? 0;
      const failed = of('fail') + of('cancelled');
      const isGood = status === 0 && of('pass') + of('skipped') > 0;
      resolve({
        passed: of('pass'),
        failed: isGood ? failed : Math.max(1, failed),
        skipped: of('skipped') + of('todo'),
        said: text.replace(TOTALS, ''),
        seconds: (performance.now() - started) / 1_000,
      });
    });
  });
}
