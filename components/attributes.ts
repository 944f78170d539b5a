// The attributes of <p2p-live>, and how their words become properties.

import type { PropertyDeclarations } from 'lit';

/** Seconds. */
export const DEFAULT_TARGET_LATENCY = 0.85;
/** Seconds that a viewer may go back. */
export const DEFAULT_REWIND = 600;

const text = {
  reflect: true,
  converter: { fromAttribute: (value: string | null) => value ?? '', toAttribute: (value: string) => value || null },
};
const flag = { type: Boolean, reflect: true };
const seconds = (value: string | null) => (Number(value) > 0 ? Number(value) : DEFAULT_TARGET_LATENCY);
const level = (value: string | null) =>
  value === null || !Number.isFinite(Number(value)) ? 1 : Math.min(1, Math.max(0, Number(value)));
const span = (value: string | null) => (value !== null && Number(value) >= 0 ? Number(value) : DEFAULT_REWIND);
const preloading = (value: string | null) =>
  value === 'metadata' || value === 'auto' || value === '' ? value || 'auto' : 'none';
const sharing = (value: string | null) =>
  value === null || value === 'use-credentials' ? value : ('anonymous' as const);
/** Accessors of the element that take no part in updates; named so that what was set before the upgrade is kept. */
const own = { attribute: false, noAccessor: true };
const limit = (value: string | null) => (Number(value) > 0 && Number.isFinite(Number(value)) ? Number(value) : null);
const membership = (value: string | null) => (value === 'off' || value === 'download-only' ? value : 'on');

/** As Lit reads them. */
export const attributes: PropertyDeclarations = {
  relay: text,
  name: text,
  recording: text,
  token: { ...text, reflect: false },
  poster: text,
  autoplay: flag,
  controls: flag,
  loop: flag,
  preload: {
    reflect: true,
    converter: { fromAttribute: preloading, toAttribute: (value: string) => (value === 'none' ? null : value) },
  },
  crossOrigin: { attribute: 'crossorigin', reflect: true, converter: { fromAttribute: sharing } },
  disablePictureInPicture: { ...flag, attribute: 'disablepictureinpicture' },
  rewind: { converter: { fromAttribute: span } },
  targetLatency: { attribute: 'target-latency', converter: { fromAttribute: seconds } },
  defaultMuted: { type: Boolean, attribute: 'muted', noAccessor: true },
  muted: own,
  currentTime: own,
  playbackRate: own,
  defaultPlaybackRate: own,
  preservesPitch: own,
  volume: { noAccessor: true, converter: { fromAttribute: level } },
  p2p: { converter: { fromAttribute: membership } },
  maxUploadKbps: { attribute: 'max-upload-kbps', converter: { fromAttribute: limit } },
  maxUploadMb: { attribute: 'max-upload-mb', converter: { fromAttribute: limit } },
  p2pCellular: { ...flag, attribute: 'p2p-cellular' },
  p2pPrivacy: { ...flag, attribute: 'p2p-privacy' },
};
