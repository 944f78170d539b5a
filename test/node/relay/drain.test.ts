// A relay that drains: nobody new is taken, who is there stays.

import assert from 'node:assert/strict';
import test from 'node:test';
import { CloseCode } from '../../../core/link.ts';
import { WIRE_VERSION } from '../../../core/wire/codec.ts';
import * as wire from '../../../core/wire/index.ts';
import { spreadOf } from '../../../relay/drain.ts';
import { overWebSocket, publisher, signerOf, testRelay } from './fixtures.ts';

test('whoever comes is sent away for a while, who is there watches on, and then all is as before', async () => {
  const relay = await testRelay();
  const source = await publisher(relay, 'a', await signerOf(1));
  const { party: early } = await overWebSocket(relay);
  early.send(wire.subscribe, { version: WIRE_VERSION, channel: 'a' });
  await early.getsChunk(await source.group(1));
  const health = async () => {
    const response = await fetch(`${relay.url}/health`);
    return [response.status, (await response.json()).status];
  };
  assert.deepEqual(await health(), [200, 'ok']);

  relay.drain.begin('nobody new');
  assert.deepEqual(await health(), [503, 'draining']);
  const { party: late } = await overWebSocket(relay);
  const { retryAfterMs, reason } = await late.gets(wire.goaway);
  assert.equal(reason, 'nobody new');
  assert.ok(retryAfterMs >= 1_500 && retryAfterMs <= 3_000, `${retryAfterMs} ms`);
  assert.equal((await late.ends()).code, CloseCode.goingAway);
  await early.getsChunk(await source.group(2));
  assert.deepEqual(early.all(wire.goaway), []);

  relay.drain.end();
  assert.deepEqual(await health(), [200, 'ok']);
  const { party: again } = await overWebSocket(relay);
  again.send(wire.subscribe, { version: WIRE_VERSION, channel: 'a' });
  await again.getsChunk(await source.group(1));
});

test('a thousand viewers a second come back, and all within 4 s', () => {
  assert.equal(spreadOf(1), 1);
  assert.equal(spreadOf(2_000), 2_000);
  assert.equal(spreadOf(100_000), 4_000);
});
