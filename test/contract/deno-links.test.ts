// The link contract on Deno's WebSocket and HTTP/3 WebTransport: the cases run in a Deno process, and are told here one by one.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findDeno } from '../../relay/run-under-deno.ts';
import { LINK_CASES } from './link-contract.ts';
import type { CaseResult } from './run-cases.ts';

const TRANSPORTS = ['WebSocket on Deno', 'HTTP/3 WebTransport on Deno'];

async function results(): Promise<Map<string, CaseResult>> {
  const deno = findDeno(import.meta.url);
  assert.ok(deno, 'the npm package deno is not installed');
  const script = fileURLToPath(new URL('deno-links.ts', import.meta.url));
  const child = spawn(deno, ['run', '-A', '--unstable-net', '--no-prompt', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const found = new Map<string, CaseResult>();
  for await (const line of createInterface(child.stdout)) {
    const result: CaseResult & { transport: string } = JSON.parse(line);
    found.set(`${result.transport}: ${result.name}`, result);
  }
  assert.deepEqual(await exited, [0, null]);
  return found;
}

describe('link contract under Deno', () => {
  let pending: Promise<Map<string, CaseResult>> | undefined;
  for (const transport of TRANSPORTS) {
    for (const { name } of LINK_CASES) {
      it(`${transport}: ${name}`, async test => {
        pending ??= results();
        const result = (await pending).get(`${transport}: ${name}`);
        assert.ok(result, 'the Deno process said nothing about it');
        if (result.skipped) test.skip(result.skipped);
        else if (result.error) assert.fail(result.error);
      });
    }
  }
});
