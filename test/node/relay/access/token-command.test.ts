// `p2p-live-relay token` as a program, on both runtimes.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import test from 'node:test';
import { verifyAccess } from '../../../../relay/access/access.ts';
import { tokenCommand } from '../../../../relay/access/token-command.ts';

const KEY = 'a publish key of the token tests';
const environment = { P2P_LIVE_PUBLISH_KEY: KEY };
const asked = [
  '--channel',
  'room/demo/*',
  '--action',
  'publish',
  '--action',
  'enter',
  '--expires',
  '90s',
  '--user',
  'ada',
];

for (const [runtime, program, args] of [
  ['node', process.execPath, ['--import', 'tsx']],
  ['deno', 'node_modules/deno/deno', ['run', '--quiet', '-A']],
] as const) {
  test(`prints a token that the relay takes (${runtime})`, async () => {
    const { stdout, stderr, status } = spawnSync(program, [...args, 'relay/main.ts', 'token', ...asked], {
      env: { ...process.env, ...environment },
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    const now = Date.now();
    const request = { action: 'enter', channel: 'room/demo/ada', now } as const;
    const answer = await verifyAccess([KEY], stdout.trim(), request);
    assert.ok(answer.ok);
    assert.equal(answer.user, 'ada');
    assert.ok(answer.expiresAt - now > 80_000 && answer.expiresAt - now <= 91_000);
  });
}

test('publishing for an hour is what is meant when no more is said', async () => {
  const jwt = (await tokenCommand(['--channel', 'lecture'], environment)).trim();
  const answer = await verifyAccess([KEY], jwt, { action: 'publish', channel: 'lecture', now: Date.now() });
  assert.ok(answer.ok && answer.expiresAt - Date.now() > 3_590_000);
});

test('mistakes are told in one sentence', async () => {
  const says = (args: string[], message: RegExp) => assert.rejects(tokenCommand(args, environment), message);
  await says([], /--channel is missing/);
  await says(['--channel', 'a b'], /token: channels\.0: a channel, or all below a name/);
  await says(['--channel', 'a', '--action', 'rule'], /--action rule: publish, enter or view/);
  await says(['--channel', 'a', '--expires', 'soon'], /--expires soon: write it like 90s, 30m, 1h or 7d/);
  await says(['--channel', 'a', '--colour'], /token: Unknown option '--colour'/);
  await assert.rejects(
    tokenCommand(['--channel', 'a'], { P2P_LIVE_PUBLISH_KEY: 'too short' }),
    /at least 16 characters/,
  );
});
