// A source that dies, freezes, changes or jumps back in time: the channel recovers by itself in a Chromium that plays on, and the test says how soon.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { after, before, describe, type TestContext, test } from 'node:test';
import { testPictureArguments } from '../../demo/test-picture.ts';
import { freePort } from '../support/free-port.ts';
import { type LegacyServer, startLegacyServer } from '../support/legacy-server.ts';
import { TEST_PICTURE } from '../support/live-source.ts';
import { Program } from '../support/program.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { until } from '../support/until.ts';
import { Viewer } from '../support/viewer.ts';

const PICTURE = { ...TEST_PICTURE, width: 320, height: 180, bitrate: 300_000 };

let stack: Stack;
let legacy: LegacyServer;
const encoders: Program[] = [];

before(async () => {
  [stack, legacy] = await Promise.all([startStack(), startLegacyServer()]);
});
after(async () => {
  await Promise.all(encoders.map(encoder => encoder.stop('SIGKILL')));
  await Promise.all([stack?.stop(), legacy?.stop()]);
});

function encode(output: readonly string[], picture = PICTURE): Program {
  const encoder = new Program('ffmpeg', [...testPictureArguments(picture), ...output]);
  encoders.push(encoder);
  return encoder;
}

/** Waits until the picture stands still. */
async function stops(viewer: Viewer): Promise<void> {
  await until(async () => (await viewer.look()).state !== 'playing', 'the picture runs out', 15_000);
}

/** Seconds until the picture goes on, from now; also waits for `also`. */
async function recovers(t: TestContext, viewer: Viewer, what: string, also = async () => true): Promise<void> {
  const from = performance.now();
  await viewer.plays(10, 20_000);
  await until(also, `${what}: what has changed is seen`, 15_000);
  const seconds = (performance.now() - from) / 1_000;
  t.diagnostic(`${what}: plays again after ${seconds.toFixed(1)} s`);
  assert.ok(seconds < 8, `${what}: ${seconds} s`);
  await viewer.plays(50);
}

/** The ffmpeg that an ingester has started, directly or not. */
function ffmpegOf(ingest: Program): number {
  const parents = new Map<number, number>();
  const names = new Map<number, string>();
  for (const entry of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
    try {
      const [, name = '', rest = ''] = /\((.*)\) \S (.*)$/s.exec(readFileSync(`/proc/${entry}/stat`, 'utf8')) ?? [];
      parents.set(Number(entry), Number(rest.split(' ')[0]));
      names.set(Number(entry), name);
    } catch {
      // it has ended
    }
  }
  const within = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && (parent === ingest.child.pid || within(parent));
  };
  const found = [...names].find(([pid, name]) => name === 'ffmpeg' && within(pid));
  if (!found) throw new Error(`no ffmpeg below the ingester, which said:\n${ingest.output}`);
  return found[0];
}

const widthOf = (viewer: Viewer): Promise<number> =>
  viewer.tab.page.evaluate(
    () => document.querySelector('p2p-live')?.shadowRoot?.querySelector('video')?.videoWidth ?? 0,
  );

const epochsOf = async (viewer: Viewer): Promise<number> => Number((await viewer.look()).stats.epochs);

describe('recovery', { concurrency: true }, () => {
  // Nothing tells that a sender of datagrams has gone: what comes next simply is something else.
  test('MPEG-TS over UDP: killed, paused, other parameters, back in time', async t => {
    const port = await freePort();
    const output = ['-f', 'mpegts', `udp://127.0.0.1:${port}?pkt_size=1316`];
    let encoder = encode(['-output_ts_offset', '5000', ...output]);
    const ingest = stack.ingest(`udp://127.0.0.1:${port}`, 'udp');
    const viewer = await Viewer.open(stack.page('udp'));
    try {
      await viewer.plays(25, 30_000);
      await encoder.stop('SIGKILL');
      await stops(viewer);
      encoder = encode(['-output_ts_offset', '5060', ...output]);
      await recovers(t, viewer, 'UDP, encoder killed and started again');

      encoder.child.kill('SIGSTOP');
      await stops(viewer);
      encoder.child.kill('SIGCONT');
      await recovers(t, viewer, 'UDP, encoder paused');

      await encoder.stop('SIGKILL');
      const sound = ['-c:a', 'libopus', '-ar', '24000', '-ac', '1'];
      encoder = encode(['-output_ts_offset', '5120', ...sound, ...output], { ...PICTURE, width: 480, height: 270 });
      await recovers(t, viewer, 'UDP, other size, codec and sample rate', async () => (await widthOf(viewer)) === 480);

      await encoder.stop('SIGKILL');
      encoder = encode(['-output_ts_offset', '60', ...output]);
      await recovers(t, viewer, 'UDP, back in time', async () => (await widthOf(viewer)) === 320);
      assert.equal((await viewer.look()).error, null);
    } catch (error) {
      throw new Error(`the ingester said:\n${ingest.output.slice(-3_000)}`, { cause: error });
    } finally {
      await viewer.close();
      await ingest.stop();
    }
  });

  test('RTMP from nginx: killed, other parameters, our own ffmpeg killed and paused', async t => {
    const output = ['-f', 'flv', `${legacy.rtmp}show`];
    let encoder = encode(output);
    await until(() => legacy.serves('show'), 'nginx has the stream', 20_000);
    const ingest = stack.ingest(`${legacy.rtmp}show`, 'rtmp');
    const viewer = await Viewer.open(stack.page('rtmp'));
    try {
      await viewer.plays(25, 30_000);
      await encoder.stop('SIGKILL');
      await stops(viewer);
      encoder = encode(output);
      await recovers(t, viewer, 'RTMP, encoder killed and started again');

      await encoder.stop('SIGTERM');
      encoder = encode(['-ar', '44100', '-ac', '1', ...output], { ...PICTURE, width: 480, height: 270 });
      await recovers(t, viewer, 'RTMP, other size and sample rate', async () => (await widthOf(viewer)) === 480);

      const epochs = await epochsOf(viewer);
      process.kill(ffmpegOf(ingest), 'SIGKILL');
      await recovers(t, viewer, 'RTMP, our ffmpeg killed', async () => (await epochsOf(viewer)) > epochs);

      process.kill(ffmpegOf(ingest), 'SIGSTOP');
      await ingest.says(/has sent nothing for/, 15_000);
      await recovers(t, viewer, 'RTMP, our ffmpeg paused, once that is noticed');
      assert.equal((await viewer.look()).error, null);

      const child = ffmpegOf(ingest);
      await encoder.stop('SIGKILL'); // its source is silent, so writing tells our ffmpeg nothing
      await ingest.stop('SIGKILL');
      await until(() => !existsSync(`/proc/${child}`), 'our ffmpeg is gone with its parent', 3_000);
    } catch (error) {
      throw new Error(`the ingester said:\n${ingest.output.slice(-3_000)}`, { cause: error });
    } finally {
      await viewer.close();
      await ingest.stop();
    }
  });
});
