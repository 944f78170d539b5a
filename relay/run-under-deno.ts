// Runs the relay again under Deno, whose HTTP/3 WebTransport is built in.

import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Signals that are passed on. */
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR2'] as const;

/** The path of Deno's binary, if the npm package `deno` is installed near `base` (a file URL). */
export function findDeno(base: string): string | undefined {
  const require = createRequire(base);
  try {
    const folder = dirname(require.resolve('deno/package.json'));
    const packages = createRequire(join(folder, 'package.json'));
    const platform = `${process.platform}-${process.arch}`;
    for (const suffix of ['', '-glibc']) {
      try {
        const file = process.platform === 'win32' ? 'deno.exe' : 'deno';
        return packages.resolve(`@deno/${platform}${suffix}/${file}`);
      } catch {
        // not the package of this platform
      }
    }
  } catch {
    // not installed
  }
  return undefined;
}

/** Runs a module under Deno with these arguments and settles with its exit code; undefined when there is no Deno. */
export function runUnderDeno(moduleUrl: string, args: readonly string[]): Promise<number> | undefined {
  const deno = findDeno(moduleUrl);
  if (!deno) return undefined;
  const child = spawn(deno, ['run', '-A', '--unstable-net', '--no-prompt', fileURLToPath(moduleUrl), ...args], {
    stdio: 'inherit',
  });
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
  process.on('exit', () => child.kill('SIGKILL'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', code => resolve(code ?? 1));
  });
}
