// Where a channel can be watched, embedded and described: the addresses that its pages and its oEmbed answer name.

import type { EmbedOptions } from './embed-options.ts';
import { type Markup, markup } from './markup.ts';

export const WATCH_PATH = '/watch/';
export const EMBED_PATH = '/embed/';
export const OEMBED_PATH = '/oembed';

/** Pixels of a frame that nobody gave a size. */
export const FRAME = { width: 640, height: 360 } as const;

export interface EmbedLinks {
  readonly watch: string;
  readonly embed: string;
  /** oEmbed as JSON, and as XML. */
  readonly json: string;
  readonly xml: string;
}

/** Absolute addresses; `origin` is the relay's, as the client used it. */
export function embedLinks(origin: string, name: string, options: EmbedOptions): EmbedLinks {
  const query = options.size > 0 ? `?${new URLSearchParams([...options])}` : '';
  // A name's characters stand in a path as they are.
  const watch = `${origin}${WATCH_PATH}${name}${query}`;
  const oembed = (format: string) => `${origin}${OEMBED_PATH}?${new URLSearchParams({ url: watch, format })}`;
  return { watch, embed: `${origin}${EMBED_PATH}${name}${query}`, json: oembed('json'), xml: oembed('xml') };
}

/** What people call the page of a channel. */
export const titleOf = (name: string): string => `${name}, live`;

/** The frame to paste into a page; as wide as its place when no size is given. */
export function frameMarkup(embed: string, name: string, size?: { width: number; height: number }): Markup {
  const { width, height } = size ?? FRAME;
  const style = size ? 'border: 0' : 'width: 100%; height: auto; aspect-ratio: 16 / 9; border: 0';
  return markup`<iframe src="${embed}" title="${titleOf(name)}" width="${width}" height="${height}" style="${style}" allow="autoplay; fullscreen; picture-in-picture" allowfullscreen></iframe>`;
}
