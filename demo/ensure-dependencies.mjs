// Installs the npm packages when they are missing or older than the lock file, so that each command works from a fresh clone.

import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';

/** Runs `npm ci` in the working directory when needed; ends the process with one sentence when that fails. */
export function ensureDependencies() {
  const installed = 'node_modules/.package-lock.json';
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync('package-lock.json').mtimeMs) return;
  // A checkout gives every file the time of the checkout: the versions decide, not the clock alone.
  if (existsSync(installed) && spawnSync('npm', ['ls', '--silent'], { stdio: 'ignore' }).status === 0) return;
  console.log('Installing packages (npm ci) …');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { stdio: 'inherit' });
  if (status !== 0) {
    console.error('npm ci failed: the packages could not be installed; its own message is above.');
    process.exit(1);
  }
}
