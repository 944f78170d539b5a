// Which variant of a master playlist is published.

import type { Variant } from './parse-playlist.ts';

/** The highest bandwidth (bit/s) up to `maxBitrate`, else the lowest; audio-only ones only if there is nothing else. */
export function selectVariant(
  variants: readonly Variant[],
  maxBitrate = Number.POSITIVE_INFINITY,
): Variant | undefined {
  const withVideo = variants.filter(variant => !variant.audioOnly);
  const ranked = [...(withVideo.length > 0 ? withVideo : variants)].sort((a, b) => b.bandwidth - a.bandwidth);
  return ranked.find(variant => variant.bandwidth <= maxBitrate) ?? ranked.at(-1);
}
