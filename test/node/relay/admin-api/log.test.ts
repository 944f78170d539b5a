// The relay's log from afar: the newest lines, and those to come.

import assert from 'node:assert/strict';
import test from 'node:test';
import type { AdminLogLine } from '../../../../core/admin/answers.ts';
import { LogTail } from '../../../../relay/figures/log-tail.ts';
import { createLog } from '../../../../relay/log.ts';
import { until } from '../../../support/until.ts';
import { ADMIN_TOKEN, operatedRelay } from './stage.ts';

test('keeps the last 500 lines, and of a long one its message', () => {
  const tail = new LogTail();
  for (let i = 0; i < 700; i++)
    tail.write(JSON.stringify({ level: 30, time: '2026-11-21T19:00:00.000Z', msg: `${i}` }));
  const lines = tail.last(10_000);
  assert.deepEqual([lines.length, lines[0]?.message, lines.at(-1)?.message], [500, '200', '699']);
  assert.deepEqual(
    tail.last(2).map(({ number }) => number),
    [699, 700],
  );
  assert.deepEqual(tail.last(0), []);
  tail.write(JSON.stringify({ level: 50, time: 17, msg: 'long', more: 'x'.repeat(10_000) }));
  assert.deepEqual(tail.last(1), [{ number: 701, at: 17, level: 'error', message: 'long', data: { cut: true } }]);
  tail.write('this is no JSON');
  assert.equal(tail.last(1)[0]?.number, 701);
});

test('the log tells its reader what it writes, and nothing below its level', t => {
  const tail = new LogTail();
  const log = createLog('warn', tail);
  log.info('too low');
  log.warn({ channel: 'a' }, 'a line for the test');
  log.level = 'silent';
  log.error('silenced');
  const [line, ...more] = tail.last(9);
  assert.deepEqual(more, []);
  assert.deepEqual([line?.level, line?.message, line?.data], ['warn', 'a line for the test', { channel: 'a' }]);
  t.diagnostic('one line above is of this test');
});

test('tells lines as they come, until its reader leaves', async () => {
  const { relay, get } = await operatedRelay({ logLevel: 'error' });
  const leave = new AbortController();
  const response = await fetch(`${relay.url}/admin/api/log/stream`, {
    headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
    signal: leave.signal,
  });
  assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
  let text = '';
  const decoder = new TextDecoder();
  const append = (part: Uint8Array) => void (text += decoder.decode(part, { stream: true }));
  const reading = response.body?.pipeTo(new WritableStream({ write: append })).catch(() => {}); // it ends with the wish to leave
  await until(() => text.includes(': the log'), 'the stream is open');
  relay.log.error({ channel: 'lecture' }, 'for the reader of the log');
  await until(() => text.includes('for the reader of the log'), 'the line comes');
  const line: AdminLogLine = JSON.parse(/data: (.*)/.exec(text)![1]!);
  assert.deepEqual([line.level, line.data], ['error', { channel: 'lecture' }]);
  assert.deepEqual(await get('log?lines=1'), [line]);
  const again = await fetch(`${relay.url}/admin/api/log/stream`, {
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'last-event-id': `${line.number - 1}` },
    signal: leave.signal,
  });
  const reader = again.body!.getReader();
  let missed = '';
  while (!missed.includes('for the reader of the log')) missed += decoder.decode((await reader.read()).value);
  leave.abort();
  await reading;
});
