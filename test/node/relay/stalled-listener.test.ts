// A viewer over HTTP/3 that does not read messages: a bounded part is sent to it, it is told what it missed, and the others hear everything.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findDeno } from '../../../relay/run-under-deno.ts';

it('a WebTransport viewer that does not read messages costs no more than 1 MiB of them, and the write that reached it', async () => {
  const deno = findDeno(import.meta.url);
  assert.ok(deno, 'the npm package deno is not installed');
  const script = fileURLToPath(new URL('stalled-listener.deno.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(deno, ['run', '-A', '--unstable-net', '--no-prompt', script]);
  const result: { heardMb: number; toSlowMb: number; grownMb: number; goodMissed: number; slowMissed: number } =
    JSON.parse(stdout);
  process.stdout.write(`# ${stdout}`);
  assert.equal(result.goodMissed, 0);
  assert.ok(result.slowMissed > 1_000);
  assert.ok(result.toSlowMb < 1.5, `${result.toSlowMb} MB of ${result.heardMb} were sent to it`);
});
