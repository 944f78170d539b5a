// `npm run build:binary`: the relay (and the ingest program) for machines where nothing is installed. One file each by `deno compile` where what it
// is made of can be downloaded; else a folder with everything in it, Deno too, and a launcher: packed as .tar.gz, or left as it is with --folder.

import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findDeno } from '../relay/run-under-deno.ts';
import { packageNeeds } from './package-needs.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PROGRAMS = ['relay', 'ingest'] as const;
/** What Deno has of its own, and what only pages load, which is built into their files. */
const LEFT_OUT = ['@fails-components/webtransport', '@fails-components/webtransport-transport-http3-quiche', 'lit'];
/** Of packages and of the build: what no program reads. */
const UNREAD = /\.(map|d\.ts|d\.cts|d\.mts|md|markdown|flow)$|\/(tests?|docs|examples?|\.github)$/;
/** Beside the programs, for whoever installs them. */
const PAPERS = ['LICENSE', 'relay/OPERATING.md', 'relay/packaging/p2p-live-relay.service'];
const COMPILE_MS = 180_000;

const { values } = parseArgs({
  options: {
    /** Where the packed result goes. */
    out: { type: 'string', default: 'dist/binary' },
    /** Where the folder goes, if that is wanted and no packed result. */
    folder: { type: 'string' },
    /** dist is as it should be, but for the programs. */
    'no-build': { type: 'boolean', default: false },
  },
});

const { version }: { version: string } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const name = `p2p-live-relay-${version}-${process.platform}-${process.arch}`;
const out = resolve(values.out);
const folder = resolve(values.folder ?? join(out, name));
const deno = findDeno(import.meta.url);
if (!deno) fail('the npm package deno is not installed: npm install');

build();
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
stage(join(folder, 'lib'));
if (values.folder === undefined && compile()) {
  rmSync(folder, { recursive: true });
  console.log(`one file each: ${PROGRAMS.map(program => join(out, `p2p-live-${program}`)).join(', ')}`);
} else {
  complete(deno);
  console.log(values.folder === undefined ? pack() : folder);
}

function build(): void {
  if (!values['no-build']) run('npm', ['run', '--silent', 'build:pages']);
  // Whether the types are right is `npm run check`'s business.
  run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json', '--noCheck']);
}

/** Puts together what the programs read. */
function stage(lib: string): void {
  const copy = (path: string) =>
    cpSync(join(ROOT, path), join(lib, path), {
      recursive: true,
      filter: from => !UNREAD.test(from.slice(ROOT.length)),
    });
  copy('package.json');
  copy('dist/programs');
  for (const file of readdirSync(join(ROOT, 'dist'))) if (/^p2p-.*\.(js|css)$/.test(file)) copy(`dist/${file}`);
  const needs = packageNeeds(ROOT, LEFT_OUT);
  for (const [path] of [...needs].filter(([, isNeeded]) => isNeeded)) {
    // Packages within packages are in the list as well, but what a package brings along that is none of npm's.
    const isOwn = (inside: string) => inside === path || !needs.has(inside);
    cpSync(join(ROOT, path), join(lib, path), {
      recursive: true,
      dereference: true,
      filter: from => isOwn(from.slice(ROOT.length)) && !UNREAD.test(from.slice(ROOT.length)),
    });
  }
}

/** Makes one file of each program; false where what they are made of can't be had. */
function compile(): boolean {
  const lib = join(folder, 'lib');
  const assets = readdirSync(join(lib, 'dist')).filter(file => file !== 'programs');
  const includes = assets.flatMap(file => ['--include', `dist/${file}`]);
  for (const program of PROGRAMS) {
    const file = join(out, `p2p-live-${program}`);
    const flags = [
      'compile',
      '--quiet',
      '-A',
      '--unstable-net',
      '--no-check',
      '--node-modules-dir=manual',
      '--output',
      file,
    ];
    const more = program === 'relay' ? includes : [];
    const made = spawnSync(deno!, [...flags, ...more, `dist/programs/${program}/main.js`], {
      cwd: lib,
      encoding: 'utf8',
      timeout: COMPILE_MS,
    });
    const works = made.status === 0 && spawnSync(file, ['--help']).status === 0;
    if (works) continue;
    const why = /error sending request.*|error: .*/.exec(made.stderr)?.[0] ?? made.stderr.slice(-300);
    console.log(`no single file here: deno compile says "${why.trim()}"`);
    for (const one of PROGRAMS) rmSync(join(out, `p2p-live-${one}`), { force: true });
    return false;
  }
  return true;
}

/** Adds the runtime, the launchers and the papers. */
function complete(runtime: string): void {
  copyFileSync(runtime, join(folder, 'lib/deno'));
  chmodSync(join(folder, 'lib/deno'), 0o755);
  for (const program of PROGRAMS) {
    const launcher = join(folder, `p2p-live-${program}`);
    copyFileSync(join(ROOT, 'relay/packaging/launcher.sh'), launcher);
    chmodSync(launcher, 0o755);
  }
  for (const paper of PAPERS.filter(paper => existsSync(join(ROOT, paper))))
    copyFileSync(join(ROOT, paper), join(folder, paper.slice(paper.lastIndexOf('/') + 1)));
}

function pack(): string {
  const archive = `${folder}.tar.gz`;
  run('tar', ['--use-compress-program', 'gzip -3', '-cf', archive, '-C', dirname(folder), name]);
  rmSync(folder, { recursive: true });
  return archive;
}

function run(command: string, args: readonly string[]): void {
  const { status } = spawnSync(command, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) fail(`${command} ${args.join(' ')} failed`);
}

function fail(why: string): never {
  console.error(`build:binary: ${why}`);
  process.exit(1);
}
