// Makes demo/sample.flv, the clip that is looped as the live sample channel where there is no ffmpeg: node --import tsx demo/make-sample.ts

import { spawnSync } from 'node:child_process';
import { SAMPLE_PICTURE, testPictureArguments } from './test-picture.ts';

const picture = { ...SAMPLE_PICTURE, width: 640, height: 360, bitrate: 400_000, clock: 'running' } as const;
const seconds = 12;
const { status } = spawnSync(
  'ffmpeg',
  [...testPictureArguments(picture), '-preset', 'slow', '-t', `${seconds}`, '-f', 'flv', '-y', 'demo/sample.flv'],
  {
    stdio: 'inherit',
  },
);
process.exit(status ?? 1);
