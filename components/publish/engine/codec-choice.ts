// Which encoders to ask a browser for, best first.

import type { FlvVideoCodec } from '../../../core/media/flv/flv-writer.ts';

/** One way to encode. */
export interface VideoCandidate {
  readonly codec: FlvVideoCodec;
  /** As WebCodecs spells it. */
  readonly codecString: string;
  readonly hardwareAcceleration: 'prefer-hardware' | 'no-preference';
}

/** Macroblocks in a picture and in a second, by H.264 level (ITU-T H.264 table A-1). */
const AVC_LEVELS: readonly (readonly [level: number, picture: number, second: number])[] = [
  [0x1e, 1_620, 40_500],
  [0x1f, 3_600, 108_000],
  [0x20, 5_120, 216_000],
  [0x28, 8_192, 245_760],
  [0x2a, 8_704, 522_240],
  [0x33, 36_864, 983_040],
  [0x34, 36_864, 2_073_600],
];
/** Pixels in a picture and in a second, by VP9 level (vp9-levels). */
const VP9_LEVELS: readonly (readonly [level: number, picture: number, second: number])[] = [
  [30, 552_960, 20_736_000],
  [31, 983_040, 36_864_000],
  [40, 2_228_224, 83_558_400],
  [41, 2_228_224, 160_432_128],
  [50, 8_912_896, 311_951_360],
  [51, 8_912_896, 588_251_136],
];

/** H.264 first, as everything plays it; with more than the baseline where a chip does it. Then VP9, then AV1. */
export function videoCandidates(width: number, height: number, frameRate: number): VideoCandidate[] {
  const macroblocks = Math.ceil(width / 16) * Math.ceil(height / 16);
  const avc = levelOf(AVC_LEVELS, macroblocks, frameRate).toString(16).padStart(2, '0');
  const vp9 = levelOf(VP9_LEVELS, width * height, frameRate);
  // Levels 3.0, 3.1, 4.0 and on, by their index (AV1 §A.3).
  const av1 = { 30: 4, 31: 5, 40: 8, 41: 9, 50: 12, 51: 13 }[vp9] ?? 13;
  const soft = 'no-preference' as const;
  return [
    { codec: 'avc1', codecString: `avc1.6400${avc}`, hardwareAcceleration: 'prefer-hardware' },
    { codec: 'avc1', codecString: `avc1.42e0${avc}`, hardwareAcceleration: soft },
    { codec: 'vp09', codecString: `vp09.00.${vp9}.08`, hardwareAcceleration: soft },
    { codec: 'av01', codecString: `av01.0.${av1.toString().padStart(2, '0')}M.08`, hardwareAcceleration: soft },
  ];
}

function levelOf(levels: typeof AVC_LEVELS, picture: number, frameRate: number): number {
  const level = levels.find(([, most, second]) => picture <= most && picture * frameRate <= second);
  return (level ?? levels.at(-1)!)[0]; // there are some
}

/** The largest size with the frame's shape that fits into the limits, times `scale`; even, as 4:2:0 wants. */
export function fitSize(
  frame: { readonly width: number; readonly height: number },
  limit: { readonly width: number; readonly height: number },
  scale: number,
): { width: number; height: number } {
  // A limit is a screen's: a phone held upright turns it.
  const upright = frame.height > frame.width !== limit.height > limit.width;
  const [width, height] = upright ? [limit.height, limit.width] : [limit.width, limit.height];
  const factor = Math.min(1, width / frame.width, height / frame.height) * scale;
  const even = (value: number) => Math.max(2, Math.round((value * factor) / 2) * 2);
  return { width: even(frame.width), height: even(frame.height) };
}
