import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeLine, type IngestOrder, type IngestReport } from '../../../core/ingest-orders.ts';
import type { Ingest, IngestOutcome } from '../../../ingest/ingest.ts';
import type { Source } from '../../../ingest/sources/source.ts';
import { type PullOptions, Supervised } from '../../../ingest/supervised.ts';
import { until } from '../../support/until.ts';
import { TestLog } from './fixtures.ts';

/** A supervised program whose ingests are told when to end. */
function supervised() {
  const log = new TestLog();
  const reports: IngestReport[] = [];
  const started: { options: PullOptions; stopped?: { unpublish?: boolean }; end(outcome: IngestOutcome): void }[] = [];
  const start = async (options: PullOptions): Promise<Ingest> => {
    let end: (outcome: IngestOutcome) => void = () => {};
    const done = new Promise<IngestOutcome>(resolve => {
      end = resolve;
    });
    const one: (typeof started)[number] = { options, end };
    started.push(one);
    const stop = async (how?: { unpublish?: boolean }) => {
      one.stopped = how ?? {};
    };
    return { done, stop, stats: undefined as never }; // nobody asks for them
  };
  const ready = async ({ source }: { source: string }, { signal }: { signal: AbortSignal }): Promise<Source> => {
    if (source.endsWith('/never')) await new Promise(resolve => signal.addEventListener('abort', resolve));
    if (source.endsWith('/wrong')) throw new Error('it is no media');
    return { name: source, async *open() {} };
  };
  const program = new Supervised({ ready, start, report: said => reports.push(said), log });
  return { program, log, reports, started, give: (order: IngestOrder) => program.take(encodeLine(order)) };
}

const pull = (id: number, channel = 'a', source = 'http://a.example/a.flv'): IngestOrder => {
  return { type: 'pull', id, channel, source, loop: true, key: 'the key' };
};

test('a pull is started as ordered, and its fate is told', async () => {
  const { give, started, reports } = supervised();
  give(pull(1));
  await until(() => started.length === 1, 'it starts');
  const { broke, source, ...options } = started[0]!.options;
  assert.deepEqual(options, { channel: 'a', publishKey: 'the key', loop: true });
  assert.ok(typeof source === 'object' && 'name' in source && source.name === 'http://a.example/a.flv');
  broke?.('it ended');
  started[0]!.end({ code: 'finished', reason: 'played' });
  give(pull(2, 'b'));
  await until(() => started.length === 2, 'the other starts');
  started[1]!.end({ code: 'refused', reason: 'wrong publish key' });
  give(pull(3, 'c', 'gopher://x'));
  give(pull(4, 'd', 'http://a.example/wrong'));
  await until(() => reports.length === 5, 'all is told');
  reports.sort((a, b) => ('id' in a && 'id' in b ? a.id - b.id : 0));
  assert.deepEqual(reports.slice(0, 3), [
    { type: 'broken', id: 1, reason: 'it ended' },
    { type: 'over', id: 1, finished: true, reason: 'played' },
    { type: 'over', id: 2, finished: false, reason: 'wrong publish key' },
  ]);
  assert.match(JSON.stringify(reports[3]), /"id":3,"finished":false,"reason":"gopher:\/\/ is not a source/);
  assert.deepEqual(reports[4], { type: 'over', id: 4, finished: false, reason: 'it is no media' });
  assert.equal(started.length, 2);
});

test('a channel is fed by one at a time: the next waits until the one before has ended', async () => {
  const { give, started, reports } = supervised();
  give(pull(1));
  give(pull(2, 'other'));
  await until(() => started.length === 2, 'both start');
  give({ type: 'drop', id: 1, unpublish: false });
  give(pull(3));
  await until(() => started[0]!.stopped !== undefined, 'the first is asked to end');
  assert.deepEqual(started[0]!.stopped, { unpublish: false });
  assert.equal(started.length, 2);
  started[0]!.end({ code: 'stopped', reason: 'stopped' });
  await until(() => started.length === 3, 'then the next starts');
  assert.deepEqual(reports, [], 'whoever ordered the end needs no news of it');
});

test('dropped before it has begun, or gives anything: it never does', async () => {
  const { give, started, program } = supervised();
  give(pull(1, 'b', 'http://a.example/never'));
  give(pull(3));
  give({ type: 'drop', id: 3, unpublish: true });
  give({ type: 'drop', id: 1, unpublish: true });
  give(pull(2));
  await until(() => started.length === 1, 'the second starts');
  started[0]!.end({ code: 'stopped', reason: 'stopped' });
  await program.close();
  assert.equal(started.length, 1);
});

test('who may push: keys of the relay, and of channels that have keys of their own', async () => {
  const { give, program, started } = supervised();
  assert.equal(program.encoders.mayPublish('a', 'the key'), false, 'nobody before it is told');
  give({ type: 'keys', keys: ['the key'], channels: [{ name: 'own/*', keys: ['own key'] }] });
  const may = (channel: string, key: string) => program.encoders.mayPublish(channel, key);
  assert.deepEqual([may('a', 'the key'), may('a', 'own key')], [true, false]);
  assert.deepEqual([may('own/a', 'the key'), may('own/a', 'own key')], [false, true]);
  const source = { name: 'encoder', async *open() {} };
  await program.encoders.start('own/a', source);
  await program.encoders.start('a', source);
  assert.deepEqual(
    started.map(({ options }) => options.publishKey),
    ['own key', 'the key'],
  );
  give({ type: 'keys', keys: ['another'], channels: [] });
  assert.deepEqual([may('a', 'the key'), may('own/a', 'another')], [false, true]);
});

test('a line that is no order is told, not obeyed, and not repeated', () => {
  const { program, log, started } = supervised();
  program.take('{"type":"pull","key":"secret"}');
  assert.ok(log.has(/no order/));
  assert.ok(!JSON.stringify(log.lines).includes('secret'));
  assert.equal(started.length, 0);
});
