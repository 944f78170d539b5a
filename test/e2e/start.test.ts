// `npm start`, as a newcomer runs it: the demo page plays at once, one's own stream too, and mistakes get one clear sentence.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { freePort } from '../support/free-port.ts';
import { httpSource } from '../support/live-source.ts';
import { Program } from '../support/program.ts';
import { until } from '../support/until.ts';
import { Viewer } from '../support/viewer.ts';

const programs: Program[] = [];
const start = (...args: string[]): Program => startWith({}, ...args);
const startWith = (env: Record<string, string>, ...args: string[]): Program => {
  const program = new Program(process.execPath, ['demo/start.mjs', ...args], { env });
  programs.push(program);
  return program;
};
after(async () => {
  for (const program of programs) await program.stop();
});

test('the sample channel and a stream of one’s own play on the demo page', async t => {
  const own = await httpSource('flv');
  const port = await freePort();
  const server = start('--port', `${port}`, '--source', own.source, '--name', 'lecture');
  try {
    await server.says(/http:\/\/localhost:\d+/);
    await server.says(/--source/, 1_000);
    for (const name of ['sample', 'lecture']) {
      const viewer = await Viewer.open(`http://localhost:${port}/?name=${name}`);
      try {
        await viewer.playsOverWebTransport();
        const sight = await viewer.plays(50);
        t.diagnostic(`${name}: ${await viewer.medianPictureLatency()} ms glass to glass over ${sight.stats.transport}`);
        assert.equal(sight.stats.transport, 'webtransport');
        assert.deepEqual(viewer.tab.complaints, []);
        await viewer.screenshot(`demo-${name}`);
      } finally {
        await viewer.close();
      }
    }
  } finally {
    await own.kill();
    assert.equal(await server.stop('SIGTERM'), 0, server.output);
  }
});

test('without ffmpeg, and on Node: the clip that the repository made is looped as live', async t => {
  const port = await freePort();
  const server = startWith({ PATH: '' }, '--port', `${port}`, '--runtime', 'node');
  try {
    await server.says(/http:\/\/localhost:\d+/);
    const viewer = await Viewer.open(`http://localhost:${port}/`);
    try {
      const before = await viewer.plays(50);
      assert.equal(before.stats.transport, 'websocket');
      // The clip lasts 12 s: beyond that it is the next round.
      await until(async () => (await viewer.look()).currentTime > 14, 'the clip starts over', 30_000);
      const { stats, state } = await viewer.plays(25);
      t.diagnostic(`after a round: ${JSON.stringify(stats)}`);
      assert.ok(Number(stats.epochs) > 1, 'a new round is a new epoch');
      assert.equal(state, 'playing');
      assert.deepEqual(viewer.tab.complaints, []);
    } finally {
      await viewer.close();
    }
  } finally {
    assert.equal(await server.stop('SIGINT'), 0, server.output);
  }
});

test('a port in use: one sentence, exit code 1', async () => {
  const busy = createServer();
  await new Promise<void>(resolve => busy.listen(0, '0.0.0.0', resolve));
  const { port } = busy.address() as AddressInfo; // a TCP server's address is an object
  try {
    const program = start('--port', `${port}`);
    assert.equal(await program.ended, 1);
    assert.match(program.output, new RegExp(`port ${port} is (already )?in use`, 'i'));
    assert.ok(program.output.trim().split('\n').length <= 2, program.output);
  } finally {
    await new Promise(resolve => busy.close(resolve));
  }
});

for (const [what, args, says] of [
  ['a missing source file', ['--source', '/nowhere/live.flv', '--name', 'lecture'], /\/nowhere\/live\.flv/],
  ['a wrong name', ['--source', 'http://127.0.0.1:9/x.flv', '--name', '../lecture'], /no segment "\.\."/],
  ['a name without a source', ['--name', 'lecture'], /--source/],
  ['an unknown option', ['--sauce', 'x'], /--sauce/],
] as const) {
  test(`${what}: one sentence, exit code 1`, async () => {
    const program = start('--port', `${await freePort()}`, ...args);
    assert.equal(await program.ended, 1);
    assert.match(program.output, says);
    assert.ok(program.output.trim().split('\n').length <= 2, program.output);
  });
}
