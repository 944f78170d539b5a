// Completes package-lock.json with the platform packages that a registry mirror left out, so that `npm ci` accepts it everywhere.
// An npm that can't see a package of another platform writes a lock that it then refuses itself. Run it after `npm install`.

import { readFileSync, writeFileSync } from 'node:fs';

const CPUS = ['arm64', 'x64', 'ia32', 'arm', 'loong64', 'ppc64', 'riscv64', 's390x', 'wasm32', 'mips64el'];
const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32', 'aix'];

const path = process.argv[2] ?? 'package-lock.json';
const lock = JSON.parse(readFileSync(path, 'utf8'));
let added = 0;
for (const [place, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const known = `${place}/node_modules/${name}` in lock.packages || `node_modules/${name}` in lock.packages;
    const words = name.split(/[/-]/);
    const os = SYSTEMS.find(system => words.includes(system));
    const cpu = CPUS.find(one => words.includes(one));
    if (known || place === '' || !/^\d/.test(version) || !os) continue;
    lock.packages[`node_modules/${name}`] = {
      version,
      ...(cpu && { cpu: [cpu] }),
      ...(entry.dev && { dev: true }),
      ...(os === 'linux' && /musl/.test(name) && { libc: ['musl'] }),
      ...(os === 'linux' && /gnu|glibc/.test(name) && { libc: ['glibc'] }),
      optional: true,
      os: [os],
    };
    added++;
  }
}
const sorted = Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1));
lock.packages = Object.fromEntries(sorted);
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} platform packages added to ${path}`);
