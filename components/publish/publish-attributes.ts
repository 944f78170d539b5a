// The attributes of <p2p-publish>, and how their words become properties.

import type { PropertyDeclarations } from 'lit';

/** Lines of the pictures that are offered. */
export const RESOLUTIONS: readonly number[] = [1_080, 720, 480, 360];
/** What the properties are until something else is said. Resolution in lines, rates in frames a second and kbit/s. */
export const PUBLISH_DEFAULTS = {
  relay: '',
  channel: '',
  token: '',
  tokenProvider: null,
  srcObject: null,
  source: 'camera',
  camera: '',
  microphone: '',
  muted: false,
  cameraOff: false,
  noControls: false,
  resolution: 720,
  frameRate: 30,
  maxVideoKbps: null,
  audioKbps: 96,
} as const;

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
  resolution: { converter: number(PUBLISH_DEFAULTS.resolution) },
  frameRate: { attribute: 'frame-rate', converter: number(PUBLISH_DEFAULTS.frameRate) },
  maxVideoKbps: { attribute: 'max-video-kbps', converter: number(null) },
  audioKbps: { attribute: 'audio-kbps', converter: number(PUBLISH_DEFAULTS.audioKbps) },
};
