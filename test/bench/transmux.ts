// `npm run bench -- transmux`: container bytes to moof and mdat, ours beside mux.js and mpegts.js, on the same bytes in the same run.

import { parseArgs } from 'node:util';
import muxjs from 'mux.js';
import { type Bytes, NO_BYTES } from '../../core/bytes.ts';
import type { Container } from '../../core/init-document.ts';
import { Transmuxer } from '../../core/media/transmuxer.ts';
import { h264, MPEG_TS, make, picture, readFixture, tone } from '../support/ffmpeg-fixtures.ts';
import { packetsOf, pidOf } from '../support/ts-muxer.ts';
import { loadMpegTsJs, type MpegTsJs } from './mpegts-js.ts';

const USAGE = 'Usage: npm run bench -- transmux [--runs 5] [--seconds 30] [--json]';

/** Bytes pushed at once, to everyone. */
const PIECE = 65_536;
/** What `<p2p-live>` pushes: a chunk's payload (TS: 21 packets). */
const CHUNK: Record<Container, number> = { flv: 4_000, ts: 21 * 188 };

/** What a run made, to be sure that it worked. */
interface Made {
  readonly video: number;
  readonly audio: number;
}

function piecesOf(bytes: Bytes, size: number): Bytes[] {
  const pieces: Bytes[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return pieces;
}

function ours(container: Container, pieces: readonly Bytes[]): Made {
  const transmuxer = new Transmuxer({ container, origin: 0 });
  const made = { video: 0, audio: 0 };
  const take = (events: ReturnType<Transmuxer['push']>): void => {
    for (const event of events) if (event.type === 'fragment') made[event.kind] += event.bytes.length;
  };
  take(transmuxer.start({ container, timestampOffset: 0, bytes: NO_BYTES }, 0));
  for (const piece of pieces) take(transmuxer.push(piece));
  take(transmuxer.flush());
  return made;
}

/** mux.js gives its fragments at a flush, which must come at the end of a group of pictures. */
function muxJs(groups: readonly (readonly Bytes[])[]): Made {
  const transmuxer = new muxjs.mp4.Transmuxer({ keepOriginalTimestamps: true, remux: false });
  const made = { video: 0, audio: 0 };
  transmuxer.on('data', ({ type, data }) => {
    if (type === 'video' || type === 'audio') made[type] += data.byteLength;
  });
  for (const pieces of groups) {
    for (const piece of pieces) transmuxer.push(piece);
    transmuxer.flush();
  }
  return made;
}

/** Cuts a TS before each random access point of the video. */
function groupsOf(ts: Bytes): Bytes[] {
  const starts: number[] = [];
  for (const [i, packet] of packetsOf(ts).entries()) {
    const adaptation = packet[3]! & 0x20 && packet[4]! > 0 ? packet[5]! : 0;
    if (pidOf(packet) === 0x100 && adaptation & 0x40) starts.push(i * 188);
  }
  return starts.map((start, i) => ts.subarray(i === 0 ? 0 : start, starts[i + 1] ?? ts.length));
}

function mpegTsJs(player: MpegTsJs, container: Container, pieces: readonly Bytes[]): Made {
  const made = { video: 0, audio: 0 };
  const push = player.open(container, pieces[0]!, (kind, size) => {
    made[kind] += size;
  });
  for (const piece of pieces) push(piece);
  return made;
}

/** Median speed in MB/s (10^6 bytes) of `runs` warm runs. */
function measure(name: string, bytes: number, runs: number, run: () => Made): number {
  let made: Made = { video: 0, audio: 0 };
  const started = performance.now();
  // Warm: at least three runs and half a second.
  for (let i = 0; i < 3 || performance.now() - started < 500; i++) made = run();
  const whole = made.video + made.audio;
  if (made.video === 0 || made.audio === 0 || whole < bytes * 0.8) {
    throw new Error(`${name} made ${made.video} bytes of video and ${made.audio} of audio of ${bytes}`);
  }
  const speeds: number[] = [];
  for (let i = 0; i < runs; i++) {
    globalThis.gc?.();
    const from = performance.now();
    run();
    speeds.push(bytes / 1_000 / (performance.now() - from));
  }
  return speeds.sort((a, b) => a - b)[runs >> 1]!;
}

function source(container: Container, seconds: number): Bytes {
  const noisy = ['-vf', 'noise=alls=12:allf=t', '-b:v', '4M', '-maxrate', '4M', '-bufsize', '4M'];
  const aac = ['-c:a', 'aac', '-b:a', '128k', '-ac', '2'];
  const input = [...picture({ size: '1280x720', rate: 30, seconds }), ...tone({ rate: 48_000, seconds })];
  const name = container === 'flv' ? 'bench.flv' : 'bench.m2ts';
  const output = container === 'flv' ? ['-f', 'flv'] : MPEG_TS;
  return readFixture(make(name, input, h264({ gop: 60 }), noisy, aac, output));
}

/** Runs the benchmark and prints it. */
export async function main(args: string[]): Promise<void> {
  const options = { runs: { type: 'string', default: '5' }, seconds: { type: 'string', default: '30' } } as const;
  const { values } = parseArgs({ args, options: { ...options, json: { type: 'boolean' } } });
  const runs = Number(values.runs);
  const seconds = Number(values.seconds);
  if (!(Number.isInteger(runs) && runs >= 3 && seconds >= 1)) {
    console.error(`${USAGE}\n  --runs at least 3, --seconds at least 1`);
    process.exitCode = 1;
    return;
  }
  console.error(`Encoding ${seconds} s of 720p H.264 and AAC …`);
  const result: Record<Container, Record<string, number | null>> = { ts: {}, flv: {} };
  const mpegts = await loadMpegTsJs();
  for (const container of ['ts', 'flv'] as const) {
    const bytes = source(container, seconds);
    const pieces = piecesOf(bytes, PIECE);
    const chunks = piecesOf(bytes, CHUNK[container]);
    const groups = container === 'ts' ? groupsOf(bytes).map(group => piecesOf(group, PIECE)) : [];
    const speeds = result[container];
    speeds['p2p-live'] = measure('p2p-live', bytes.length, runs, () => ours(container, pieces));
    if (container === 'ts') speeds['mux.js'] = measure('mux.js', bytes.length, runs, () => muxJs(groups));
    speeds['mpegts.js'] = measure('mpegts.js', bytes.length, runs, () => mpegTsJs(mpegts, container, pieces));
    speeds['p2p-live, a chunk at a time'] = measure('chunks', bytes.length, runs, () => ours(container, chunks));
    console.log(`${container.toUpperCase()}, ${(bytes.length / 1e6).toFixed(1)} MB, median of ${runs} warm runs`);
    for (const [name, speed] of Object.entries(speeds)) {
      const ratio =
        speed && name !== 'p2p-live' ? `  p2p-live is ${(speeds['p2p-live']! / speed).toFixed(2)} times as fast` : '';
      console.log(`  ${name.padEnd(28)} ${speed?.toFixed(0).padStart(5)} MB/s${ratio}`);
    }
  }
  const round = (speeds: Record<string, number | null>) =>
    Object.fromEntries(Object.entries(speeds).map(([name, speed]) => [name, speed && Math.round(speed * 10) / 10]));
  if (values.json) console.log(JSON.stringify({ ts: round(result.ts), flv: round(result.flv) }));
}
