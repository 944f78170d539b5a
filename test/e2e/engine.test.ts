// The engine in real Chromium, fed by a relay that misbehaves on demand.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import type { Chunk } from '../../core/chunk.ts';
import { FlvChunker } from '../../core/media/flv/flv-chunker.ts';
import { onPath } from '../../demo/find-program.mjs';
import { testPictureArguments } from '../../demo/test-picture.ts';
import { EngineViewer, openStage, type Stage } from '../support/engine-stage.ts';
import { TEST_PICTURE } from '../support/live-source.ts';
import { TinyRelay } from '../support/tiny-relay.ts';

describe('the engine in Chromium', { timeout: 180_000 }, () => {
  let stage: Stage;
  let relay: TinyRelay;
  let encoder: ChildProcess;
  let viewer: EngineViewer | undefined;

  before(async () => {
    stage = await openStage();
    relay = new TinyRelay('demo');
    await relay.start();
    encode();
  });

  after(async () => {
    encoder.kill('SIGKILL');
    await viewer?.close();
    await relay.stop();
    await stage.close();
  });

  function encode(): void {
    const ffmpeg = onPath('ffmpeg');
    assert.ok(ffmpeg, 'no ffmpeg on PATH');
    encoder = spawn(ffmpeg, [...testPictureArguments(TEST_PICTURE), '-f', 'flv', 'pipe:1'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    void relay.publish(encoder.stdout!, new FlvChunker()); // piped above
  }

  async function open(options: Record<string, string> = {}): Promise<EngineViewer> {
    await viewer?.close();
    viewer = await EngineViewer.open(stage, { relay: relay.url, name: 'demo', ...options });
    return viewer;
  }

  for (const worker of ['auto', 'off']) {
    it(`plays picture and sound close to live, ${worker === 'auto' ? 'in a worker' : 'on the page'}`, async () => {
      const tab = await open({ worker });
      const first = await tab.sees('it plays', ({ state, frames }) => state === 'playing' && frames > 10);
      const later = await tab.sees('frames and sound advance', ({ frames }) => frames > first.frames + 75);
      assert.ok(later.audioBytes > first.audioBytes, 'audio is decoded');
      assert.ok(later.stats.latency !== null && later.stats.latency < 2, `latency ${later.stats.latency}`);
      assert.equal(later.stats.inWorker, worker === 'auto');
      assert.equal(later.stats.transport, 'websocket');
      assert.equal(later.stats.stalls, 0);
      assert.match(later.stats.videoCodec ?? '', /^avc1\./);
      assert.equal(later.stats.audioCodec, 'mp4a.40.2');
      assert.deepEqual(tab.tab.complaints, []);
    });
  }

  it('never plays a forged chunk', async () => {
    const tab = await open();
    await tab.sees('it plays', ({ state, frames }) => state === 'playing' && frames > 10);
    let forged = 0;
    relay.fault = chunk => {
      if (chunk.header.sequence % 40 !== 7 || chunk.payload.length === 0) return chunk;
      forged++;
      return forge(chunk);
    };
    const sight = await tab.sees('some are rejected', ({ stats }) => stats.rejectedChunks >= 3 && forged >= 3);
    relay.fault = chunk => chunk;
    assert.ok(sight.stats.gaps >= 1, 'what was forged is missing');
    const { frames } = await tab.sight();
    await tab.sees('it plays on', sight => sight.state === 'playing' && sight.frames > frames + 25);
  });

  it('steps over what was lost on the way', async () => {
    const tab = await open();
    await tab.sees('it plays', ({ state, frames }) => state === 'playing' && frames > 10);
    const until = Date.now() + 1_500;
    relay.fault = chunk => (Date.now() < until ? undefined : chunk);
    const { frames } = await tab.sees('a gap is told', ({ stats }) => stats.gaps >= 1);
    relay.fault = chunk => chunk;
    await tab.sees('it plays on', sight => sight.state === 'playing' && sight.frames > frames + 50);
  });

  it('goes on within 5 s after the relay was killed and came back, on the same MediaSource', async () => {
    const tab = await open();
    await tab.sees('it plays', ({ state, frames }) => state === 'playing' && frames > 10);
    await relay.stop();
    await tab.sees('it runs dry and reconnects', ({ state }) => state === 'connecting');
    await relay.start();
    const { frames } = await tab.sight();
    const again = await tab.sees(
      'it plays again',
      sight => sight.state === 'playing' && sight.frames > frames + 10,
      5_000,
    );
    assert.ok(again.stats.reconnects >= 1);
    assert.equal(again.log.filter(line => line.includes('loadedmetadata')).length, 1);
    await tab.sees('it is close to live', ({ stats }) => stats.latency !== null && stats.latency < 2);
  });

  it('goes on in a new epoch after the source was restarted', async () => {
    const tab = await open();
    const before = await tab.sees('it plays', ({ state, frames }) => state === 'playing' && frames > 10);
    encoder.kill('SIGKILL');
    relay.newEpoch();
    encode();
    const { frames } = await tab.sees('a new epoch', ({ stats }) => stats.epochs > before.stats.epochs);
    const again = await tab.sees('it plays', sight => sight.state === 'playing' && sight.frames > frames + 50);
    assert.ok(again.stats.latency !== null && again.stats.latency < 2.5, `latency ${again.stats.latency}`);
  });

  it('tells when the broadcast waits, ends and begins anew', async () => {
    const tab = await open();
    await tab.sees('it plays', ({ state, frames }) => state === 'playing' && frames > 10);
    relay.fault = () => undefined;
    encoder.kill('SIGKILL');
    await new Promise(resolve => encoder.once('close', resolve));
    relay.setState('waiting');
    await tab.sees('it waits', ({ state }) => state === 'waiting');
    relay.setState('ended');
    await tab.sees(
      'it has ended',
      ({ state, log }) => state === 'ended' && log.some(line => line.includes('video ended')),
    );
    relay.fault = chunk => chunk;
    relay.newEpoch();
    encode();
    await tab.sees('it plays again', sight => sight.state === 'playing' && sight.currentTime > 1);
  });

  it('says why it fails: a bad name, a refusal', async () => {
    const bad = await open({ name: 'a/../b' });
    assert.equal((await bad.sees('it fails', ({ state }) => state === 'failed')).error, 'bad-name');
    const refused = await open({ name: 'other' });
    assert.ok(await refused.sees('it keeps trying', ({ state }) => state === 'connecting'));
  });
});

/** The chunk with one bit of its payload turned. */
function forge(chunk: Chunk): Chunk {
  const bytes = chunk.bytes.slice();
  bytes[bytes.length - 1]! ^= 1;
  return { ...chunk, bytes, payload: bytes.subarray(bytes.length - chunk.payload.length) };
}
