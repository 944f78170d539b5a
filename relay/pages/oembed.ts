// oEmbed 1.0 (https://oembed.com): how to embed the page at an address of ours.

import { requestedChannel } from '../http/requested-channel.ts';
import { EMBED_PATH, embedLinks, FRAME, frameMarkup, titleOf, WATCH_PATH } from './embed-links.ts';
import { readEmbedOptions } from './embed-options.ts';
import { Markup, markup } from './markup.ts';

/** Seconds that an answer may be kept. */
export const OEMBED_AGE = 3_600;
/** No frame is larger, whatever is asked for (pixels). */
const LARGEST = { width: 1_920, height: 1_080 };

/** An answer's status, type and text. */
export interface OEmbedAnswer {
  readonly status: 200 | 400 | 404 | 501;
  readonly type: string;
  readonly body: string;
}

/** Answers `?url=…&maxwidth=…&maxheight=…&format=…`; `origin` is the relay's, as the client used it. */
export function answerOEmbed(query: URLSearchParams, origin: string): OEmbedAnswer {
  const format = query.get('format') ?? 'json';
  if (format !== 'json' && format !== 'xml') return refusal(501, 'format is json or xml');
  const url = query.get('url');
  if (url === null) return refusal(400, `url is missing: the address of a channel, ${origin}${WATCH_PATH}<channel>`);
  const [width, height] = [readLimit(query.get('maxwidth')), readLimit(query.get('maxheight'))];
  if (width === undefined || height === undefined)
    return refusal(400, 'maxwidth and maxheight are whole numbers of pixels');
  const found = channelAt(url, origin);
  if ('fault' in found) return refusal(404, found.fault);
  const size = fit(width, height);
  const { channel, query: asked } = found;
  const request = readEmbedOptions(asked, origin);
  if ('fault' in request) return refusal(404, request.fault);
  const { embed } = embedLinks(origin, channel, request.options);
  const answer = {
    ...{ type: 'video', version: '1.0', title: titleOf(channel) },
    ...{ provider_name: new URL(origin).host, provider_url: origin, cache_age: OEMBED_AGE },
    ...{ ...size, html: frameMarkup(embed, channel, size).text },
  };
  return format === 'json'
    ? { status: 200, type: 'application/json', body: JSON.stringify(answer) }
    : { status: 200, type: 'text/xml; charset=utf-8', body: xmlOf(answer) };
}

const CODES = { 400: 'bad-request', 404: 'no-page', 501: 'no-format' } as const;

function refusal(status: keyof typeof CODES, message: string): OEmbedAnswer {
  return { status, type: 'application/json', body: JSON.stringify({ error: { code: CODES[status], message } }) };
}

function channelAt(address: string, origin: string): { channel: string; query: URLSearchParams } | { fault: string } {
  const pages = `addresses here begin with ${origin}${WATCH_PATH} or ${origin}${EMBED_PATH}`;
  if (!URL.canParse(address)) return { fault: pages };
  const { protocol, host, pathname, searchParams } = new URL(address);
  // Whoever copies an address may have it from behind a proxy that speaks HTTPS, or from before it did.
  if (!/^https?:$/.test(protocol) || host !== new URL(origin).host) return { fault: pages };
  const path = [WATCH_PATH, EMBED_PATH].find(path => pathname.startsWith(path));
  if (!path) return { fault: pages };
  const requested = requestedChannel(address, path);
  return 'fault' in requested ? requested : { channel: requested.name, query: searchParams };
}

/** Null for no limit, undefined for nonsense. */
function readLimit(text: string | null): number | null | undefined {
  if (text === null) return null;
  return /^[1-9]\d{0,5}$/.test(text) ? Number(text) : undefined;
}

/** The largest 16:9 picture within both limits. */
function fit(maxWidth: number | null, maxHeight: number | null): { width: number; height: number } {
  if (maxWidth === null && maxHeight === null) return FRAME;
  const tallest = Math.min(maxHeight ?? LARGEST.height, LARGEST.height);
  const width = Math.min(maxWidth ?? LARGEST.width, LARGEST.width, Math.max(1, Math.floor((tallest * 16) / 9)));
  return { width, height: Math.min(tallest, Math.max(1, Math.round((width * 9) / 16))) };
}

function xmlOf(answer: Readonly<Record<string, string | number>>): string {
  const fields = Object.entries(answer).map(([name, value]) => {
    const tag = new Markup(name); // ours
    return markup`<${tag}>${value}</${tag}>`;
  });
  return markup`<?xml version="1.0" encoding="utf-8" standalone="yes"?><oembed>${fields}</oembed>`.text;
}
