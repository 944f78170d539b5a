// A source whose picture flashes when its sound beeps, once a second, and how far apart a decoder finds the two.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bytes } from '../../core/bytes.ts';
import { onPath } from '../../demo/find-program.mjs';

const FLASH = "color=c=black:size=320x180:rate=25,drawbox=color=white:t=fill:enable='lt(mod(t,1),0.12)'";
const BEEP = "aevalsrc='0.5*sin(2*PI*880*t)*lt(mod(t,1),0.12)':s=48000";

/** As a capture device of ffmpeg, at the pace of the clock. */
export const FLASH_AND_BEEP_DEVICE = `lavfi:${FLASH},realtime[out0];${BEEP},arealtime[out1]`;

/** Arguments for ffmpeg that encode it with a keyframe each second; the caller adds format and output. */
export function flashAndBeepArguments(): string[] {
  return [
    ...['-hide_banner', '-loglevel', 'error', '-nostdin', '-re', '-f', 'lavfi', '-i', FLASH],
    ...['-re', '-f', 'lavfi', '-i', BEEP, '-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-preset', 'ultrafast'],
    ...['-tune', 'zerolatency', '-g', '25', '-keyint_min', '25', '-sc_threshold', '0', '-c:a', 'aac', '-b:a', '96k'],
    ...['-flush_packets', '1', '-muxdelay', '0'],
  ];
}

/** A track of an MP4: its init segment and fragments, and how many units of its time make a second. */
export interface TrackBytes {
  readonly bytes: readonly Bytes[];
  readonly timescale: number;
}

/** By how many ms the beeps come after the flashes (the median; negative: before), as ffmpeg decodes the two tracks. Throws where there are none. */
export function soundOffsetMs(video: TrackBytes, audio: TrackBytes): number {
  const flashes = rises(video, '-vf', 'signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-', 128);
  const rms = 'lavfi.astats.Overall.RMS_level';
  const windows = `asetnsamples=n=${Math.round(audio.timescale / 200)}:p=0,astats=metadata=1:reset=1`;
  const beeps = rises(audio, '-af', `${windows},ametadata=print:key=${rms}:file=-`, -30);
  const offsets = flashes.flatMap(flash => {
    const near = beeps.map(beep => beep - flash).filter(offset => Math.abs(offset) < 0.45);
    return near.length > 0 ? [near.reduce((a, b) => (Math.abs(b) < Math.abs(a) ? b : a))] : [];
  });
  if (offsets.length === 0) throw new Error(`flashes at ${flashes} s and beeps at ${beeps} s`);
  return offsets.sort((a, b) => a - b)[offsets.length >> 1]! * 1_000;
}

/** When a value that a filter prints rises above a threshold, in seconds. */
function rises({ bytes, timescale }: TrackBytes, option: string, filter: string, threshold: number): number[] {
  const folder = mkdtempSync(join(tmpdir(), 'p2p-live-track-'));
  try {
    const file = join(folder, 'track.mp4');
    writeFileSync(file, Buffer.concat(bytes));
    const args = ['-hide_banner', '-loglevel', 'error', '-copyts', '-i', file, option, filter, '-f', 'null', '-'];
    const { stdout } = spawnSync(onPath('ffmpeg') ?? 'ffmpeg', args, { encoding: 'utf8' });
    const found: number[] = [];
    let before = Number.POSITIVE_INFINITY;
    for (const [, pts, value] of stdout.matchAll(/pts:\s*(\d+) .*\n\S+=(\S+)/g)) {
      const now = value === '-inf' ? Number.NEGATIVE_INFINITY : Number(value);
      if (now > threshold && before <= threshold) found.push(Number(pts) / timescale);
      before = now;
    }
    return found;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
