// Viewers who meet by way of a TURN server only: real Chromium, real coturn.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openPage, type TestPage } from '../support/browser.ts';
import { openStage, type Stage } from '../support/engine-stage.ts';
import { startTurnServer, type TurnServer } from '../support/turn-server.ts';

/** What became of two viewers. */
interface Meeting {
  readonly ends: readonly string[];
  readonly arrived: number;
  /** Candidates that the asker has named, as JSON. */
  readonly candidates: readonly string[];
}

let stage: Stage;
let turn: TurnServer;
let tab: TestPage;

before(async () => {
  [stage, turn] = await Promise.all([openStage(), startTurnServer()]);
  tab = await openPage(`${stage.url}/test/support/turn-page.html`);
  await tab.page.waitForFunction('"meet" in globalThis');
});
after(async () => {
  await tab?.close();
  await turn?.stop();
  await stage?.close();
});

function meet(iceServers: RTCIceServer[], chunks = 100): Promise<Meeting> {
  return tab.page.evaluate(
    (servers, count) => {
      // turn-page.html puts it there.
      const { meet } = globalThis as unknown as { meet(servers: RTCIceServer[], chunks: number): Promise<Meeting> };
      return meet(servers, count);
    },
    iceServers,
    chunks,
  );
}

test('chunks pass through the TURN server, and no address is told but its own', async () => {
  const { ends, arrived, candidates } = await meet([{ urls: turn.url, username: 'viewer', credential: 'secret' }]);
  assert.deepEqual({ ends, arrived }, { ends: [], arrived: 100 });
  assert.ok(candidates.length > 0);
  for (const candidate of candidates) assert.match(candidate, / typ relay raddr 0\.0\.0\.0 /);
  assert.match(turn.log, /ALLOCATE processed, success/);
});

test('a wrong password fails, and the reason names it', async () => {
  const { ends, arrived } = await meet([{ urls: turn.url, username: 'viewer', credential: 'wrong' }]);
  assert.equal(arrived, 0);
  assert.equal(ends.length, 1);
  assert.match(ends[0]!, /^failed 2: no candidate.*turn:127\.0\.0\.1.* 401/);
});

test('no credentials at all fail at once, and the reason names them', async () => {
  const { ends, arrived } = await meet([{ urls: turn.url }]);
  assert.equal(arrived, 0);
  assert.equal(ends.length, 1);
  assert.match(ends[0]!, /^failed 2: .*username.*credential/i);
});
