// Live sources that are not the usual picture with sound: what ffmpeg makes of any arguments, as a file that grows.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LiveSource } from './live-source.ts';
import { Program } from './program.ts';

/** A picture as it comes. */
export const PICTURE_INPUT = ['-re', '-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=25'];
/** A tone as it comes. */
export const TONE_INPUT = ['-re', '-f', 'lavfi', '-i', 'sine=frequency=330:beep_factor=2:sample_rate=48000'];
/** H.264 with a keyframe a second. */
export const H264 = [
  '-pix_fmt',
  'yuv420p',
  '-c:v',
  'libx264',
  '-preset',
  'ultrafast',
  '-tune',
  'zerolatency',
  '-g',
  '25',
];
/** AAC. */
export const AAC = ['-c:a', 'aac', '-b:a', '96k'];

/** A growing FLV or MPEG-TS of these inputs and codecs. */
export function oddSource(format: 'flv' | 'mpegts', ...args: readonly (readonly string[])[]): LiveSource {
  const folder = mkdtempSync(join(tmpdir(), 'p2p-live-odd-'));
  const path = join(folder, format === 'flv' ? 'live.flv' : 'live.m2ts');
  // A name that ends in .m2ts would make ffmpeg write Blu-ray packets.
  const muxing = format === 'mpegts' ? ['-mpegts_m2ts_mode', '0'] : [];
  const output = ['-flush_packets', '1', '-muxdelay', '0', '-f', format, ...muxing, '-y', path];
  const encoder = new Program('ffmpeg', ['-loglevel', 'error', '-nostdin', ...args.flat(), ...output]);
  return {
    source: path,
    async kill() {
      await encoder.stop('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
