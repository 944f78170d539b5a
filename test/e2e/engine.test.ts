// The engine in real Chromium, fed by a relay that misbehaves on demand.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import type { Chunk } from '../../core/chunk.ts';
import type { Chunker } from '../../core/media/chunker.ts';
import { FlvChunker } from '../../core/media/flv/flv-chunker.ts';
import { TsChunker } from '../../core/media/mpeg-ts/ts-chunker.ts';
import { onPath } from '../../demo/find-program.mjs';
import { testPictureArguments } from '../../demo/test-picture.ts';
import { type EngineSight, EngineViewer, openStage, type Stage } from '../support/engine-stage.ts';
import { TEST_PICTURE } from '../support/live-source.ts';
import { TinyRelay } from '../support/tiny-relay.ts';

const PICTURE = testPictureArguments(TEST_PICTURE);

/** A picture without sound. */
const SILENT = [
  ...['-loglevel', 'error', '-re', '-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=25', '-pix_fmt', 'yuv420p'],
  ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '25', '-flush_packets', '1'],
];

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
    await stopEncoder();
    await viewer?.close();
    await relay.stop();
    await stage.close();
  });

  function encode(output: readonly string[] = [], input = PICTURE, chunker: Chunker = new FlvChunker()): void {
    const ffmpeg = onPath('ffmpeg');
    assert.ok(ffmpeg, 'no ffmpeg on PATH');
    const format = chunker.container === 'flv' ? 'flv' : 'mpegts';
    encoder = spawn(ffmpeg, [...input, ...output, '-f', format, 'pipe:1'], { stdio: ['ignore', 'pipe', 'inherit'] });
    void relay.publish(encoder.stdout!, chunker); // piped above
  }

  /** Ends the source and starts another in its place. */
  async function restart(output?: readonly string[], input?: string[], chunker?: Chunker): Promise<void> {
    await stopEncoder();
    relay.newEpoch();
    encode(output, input, chunker);
  }

  async function stopEncoder(): Promise<void> {
    encoder.kill('SIGKILL');
    if (encoder.exitCode === null && encoder.signalCode === null) {
      await new Promise(resolve => encoder.once('close', resolve));
    }
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
    assert.equal(sources(again), 1);
    await tab.sees('it is close to live', ({ stats }) => stats.latency !== null && stats.latency < 2);
  });

  it('goes on in a new epoch after the source was restarted, also in another size', async () => {
    const tab = await open();
    const before = await tab.sees('it plays', ({ state, frames }) => state === 'playing' && frames > 10);
    await restart([], testPictureArguments({ ...TEST_PICTURE, width: 426, height: 240 }));
    const { frames } = await tab.sees('a new epoch', ({ stats }) => stats.epochs > before.stats.epochs);
    const again = await tab.sees('it plays', sight => sight.state === 'playing' && sight.frames > frames + 50);
    assert.ok(again.stats.latency !== null && again.stats.latency < 2.5, `latency ${again.stats.latency}`);
    assert.equal(await tab.tab.page.$eval('video', video => video.videoWidth), 426);
    assert.equal(sources(again), 1, 'on the same MediaSource');
  });

  it('goes on when the source turns from FLV to TS and back', async () => {
    const tab = await open();
    await tab.sees('it plays FLV', sight => plays(sight, 10));
    await restart([], PICTURE, new TsChunker());
    const ts = await tab.sees(
      'it plays TS',
      sight => sight.stats.epochs === 2 && plays(sight, 10) && sight.stats.latency! < 1.5,
    );
    await tab.sees('frames advance', sight => plays(sight, ts.frames + 50) && sight.audioBytes > ts.audioBytes);
    await restart();
    const flv = await tab.sees('it plays FLV', sight => sight.stats.epochs === 3 && plays(sight, 10));
    const last = await tab.sees('frames advance', sight => plays(sight, flv.frames + 50));
    assert.ok(!last.log.some(line => line.includes('warning')), last.log.join('\n'));
  });

  it('plays on a page that is no secure context: neither WebCrypto nor WebTransport', async () => {
    await viewer?.close();
    const insecure = { ...stage, url: stage.url.replace('localhost', 'viewer.test') };
    const url = relay.url.replace('127.0.0.1', 'relay.test');
    viewer = await EngineViewer.open(insecure, { relay: url, name: 'demo' }, [
      '--host-resolver-rules=MAP viewer.test 127.0.0.1, MAP relay.test 127.0.0.1',
    ]);
    const sight = await viewer.sees('it plays', sight => plays(sight, 50));
    assert.equal(await viewer.tab.page.evaluate('isSecureContext'), false);
    assert.equal(sight.stats.rejectedChunks, 0);
    assert.deepEqual(viewer.tab.complaints, []);
  });

  it('plays on when the sound goes away and comes back', async () => {
    const tab = await open();
    await tab.sees('it plays', ({ state, frames }) => state === 'playing' && frames > 10);
    await restart([], SILENT);
    const mute = await tab.sees('without sound', sight => sources(sight) === 2 && plays(sight, 50), 20_000);
    await restart();
    await tab.sees('with sound', sight => sources(sight) === 3 && sight.audioBytes > 9_000 && plays(sight, 50), 20_000);
    assert.equal(mute.error, null);
  });

  it('plays MP3, and the picture alone when the sound is Nellymoser', async () => {
    await restart(['-c:a', 'libmp3lame', '-ar', '44100']);
    const mp3 = await open();
    const sight = await mp3.sees('MP3 is heard', sight => plays(sight, 25) && sight.audioBytes > 5_000);
    assert.equal(sight.stats.audioCodec, 'mp4a.6B');
    await restart(['-c:a', 'nellymoser', '-ar', '22050', '-ac', '1']);
    const silent = await open();
    const { log } = await silent.sees('the picture moves', sight => plays(sight, 25));
    assert.ok(
      log.some(line => /warning unsupported-codec .*Nellymoser/.test(line)),
      log.join('\n'),
    );
    await restart();
  });

  it('names a picture that no browser plays', async () => {
    await restart(['-c:v', 'flv', '-profile:v', '-99']);
    const tab = await open();
    const { log } = await tab.sees('it fails', ({ error }) => error === 'unsupported-codec');
    assert.ok(
      log.some(line => /error unsupported-codec .*H\.263/.test(line)),
      log.join('\n'),
    );
    await restart();
  });

  it('takes the WebSocket when WebTransport leads nowhere', async () => {
    relay.promisesWebTransport = true;
    const tab = await open();
    const { stats } = await tab.sees('it plays', sight => plays(sight, 10));
    relay.promisesWebTransport = false;
    assert.equal(stats.transport, 'websocket');
    assert.ok(stats.firstFrameMs !== null && stats.firstFrameMs < 3_000, `first frame after ${stats.firstFrameMs} ms`);
  });

  it('tells when the broadcast waits, ends and begins anew', async () => {
    const tab = await open();
    await tab.sees('it plays', ({ state, frames }) => state === 'playing' && frames > 10);
    await stopEncoder();
    relay.setState('waiting');
    await tab.sees('it waits', ({ state }) => state === 'waiting');
    relay.setState('ended');
    await tab.sees(
      'it has ended',
      ({ state, log }) => state === 'ended' && log.some(line => line.includes('video ended')),
    );
    relay.newEpoch();
    encode();
    await tab.sees('it plays again', sight => sight.state === 'playing' && sight.currentTime > 1);
  });

  it('leaves a paused video alone, goes on where it was, and is live again when asked', async () => {
    const tab = await open();
    await tab.sees('it plays', sight => plays(sight, 10));
    await tab.tab.page.$eval('video', video => video.pause());
    const { currentTime } = await tab.sight();
    const stood = await tab.sees('5 s have come', ({ stats }) => stats.buffer > 5);
    assert.ok(Math.abs(stood.currentTime - currentTime) < 0.1);
    assert.equal(stood.stats.stalls, 0);
    await tab.tab.page.$eval('video', video => video.play());
    const on = await tab.sees('it goes on', sight => sight.currentTime > currentTime + 0.5);
    assert.ok(on.currentTime < currentTime + 3 && on.stats.jumps === stood.stats.jumps);
    await tab.tab.page.evaluate('player.seekToLive()');
    const live = await tab.sees('it is live', ({ stats }) => stats.latency !== null && stats.latency < 2, 2_000);
    assert.ok(live.currentTime > currentTime + 3);
  });

  it('releases everything when stopped, and starts again', async () => {
    const tab = await open();
    await tab.sees('it plays', sight => plays(sight, 10));
    await tab.tab.page.evaluate('player.stop()');
    const stopped = await tab.sight();
    assert.equal(stopped.state, 'idle');
    assert.equal(stopped.buffered, '');
    await tab.sees('the relay has nobody', () => relay.viewers === 0);
    await tab.tab.page.evaluate('player.start()');
    await tab.sees('it plays again', sight => plays(sight, 10));
    assert.deepEqual(tab.tab.complaints, []);
  });

  it('says why it fails: a bad name, a refusal', async () => {
    const bad = await open({ name: 'a/../b' });
    assert.equal((await bad.sees('it fails', ({ state }) => state === 'failed')).error, 'bad-name');
    const refused = await open({ name: 'other' });
    assert.equal((await refused.sees('it fails', ({ state }) => state === 'failed')).error, 'not-allowed');
  });
});

const sources = ({ log }: EngineSight) => log.filter(line => line.includes('loadedmetadata')).length;
const plays = ({ state, frames }: EngineSight, least: number) => state === 'playing' && frames > least;

/** The chunk with one bit of its payload turned. */
function forge(chunk: Chunk): Chunk {
  const bytes = chunk.bytes.slice();
  bytes[bytes.length - 1]! ^= 1;
  return { ...chunk, bytes, payload: bytes.subarray(bytes.length - chunk.payload.length) };
}
