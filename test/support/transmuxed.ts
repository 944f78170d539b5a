// Runs `npm run transmux` on fixtures and compares what ffmpeg decodes from its MP4 with what it decodes from the source.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type Decoded, type FrameHash, fixturePath, frameHashes } from './ffmpeg-fixtures.ts';

let made = 0;

/** The parts that the command wrote, and what it said. */
export interface Transmuxed {
  readonly parts: readonly string[];
  readonly said: string;
  readonly status: number | null;
}

/** Runs the command on a file. */
export function transmux(input: string, output = fixturePath(`transmuxed-${++made}.mp4`)): Transmuxed {
  const args = ['--import', 'tsx', 'demo/transmux.ts', input, output];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const parts: string[] = [];
  for (let part = 1; ; part++) {
    const path = part === 1 ? output : output.replace(/\.mp4$/, `.${part}.mp4`);
    if (!existsSync(path)) break;
    parts.push(path);
  }
  return { parts, said: stderr, status };
}

/** The frames of all parts that have the kind, in order; any decoding error fails. */
export function framesOf({ parts }: Transmuxed, kind: 'video' | 'audio', copy = false): Decoded {
  const decoded = parts.map(part => frameHashes(part, kind, { copy, strict: true }));
  const complaints = decoded.map(one => one.complaints).join('');
  assert.equal(complaints, '', `ffmpeg complains about our ${kind}`);
  return {
    frames: decoded.flatMap(({ frames }) => frames),
    tick: Math.max(...decoded.map(one => one.tick)),
    complaints,
  };
}

/** Same hashes in the same order. */
export function assertSameHashes(ours: Decoded, source: Decoded, what: string): void {
  assert.ok(source.frames.length > 20, `${what}: the source has ${source.frames.length} frames`);
  const hashes = (frames: readonly FrameHash[]): string[] => frames.map(({ hash }) => hash);
  assert.deepEqual(hashes(ours.frames), hashes(source.frames), `${what}: hashes`);
}

/** The same times up to one constant, each within one tick of the coarser clock. */
export function assertSameTimes(ours: Decoded, source: Decoded, what: string): void {
  assert.equal(ours.frames.length, source.frames.length, `${what}: frames`);
  assertConstantShift(
    ours.frames.map(({ pts }, i) => pts - source.frames[i]!.pts),
    Math.max(ours.tick, source.tick),
    what,
  );
}

/** All these differences of times are one constant, give or take a tick. */
export function assertConstantShift(shifts: readonly number[], tick: number, what: string): void {
  const off = (Math.max(...shifts) - Math.min(...shifts)) / 2;
  assert.ok(off <= tick, `${what}: times are up to ${off} s off, a tick is ${tick} s`);
}
