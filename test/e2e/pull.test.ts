// What others serve is pulled as it is: RTMP and HLS from nginx, SRT, RTSP, UDP and RTP, and what a capture device gives. All at once, on one relay.

import assert from 'node:assert/strict';
import { after, before, describe, type TestContext, test } from 'node:test';
import { testPictureArguments } from '../../demo/test-picture.ts';
import { connectTo } from '../../ingest/connect.ts';
import { startIngest } from '../../ingest/ingest.ts';
import { ChannelViewer } from '../support/channel-viewer.ts';
import { freePort } from '../support/free-port.ts';
import { type LegacyServer, startLegacyServer } from '../support/legacy-server.ts';
import { TEST_PICTURE } from '../support/live-source.ts';
import { Program } from '../support/program.ts';
import { type Camera, startCamera } from '../support/rtsp-server.ts';
import { FLASH_AND_BEEP_DEVICE, flashAndBeepArguments, soundOffsetMs } from '../support/sound-offset.ts';
import { PUBLISH_KEY, type Stack, startStack } from '../support/stack.ts';
import { until } from '../support/until.ts';
import { Viewer } from '../support/viewer.ts';

const PICTURE = { ...TEST_PICTURE, width: 320, height: 180, bitrate: 300_000 };

let stack: Stack;
let legacy: LegacyServer;
let camera: Camera;
const encoders: Program[] = [];

before(async () => {
  [stack, legacy, camera] = await Promise.all([startStack(), startLegacyServer(), startCamera()]);
  start([...testPictureArguments(PICTURE), '-f', 'flv', `${legacy.rtmp}show`]);
  encode('-f', 'flv', `${legacy.rtmp}beep`);
});
after(async () => {
  await Promise.all(encoders.map(encoder => encoder.stop('SIGKILL')));
  await Promise.all([stack?.stop(), legacy?.stop(), camera?.stop()]);
});

function start(args: readonly string[]): Program {
  const encoder = new Program('ffmpeg', args);
  encoders.push(encoder);
  return encoder;
}

/** Sends the flashing and beeping source somewhere. */
function encode(...output: string[]): Program {
  return start([...flashAndBeepArguments(), ...output]);
}

/**
 * Pulls a source until three seconds of pictures and sound came from the relay, each chunk verified.
 * Tells how soon the first one did, and how far apart a flash and its beep are.
 */
async function pulled(t: TestContext, channel: string, source: string, { flashes = true } = {}) {
  const relay = `http://localhost:${stack.port}`;
  const viewer = await ChannelViewer.open(relay, channel);
  let openedAt = 0;
  const lines: string[] = [];
  const note = (_: object, message: string): void => void lines.push(message);
  const ingest = startIngest({
    source,
    channel,
    connect: connectTo(relay, channel),
    publishKey: PUBLISH_KEY,
    secretKey: crypto.getRandomValues(new Uint8Array(32)),
    log: {
      debug: note,
      warn: note,
      error: note,
      info(_, message) {
        if (message === 'opening the source') openedAt ||= performance.now();
        lines.push(message);
      },
    },
    peers: false,
  });
  try {
    await until(
      () => Math.min(viewer.seconds.video, viewer.seconds.audio) >= 3,
      () => `3 s are seen of ${channel}: ${JSON.stringify(viewer)}; the ingester said:\n${lines.join('\n')}`,
      30_000,
    );
    const firstMs = Math.round((viewer.firstChunkAt ?? 0) - openedAt);
    const { video, audio } = viewer.tracks;
    const offsetMs = flashes && video && audio ? soundOffsetMs(video, audio) : undefined;
    const offset = offsetMs === undefined ? '' : `; sound and picture ${offsetMs.toFixed(0)} ms apart`;
    t.diagnostic(`${channel}: first chunk ${firstMs} ms after the source was opened${offset}`);
    assert.ok(!flashes || Math.abs(offsetMs ?? 1_000) < 80, `${channel}: ${offsetMs} ms`);
    assert.equal(viewer.rejected, 0);
    assert.deepEqual(viewer.complaints, []);
    assert.match(viewer.codecs.video ?? '', /^avc1/);
    assert.match(viewer.codecs.audio ?? '', /^mp4a/);
    return { firstMs, lines, container: ingest.stats.container };
  } finally {
    await ingest.stop();
    viewer.close();
  }
}

describe('pulled at the same time', { concurrency: true }, () => {
  test('RTMP from nginx, watched in Chromium', async t => {
    const ingest = stack.ingest(`${legacy.rtmp}show`, 'rtmp');
    let viewer: Viewer | undefined;
    try {
      await ingest.says(/opening the source/, 30_000);
      viewer = await Viewer.open(stack.page('rtmp'));
      const sight = await viewer.plays(100, 30_000);
      const latency = await viewer.medianPictureLatency();
      t.diagnostic(`rtmp: ${latency} ms glass to glass`);
      assert.equal(sight.stats.rejectedChunks, 0);
      assert.equal(sight.error, null);
      assert.ok(latency < 3_000, `${latency} ms`);
      assert.deepEqual(viewer.tab.complaints, []);
    } finally {
      await viewer?.close();
      await ingest.stop();
    }
  });

  test('HLS of the same push', async t => {
    await until(() => legacy.serves('beep'), 'nginx has a playlist', 20_000);
    const { container } = await pulled(t, 'hls', `${legacy.hls}beep.m3u8`);
    assert.equal(container, 'ts');
  });

  test('RTMP: the bytes pass as FLV', async t => {
    await until(() => legacy.serves('beep'), 'nginx has the stream', 20_000);
    const { container, firstMs } = await pulled(t, 'rtmp-flv', `${legacy.rtmp}beep?token=not-for-logs`);
    assert.equal(container, 'flv');
    assert.ok(firstMs < 5_000, `${firstMs} ms`);
  });

  test('SRT, encrypted, from an encoder that is called', async t => {
    const port = await freePort();
    const passphrase = 'not-for-the-logs';
    encode('-f', 'mpegts', `srt://127.0.0.1:${port}?mode=listener&passphrase=${passphrase}`);
    const { container, lines } = await pulled(t, 'srt', `srt://127.0.0.1:${port}?passphrase=${passphrase}`);
    assert.equal(container, 'ts');
    assert.doesNotMatch(lines.join('\n'), /not-for-the-logs/);
  });

  test('SRT from an encoder that calls', async t => {
    const port = await freePort();
    const coming = pulled(t, 'srt-listening', `srt://127.0.0.1:${port}?mode=listener`);
    encode('-f', 'mpegts', `srt://127.0.0.1:${port}`);
    await coming;
  });

  test('RTSP from a camera, over TCP', async t => {
    const { container } = await pulled(t, 'rtsp', camera.url, { flashes: false });
    assert.equal(container, 'ts');
  });

  test('RTSP from an encoder that announces its stream to us', async t => {
    const port = await freePort();
    const address = `rtsp://127.0.0.1:${port}/live`;
    let seen = false;
    const pulling = pulled(t, 'rtsp-announced', `ffmpeg:-rtsp_flags listen -i ${address}`).finally(() => {
      seen = true;
    });
    // It gives up at once where nobody listens yet.
    const announcing = async () => {
      while (!seen) await encode('-f', 'rtsp', '-rtsp_transport', 'tcp', address).ended;
    };
    await Promise.race([pulling, announcing()]);
    await pulling;
  });

  test('MPEG-TS over UDP', async t => {
    const port = await freePort();
    encode('-f', 'mpegts', `udp://127.0.0.1:${port}?pkt_size=1316`);
    await pulled(t, 'udp', `udp://127.0.0.1:${port}`);
  });

  test('MPEG-TS over RTP', async t => {
    const port = await freePort();
    encode('-f', 'rtp_mpegts', `rtp://127.0.0.1:${port}`);
    await pulled(t, 'rtp', `rtp://127.0.0.1:${port}`);
  });

  test('a capture device, which is encoded', async t => {
    const { container } = await pulled(t, 'device', FLASH_AND_BEEP_DEVICE);
    assert.equal(container, 'flv');
  });
});
