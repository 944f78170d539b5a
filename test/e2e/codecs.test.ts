// Every codec that this browser says it plays, it plays from our fragments, one chunk's bytes at a time.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Bytes, concat, NO_BYTES } from '../../core/bytes.ts';
import { createTransmuxer } from '../../core/media/create-transmuxer.ts';
import { openPage, type TestPage } from '../support/browser.ts';
import { h264, hevc, MPEG_TS, make, picture, readFixture, tone, writeFixture } from '../support/ffmpeg-fixtures.ts';
import { flvHeader, flvTags } from '../support/flv-muxer.ts';
import { readTracks } from '../support/mp4-boxes.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { Viewer } from '../support/viewer.ts';

// Channel time is Unix time in ticks.
const OFFSET = 1_795_000_000_000 * 90;
const CHUNK = 4_000;

let opened: TestPage;
let stack: Stack;
before(async () => {
  [opened, stack] = await Promise.all([openPage('about:blank'), startStack()]);
});
after(() => Promise.all([opened.close(), stack.stop()]));

/** One append, as it is handed to the page. */
interface Append {
  readonly kind: string;
  readonly mime: string | undefined;
  readonly start: number;
  readonly base64: string;
}

function appendsOf(flv: Bytes): Append[] {
  const transmuxer = createTransmuxer('flv', { origin: OFFSET, mpegAudioRaw: true });
  const events = transmuxer.start({ container: 'flv', timestampOffset: OFFSET, bytes: NO_BYTES }, OFFSET);
  for (let at = 0; at < flv.length; at += CHUNK) events.push(...transmuxer.push(flv.subarray(at, at + CHUNK)));
  events.push(...transmuxer.flush());
  return events.flatMap(event => {
    if (event.type !== 'init' && event.type !== 'fragment') return [];
    const mime = event.type === 'init' ? event.mime : undefined;
    const start = event.type === 'fragment' ? event.start : 0;
    return [{ kind: event.kind, mime, start, base64: Buffer.from(event.bytes).toString('base64') }];
  });
}

/** Runs in the page: appends everything, plays, and tells. */
async function play(appends: Append[]) {
  const video = document.createElement('video');
  const source = new MediaSource();
  video.muted = true;
  video.src = URL.createObjectURL(source);
  document.body.replaceChildren(video);
  await new Promise(resolve => source.addEventListener('sourceopen', resolve, { once: true }));
  const refused: string[] = [];
  const buffers = new Map<string, SourceBuffer>();
  for (const { kind, mime } of appends) {
    if (mime === undefined || buffers.has(kind)) continue;
    if (MediaSource.isTypeSupported(mime)) buffers.set(kind, source.addSourceBuffer(mime));
    else refused.push(mime);
  }
  if (buffers.size === 0) return { refused, error: '', ranges: {}, frames: 0, audio: 0 };
  for (const { kind, mime, start, base64 } of appends) {
    const buffer = buffers.get(kind);
    if (!buffer || base64 === '') continue;
    // Raw MP3 has no times of its own: it goes on where the last bytes ended, and starts where the first fragment does.
    if (buffer.mode === 'sequence' && mime === undefined && buffer.buffered.length === 0)
      buffer.timestampOffset = start;
    buffer.appendBuffer(Uint8Array.from(atob(base64), character => character.charCodeAt(0)));
    await new Promise(resolve => buffer.addEventListener('updateend', resolve, { once: true }));
    if (video.error) return { refused, error: video.error.message, ranges: {}, frames: 0, audio: 0 };
  }
  const ranges: Record<string, [number, number][]> = {};
  for (const [kind, { buffered }] of buffers) {
    ranges[kind] = Array.from({ length: buffered.length }, (_, i) => [buffered.start(i), buffered.end(i)]);
  }
  const starts = Object.values(ranges).map(([first]) => first?.[0] ?? 0);
  video.currentTime = Math.max(0, ...starts);
  await video.play();
  // No named function in here: the loader would add a helper that the page doesn't have.
  for (const until = performance.now() + 8_000; performance.now() < until; ) {
    const frames = buffers.has('video') ? video.getVideoPlaybackQuality().totalVideoFrames : 99;
    if (video.currentTime > 0.5 && frames > 5) break;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  const counted = video as HTMLVideoElement & { webkitAudioDecodedByteCount?: number }; // Chromium's own counter
  const audio = counted.webkitAudioDecodedByteCount ?? 0;
  const frames = video.getVideoPlaybackQuality().totalVideoFrames;
  return { refused, error: video.error?.message ?? '', ranges, frames, audio };
}

const enhanced = (mp4: string): Bytes =>
  concat([flvHeader(), ...flvTags(readTracks(readFixture(mp4)), { enhanced: true })]);
const seconds = 2;
const input = [...picture({ seconds }), ...tone({ rate: 48_000, seconds })];
const av1 = ['-c:v', 'libaom-av1', '-cpu-used', '8', '-usage', 'realtime', '-g', '25'];
const vp9 = ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-g', '25'];

const CASES: Record<string, () => Bytes> = {
  'H.264 with B-frames, AAC': () => readFixture(make('play-aac.flv', input, h264(), ['-c:a', 'aac'])),
  'H.264, MP3': () => readFixture(make('play-mp3.flv', input, h264(), ['-ar', '44100', '-c:a', 'libmp3lame'])),
  'AV1, Opus': () => enhanced(make('play-av1.mp4', input, av1, ['-c:a', 'libopus'])),
  'VP9, FLAC': () => enhanced(make('play-vp9.mp4', input, vp9, ['-c:a', 'flac', '-strict', '-2'])),
  'HEVC, AC-3': () => enhanced(make('play-hevc.mp4', input, hevc(), ['-c:a', 'ac3'])),
};

for (const [what, build] of Object.entries(CASES)) {
  test(what, async t => {
    const appends = appendsOf(build());
    const told = await opened.page.evaluate(play, appends);
    for (const mime of told.refused) t.diagnostic(`this browser says that it doesn't play ${mime}`);
    assert.equal(told.error, '');
    for (const [kind, ranges] of Object.entries(told.ranges)) {
      assert.equal(ranges.length, 1, `${kind} has holes: ${JSON.stringify(ranges)}`);
      assert.ok(ranges[0]![1] - ranges[0]![0] > seconds - 0.1, `${kind}: ${JSON.stringify(ranges)}`);
    }
    if (told.ranges.video) assert.ok(told.frames > 5, `${told.frames} frames`);
    if (told.ranges.audio) assert.ok(told.audio > 0, 'no audio was decoded');
    if (what.startsWith('H.264')) assert.deepEqual(told.refused, []);
  });
}

// The whole way: a page loads what reads them when a stream has them.

const lasting = [...picture({ size: '160x120', seconds: 20 }), ...tone({ rate: 48_000, seconds: 20 })];
const LIVE = {
  'AV1 and Opus in FLV': () =>
    writeFixture('live-av1.flv', enhanced(make('live-av1.mp4', lasting, av1, ['-c:a', 'libopus']))),
  'H.264 and Opus in MPEG-TS': () => make('live-opus.m2ts', lasting, h264(), ['-c:a', 'libopus'], MPEG_TS),
};

for (const [what, build] of Object.entries(LIVE)) {
  test(`live: ${what}`, async () => {
    const name = what.replaceAll(/\W/g, '-');
    const ingest = stack.ingest(build(), name, { paced: true });
    let viewer: Viewer | undefined;
    try {
      await ingest.says(/published|publishing/i, 30_000);
      viewer = await Viewer.open(stack.page(name));
      const { frames, audioBytes } = await viewer.advances(1);
      assert.ok(frames > 5, `${frames} frames`);
      assert.ok(audioBytes > 0, 'no audio was decoded');
      assert.deepEqual(viewer.tab.complaints, []);
    } finally {
      await viewer?.close();
      await ingest.stop();
    }
  });
}

// No init tells of AC-3 in FLV: it is learnt when it is there, and what the browser lacks is told by its name.
test('live: H.264 and AC-3 in FLV', async () => {
  const flv = enhanced(make('live-ac3.mp4', lasting, h264(), ['-c:a', 'ac3']));
  const ingest = stack.ingest(writeFixture('live-ac3.flv', flv), 'ac3', { paced: true });
  let viewer: Viewer | undefined;
  try {
    await ingest.says(/published|publishing/i, 30_000);
    viewer = await Viewer.open(stack.page('ac3'));
    await viewer.tab.page.evaluate(() => {
      const told: string[] = [];
      Reflect.set(window, 'told', told);
      document.querySelector('p2p-live')?.addEventListener('warning', event => {
        if (event instanceof CustomEvent) told.push(event.detail.message);
      });
    });
    const { frames, audioBytes } = await viewer.advances(1);
    const told = await viewer.tab.page.evaluate((): string[] => Reflect.get(window, 'told'));
    assert.ok(frames > 5, `${frames} frames`);
    assert.ok(audioBytes > 0 || told.some(words => /sound: audio\/mp4; codecs="ac-3"/.test(words)), told.join());
  } finally {
    await viewer?.close();
    await ingest.stop();
  }
});
