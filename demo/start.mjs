// `npm start`: sets up what is missing, then runs demo/server.ts on Deno (HTTP/3 WebTransport), or on Node. Plain Node, so that it runs before `npm ci`.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureDependencies } from './ensure-dependencies.mjs';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`p2p-live needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}
process.chdir(fileURLToPath(new URL('..', import.meta.url)));
ensureDependencies();
ensureBuild();

const args = process.argv.slice(2);
const deno = args.includes('--runtime=node') || args.join(' ').includes('--runtime node') ? undefined : findDeno();
const child = deno
  ? spawn(deno, ['run', '--quiet', '-A', '--unstable-net', 'demo/server.ts', ...args], { stdio: 'inherit' })
  : spawn(process.execPath, ['--import', 'tsx', 'demo/server.ts', ...args], { stdio: 'inherit' });
// A terminal interrupts the child as well, `kill` does not: the child drains once, however often it is told to, and this process leaves after it.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill('SIGTERM'));
child.on('exit', code => process.exit(code ?? 1));

/** The binary that the npm package `deno` carries: run directly, so that signals reach it. */
function findDeno() {
  const names = ['node_modules/deno/deno', 'node_modules/deno/deno.exe'];
  const scope = 'node_modules/@deno';
  if (existsSync(scope))
    for (const name of readdirSync(scope)) names.push(join(scope, name, 'deno'), join(scope, name, 'deno.exe'));
  return names.find(name => existsSync(name) && spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0);
}

/** Builds the element and the pages when there is no build or a source is newer. */
function ensureBuild() {
  const built = 'dist/demo/index.html';
  const sources = ['core', 'components', 'demo', 'vite.config.ts', 'package-lock.json'];
  if (existsSync(built) && sources.every(source => newest(source) <= statSync(built).mtimeMs)) return;
  console.log('Building the element and the demo pages …');
  const { status } = spawnSync('npm', ['run', '--silent', 'build:pages'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    console.error('The build failed; its own message is above.');
    process.exit(1);
  }
}

function newest(path) {
  if (!existsSync(path)) return 0;
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map(name => newest(join(path, name))));
}
