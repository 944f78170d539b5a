// A viewer over HTTP/3 that stops reading: little is sent to it, the others play on, and it comes back at the newest group.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findDeno } from '../../../relay/run-under-deno.ts';

it('a WebTransport viewer that stops reading costs no more than its budget', async () => {
  const deno = findDeno(import.meta.url);
  assert.ok(deno, 'the npm package deno is not installed');
  const script = fileURLToPath(new URL('stalled-viewer.deno.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(deno, ['run', '-A', '--unstable-net', '--no-prompt', script]);
  const result: { sentMb: number; toSlowMb: number; grownMb: number; goodSkips: number; slowSkips: number } =
    JSON.parse(stdout);
  assert.equal(result.goodSkips, 0);
  assert.ok(result.slowSkips > 0);
  assert.ok(result.toSlowMb < 8, `${result.toSlowMb} MB were sent to it`);
  // The window keeps what was sent once; publisher and garbage of the same process are in the figure.
  assert.ok(result.grownMb < 6 * result.sentMb, `${result.grownMb} MB more for a stream of ${result.sentMb} MB`);
});
