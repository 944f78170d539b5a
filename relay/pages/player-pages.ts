// The pages of a channel: one that fills a frame, one to watch and to share, and one that says why there is neither.

import { type EmbedLinks, embedLinks, FRAME, frameMarkup, titleOf } from './embed-links.ts';
import { type EmbedOptions, elementMarkup } from './embed-options.ts';
import { Markup, markup } from './markup.ts';

/** A page of a channel, and where it is. */
export interface PlayerPage {
  readonly name: string;
  readonly options: EmbedOptions;
  /** The relay's, as the client used it. */
  readonly origin: string;
  /** Path of the folder with the element and the pages' styles. */
  readonly assets: string;
}

const RIGHT_TO_LEFT = /^(ar|ckb|dv|fa|he|ps|sd|ug|ur|yi)\b/;
const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Ccircle cx='8' cy='8' r='5' fill='%23ff4b4b'/%3E%3C/svg%3E";

/** Fills its window with the player. */
export function embedPage({ name, options, origin, assets }: PlayerPage): Markup {
  const links = embedLinks(origin, name, options);
  const lang = options.get('lang') ?? 'en';
  return page({
    ...{ lang, title: titleOf(name) },
    head: [
      markup`<meta name="robots" content="noindex"><link rel="canonical" href="${links.watch}">\n    `,
      discovery(links, name),
      loading(assets, 'embed'),
    ],
    body: elementMarkup(name, options),
  });
}

/** The player, and what to paste where to have it elsewhere. It plays unless it is told not to. */
export function watchPage({ name, options, origin, assets }: PlayerPage): Markup {
  const links = embedLinks(origin, name, options);
  const script = markup`<script type="module" src="${origin}/p2p-live.js"></script>\n`.text;
  const element = script + elementMarkup(name, options, origin).text;
  return page({
    lang: 'en',
    title: titleOf(name),
    head: [
      discovery(links, name),
      openGraph(links, name, origin, options),
      loading(assets, 'watch'),
      markup`<script type="module" src="${assets}p2p-live-watch.js"></script>`,
    ],
    body: markup`
    <main>
      <div class="stage">${elementMarkup(name, new Map([['autoplay', '1'], ...options]))}</div>
      <h1>${name}</h1>
      <section aria-labelledby="share">
        <h2 id="share">Share</h2>
        ${snippet('link', 'Link', 'For people, and for sites that make a player of it (oEmbed).', links.watch)}
        ${snippet('frame', 'Frame', 'For any page or CMS that takes HTML.', frameMarkup(links.embed, name).text)}
        ${snippet('element', 'Element', 'For your own pages: it is styled and scripted like a video element.', element)}
      </section>
    </main>`,
  });
}

/** Says what is wrong with the address, or with the relay. */
export function messagePage(title: string, message: string): Markup {
  const head = [new Markup('<link rel="stylesheet" href="/p2p-live-watch.css">')];
  const body = markup`
    <main class="message">
      <h1>${title}</h1>
      <p>${message}</p>
    </main>`;
  return page({ lang: 'en', title, head, body });
}

interface Page {
  readonly lang: string;
  readonly title: string;
  readonly head: readonly Markup[];
  readonly body: Markup;
}

function page({ lang, title, head, body }: Page): Markup {
  const direction = RIGHT_TO_LEFT.test(lang) ? 'rtl' : 'ltr';
  return markup`<!doctype html>
<html lang="${lang}" dir="${direction}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    <link rel="icon" href="${ICON}">
    ${head}
  </head>
  <body>${body}</body>
</html>
`;
}

function loading(assets: string, style: 'embed' | 'watch'): Markup {
  return markup`<link rel="stylesheet" href="${assets}p2p-live-${style}.css">
    <script type="module" src="${assets}p2p-live-token.js"></script>
    <script type="module" src="${assets}p2p-live.js"></script>`;
}

function discovery({ json, xml }: EmbedLinks, name: string): Markup {
  return markup`<link rel="alternate" type="application/json+oembed" href="${json}" title="${titleOf(name)}">
    <link rel="alternate" type="text/xml+oembed" href="${xml}" title="${titleOf(name)}">
    `;
}

function openGraph({ watch, embed }: EmbedLinks, name: string, origin: string, options: EmbedOptions): Markup {
  const title = titleOf(name);
  const poster = options.get('poster');
  const { width, height } = FRAME;
  const graph: readonly (readonly [property: string, content: string | number | undefined])[] = [
    ['og:type', 'video.other'],
    ['og:title', title],
    ['og:site_name', new URL(origin).host],
    ['og:url', watch],
    ['og:image', poster],
    ['og:video', embed],
    ['og:video:secure_url', embed.startsWith('https:') ? embed : undefined],
    ['og:video:type', 'text/html'],
    ['og:video:width', width],
    ['og:video:height', height],
    ['twitter:card', 'player'],
    ['twitter:title', title],
    ['twitter:image', poster],
    ['twitter:player', embed],
    ['twitter:player:width', width],
    ['twitter:player:height', height],
  ];
  const tags = graph.flatMap(([property, content]) => {
    if (content === undefined) return [];
    // Open Graph's are named by `property`, Twitter's by `name`.
    const kind = new Markup(property.startsWith('og:') ? 'property' : 'name');
    return markup`<meta ${kind}="${property}" content="${content}">\n    `;
  });
  return markup`${tags}`;
}

function snippet(id: string, title: string, use: string, text: string): Markup {
  return markup`<div class="snippet">
          <h3 id="${id}">${title}</h3>
          <p>${use}</p>
          <pre tabindex="0" aria-labelledby="${id}"><code>${text}</code></pre>
        </div>`;
}
