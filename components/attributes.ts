// The attributes of <p2p-live>, and how their words become properties.

import type { PropertyDeclarations } from 'lit';

/** Seconds. */
export const DEFAULT_TARGET_LATENCY = 0.85;

const text = {
  reflect: true,
  converter: { fromAttribute: (value: string | null) => value ?? '', toAttribute: (value: string) => value || null },
};
const flag = { type: Boolean, reflect: true };
const seconds = (value: string | null) => (Number(value) > 0 ? Number(value) : DEFAULT_TARGET_LATENCY);
const level = (value: string | null) =>
  value === null || !Number.isFinite(Number(value)) ? 1 : Math.min(1, Math.max(0, Number(value)));
const limit = (value: string | null) => (Number(value) > 0 && Number.isFinite(Number(value)) ? Number(value) : null);
const membership = (value: string | null) => (value === 'off' || value === 'download-only' ? value : 'on');

/** As Lit reads them. */
export const attributes: PropertyDeclarations = {
  relay: text,
  name: text,
  poster: text,
  autoplay: flag,
  controls: flag,
  targetLatency: { attribute: 'target-latency', converter: { fromAttribute: seconds } },
  muted: { type: Boolean, noAccessor: true },
  volume: { noAccessor: true, converter: { fromAttribute: level } },
  p2p: { converter: { fromAttribute: membership } },
  maxUploadKbps: { attribute: 'max-upload-kbps', converter: { fromAttribute: limit } },
  maxUploadMb: { attribute: 'max-upload-mb', converter: { fromAttribute: limit } },
  p2pCellular: { ...flag, attribute: 'p2p-cellular' },
  p2pPrivacy: { ...flag, attribute: 'p2p-privacy' },
};
