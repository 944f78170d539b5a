// `npm run bench -- transmux`: container bytes to moof and mdat, ours beside mux.js and mpegts.js, on the same bytes in the same run.

import { parseArgs } from 'node:util';
import muxjs from 'mux.js';
import { type Bytes, NO_BYTES } from '../../core/bytes.ts';
import type { Container } from '../../core/init-document.ts';
import { createTransmuxer } from '../../core/media/create-transmuxer.ts';
import type { Transmuxer } from '../../core/media/transmuxer.ts';
import { h264, MPEG_TS, make, picture, readFixture, tone } from '../support/ffmpeg-fixtures.ts';
import { packetsOf, pidOf } from '../support/ts-muxer.ts';
import { loadMpegTsJs } from './mpegts-js.ts';

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
  const transmuxer = createTransmuxer(container, { origin: 0 });
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

function mpegTsJs(run: (made: (kind: 'video' | 'audio', size: number) => void) => void): Made {
  const made = { video: 0, audio: 0 };
  run((kind, size) => {
    made[kind] += size;
  });
  return made;
}

/** Who takes part: a name and one pass over all bytes. */
type Contestants = Record<string, () => Made>;

/** One measured run lasts at least this long, in ms: as many passes as that takes. */
const RUN = 150;

/** Median speeds in MB/s (10^6 bytes) of warm runs. They take turns, so that a busy machine slows all of them. */
function measure(bytes: number, runs: number, contestants: Contestants): Record<string, number> {
  const passes = new Map<string, number>();
  for (const [name, pass] of Object.entries(contestants)) {
    const { video, audio } = pass();
    if (video === 0 || audio === 0 || video + audio < bytes * 0.8) {
      throw new Error(`${name} made ${video} bytes of video and ${audio} of audio of ${bytes}`);
    }
    // Warm: at least three passes and half a second.
    const started = performance.now();
    let count = 0;
    while (count < 3 || performance.now() - started < 500) {
      pass();
      count++;
    }
    passes.set(name, Math.max(1, Math.ceil((RUN * count) / (performance.now() - started))));
  }
  const speeds = new Map<string, number[]>();
  for (let run = 0; run < runs; run++) {
    for (const [name, pass] of Object.entries(contestants)) {
      const count = passes.get(name)!; // set for each of them above
      const started = performance.now();
      for (let i = 0; i < count; i++) pass();
      const speed = (bytes * count) / 1_000 / (performance.now() - started);
      speeds.set(name, [...(speeds.get(name) ?? []), speed]);
    }
  }
  return Object.fromEntries([...speeds].map(([name, list]) => [name, list.sort((a, b) => a - b)[runs >> 1]!]));
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
  const result: Record<Container, Record<string, number>> = { ts: {}, flv: {} };
  const mpegts = await loadMpegTsJs();
  for (const container of ['ts', 'flv'] as const) {
    const bytes = source(container, seconds);
    const pieces = piecesOf(bytes, PIECE);
    const owned = pieces.map(piece => piece.slice());
    const chunks = piecesOf(bytes, CHUNK[container]);
    const groups = container === 'ts' ? groupsOf(bytes).map(group => piecesOf(group, PIECE)) : [];
    const contestants: Contestants = {
      'p2p-live': () => ours(container, pieces),
      'mpegts.js': () => mpegTsJs(made => mpegts.play(owned, made)),
      'mpegts.js, without its IO': () => mpegTsJs(made => mpegts.remux(container, owned, made)),
      'p2p-live, a chunk at a time': () => ours(container, chunks),
    };
    if (container === 'ts') contestants['mux.js'] = () => muxJs(groups);
    const speeds = measure(bytes.length, runs, contestants);
    result[container] = speeds;
    console.log(`${container.toUpperCase()}, ${(bytes.length / 1e6).toFixed(1)} MB, median of ${runs} warm runs`);
    for (const [name, speed] of Object.entries(speeds)) {
      const ratio =
        speed && name !== 'p2p-live' ? `  p2p-live is ${(speeds['p2p-live']! / speed).toFixed(2)} times as fast` : '';
      console.log(`  ${name.padEnd(28)} ${speed.toFixed(0).padStart(5)} MB/s${ratio}`);
    }
  }
  const round = (speeds: Record<string, number>) =>
    Object.fromEntries(Object.entries(speeds).map(([name, speed]) => [name, Math.round(speed * 10) / 10]));
  if (values.json) console.log(JSON.stringify({ ts: round(result.ts), flv: round(result.flv) }));
}
