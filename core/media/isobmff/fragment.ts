// Movie fragments: one moof with one traf, and its mdat, in one buffer into which each payload is copied once (ISO/IEC 14496-12 §8.8).

import type { Bytes } from '../../bytes.ts';

/** A sample as a run tells of it; times in the track's timescale. */
export interface Sample {
  readonly data: Bytes;
  readonly duration: number;
  /** Presentation minus decode time; not negative. */
  readonly offset: number;
  readonly key: boolean;
}

/** A run of samples that follow each other without a hole. */
export interface Run {
  readonly kind: 'video' | 'audio';
  readonly trackId: number;
  /** Counts fragments, from 1. */
  readonly sequence: number;
  /** Decode time of the first sample; a whole number below 2^53. */
  readonly baseTime: number;
  readonly samples: readonly Sample[];
}

// Sizes of the boxes before the run's entries.
const MOOF_AT = 0;
const MFHD_AT = 8;
const TRAF_AT = 24;
const TFHD_AT = 32;
const TFDT_AT = 48;
const TRUN_AT = 68;
const ENTRIES_AT = 88;

const MOOF = 0x6d6f_6f66;
const MFHD = 0x6d66_6864;
const TRAF = 0x7472_6166;
const TFHD = 0x7466_6864;
const TFDT = 0x7466_6474;
const TRUN = 0x7472_756e;
const MDAT = 0x6d64_6174;

const DEFAULT_BASE_IS_MOOF = 0x02_0000;
// trun: data offset, then duration and size of each sample; video also flags and composition offset.
const AUDIO_RUN = 0x301;
const VIDEO_RUN = 0xf01;
const KEY_SAMPLE = 0x0200_0000;
const OTHER_SAMPLE = 0x0101_0000;

/** Writes a fragment. */
export function encodeFragment(run: Run): Bytes {
  const { samples } = run;
  const video = run.kind === 'video';
  const mdatAt = ENTRIES_AT + samples.length * (video ? 16 : 8);
  let payload = 0;
  for (const sample of samples) payload += sample.data.length;
  const bytes = new Uint8Array(mdatAt + 8 + payload);
  const view = new DataView(bytes.buffer);
  view.setUint32(MOOF_AT, mdatAt);
  view.setUint32(MOOF_AT + 4, MOOF);
  view.setUint32(MFHD_AT, 16);
  view.setUint32(MFHD_AT + 4, MFHD);
  view.setUint32(MFHD_AT + 12, run.sequence);
  view.setUint32(TRAF_AT, mdatAt - TRAF_AT);
  view.setUint32(TRAF_AT + 4, TRAF);
  view.setUint32(TFHD_AT, 16);
  view.setUint32(TFHD_AT + 4, TFHD);
  view.setUint32(TFHD_AT + 8, DEFAULT_BASE_IS_MOOF);
  view.setUint32(TFHD_AT + 12, run.trackId);
  view.setUint32(TFDT_AT, 20);
  view.setUint32(TFDT_AT + 4, TFDT);
  view.setUint32(TFDT_AT + 8, 0x0100_0000);
  view.setUint32(TFDT_AT + 12, Math.floor(run.baseTime / 0x1_0000_0000));
  view.setUint32(TFDT_AT + 16, run.baseTime % 0x1_0000_0000);
  view.setUint32(TRUN_AT, mdatAt - TRUN_AT);
  view.setUint32(TRUN_AT + 4, TRUN);
  view.setUint32(TRUN_AT + 8, video ? VIDEO_RUN : AUDIO_RUN);
  view.setUint32(TRUN_AT + 12, samples.length);
  view.setUint32(TRUN_AT + 16, mdatAt + 8);
  view.setUint32(mdatAt, 8 + payload);
  view.setUint32(mdatAt + 4, MDAT);
  let entry = ENTRIES_AT;
  let at = mdatAt + 8;
  for (const sample of samples) {
    const { data } = sample;
    view.setUint32(entry, sample.duration);
    view.setUint32(entry + 4, data.length);
    if (video) {
      view.setUint32(entry + 8, sample.key ? KEY_SAMPLE : OTHER_SAMPLE);
      view.setUint32(entry + 12, sample.offset);
      entry += 16;
    } else entry += 8;
    bytes.set(data, at);
    at += data.length;
  }
  return bytes;
}
