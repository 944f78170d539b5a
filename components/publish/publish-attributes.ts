// The attributes of <p2p-publish>, and how their words become properties.

import type { PropertyDeclarations } from 'lit';

/** Lines of the pictures that are offered. */
export const RESOLUTIONS: readonly number[] = [1_080, 720, 480, 360];
/** Lines. */
export const DEFAULT_RESOLUTION = 720;
/** Frames a second. */
export const DEFAULT_FRAME_RATE = 30;
/** kbit/s. */
export const DEFAULT_AUDIO_KBPS = 96;

/** kbit/s that a picture of so many lines is worth. */
export function bitrateFor(lines: number): number {
  if (lines <= 360) return 600;
  if (lines <= 480) return 900;
  return lines <= 720 ? 1_500 : 3_000;
}

const text = {
  reflect: true,
  converter: { fromAttribute: (value: string | null) => value ?? '', toAttribute: (value: string) => value || null },
};
const flag = { type: Boolean, reflect: true };
const number = (fallback: number | null) => ({
  fromAttribute: (value: string | null) => (Number.parseFloat(value ?? '') > 0 ? Number.parseFloat(value!) : fallback), // not null: it begins with a number
});
const source = (value: string | null) => (value === 'screen' || value === 'microphone' ? value : 'camera');

/** As Lit reads them. */
export const publishAttributes: PropertyDeclarations = {
  relay: text,
  channel: text,
  /** Not reflected: what a page is told in secret shall not stand in its markup. */
  token: {},
  tokenProvider: { attribute: false },
  srcObject: { attribute: false },
  source: { reflect: true, converter: { fromAttribute: source } },
  camera: {},
  /** An id, or `none`. */
  microphone: {},
  muted: flag,
  cameraOff: { ...flag, attribute: 'camera-off' },
  noControls: { ...flag, attribute: 'no-controls' },
  resolution: { converter: number(DEFAULT_RESOLUTION) },
  frameRate: { attribute: 'frame-rate', converter: number(DEFAULT_FRAME_RATE) },
  maxVideoKbps: { attribute: 'max-video-kbps', converter: number(null) },
  audioKbps: { attribute: 'audio-kbps', converter: number(DEFAULT_AUDIO_KBPS) },
};
