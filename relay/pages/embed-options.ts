// What an address of the embed page may ask for behind its question mark: named as the element's attributes.

import { Markup, markup } from './markup.ts';

/** Canonical values by option, in the order of the table below. Only what was given is there. */
export type EmbedOptions = ReadonlyMap<string, string>;

/** The options, or one sentence about the first that can't be taken. */
export type EmbedRequest = { readonly options: EmbedOptions } | { readonly fault: string };

interface Option {
  readonly accepts: string;
  /** The canonical value; undefined if it isn't one. `base` is the relay's origin. */
  readonly read: (text: string, base: string) => string | undefined;
}

const flag: Option = {
  accepts: '1 or 0',
  read: text => ({ '': '1', '1': '1', true: '1', '0': '0', false: '0' })[text],
};
const word = (...words: string[]): Option => ({
  accepts: words.join(', '),
  read: text => words.find(word => word === text),
});
const number = (from: number, to: number): Option => ({
  accepts: `a number from ${from} to ${to}`,
  read: text => (/^\d+(\.\d+)?$/.test(text) && +text >= from && +text <= to ? String(+text) : undefined),
});

const FLAGS: ReadonlySet<string> = new Set(['autoplay', 'muted', 'controls', 'p2p-privacy']);
const OPTIONS: ReadonlyMap<string, Option> = new Map([
  ...[...FLAGS].map(name => [name, flag] as const),
  ['p2p', word('on', 'off', 'download-only')],
  ['rewind', number(0, 86_400)],
  ['target-latency', number(0.1, 60)],
  ['max-upload-kbps', number(0, 1_000_000)],
  ['poster', { accepts: 'the http or https address of a picture', read: readPoster }],
  ['lang', { accepts: 'a language, such as en or ar-EG', read: readLanguage }],
]);

/** Reads a query; options of others are none of ours. A poster's address is resolved against `base`, the relay's origin. */
export function readEmbedOptions(query: URLSearchParams, base: string): EmbedRequest {
  const options = new Map<string, string>();
  for (const [name, { accepts, read }] of OPTIONS) {
    const text = query.get(name);
    if (text === null) continue;
    const value = read(text, base);
    if (value === undefined) return { fault: `${name}=${text.slice(0, 80)}: it takes ${accepts}` };
    options.set(name, value);
  }
  return { options };
}

/** The element's tag. Without `relay` it is the page's own origin. */
export function elementMarkup(name: string, options: EmbedOptions, relay?: string): Markup {
  const attributes = [...new Map([['controls', '1'], ...options])].flatMap(([option, value]) => {
    if (FLAGS.has(option) && value === '0') return [];
    const bare = new Markup(` ${option}`); // a name of the table
    return FLAGS.has(option) ? bare : markup`${bare}="${value}"`;
  });
  const origin = relay === undefined ? [] : [markup` relay="${relay}"`];
  return markup`<p2p-live${origin} name="${name}"${attributes}></p2p-live>`;
}

// The origin stands in the page's policy, where a ; or , would begin something else.
function readPoster(text: string, base: string): string | undefined {
  if (!URL.canParse(text, base)) return undefined;
  const { protocol, host, username, href } = new URL(text, base);
  return /^https?:$/.test(protocol) && /^[\w.:[\]-]+$/.test(host) && !username ? href : undefined;
}

function readLanguage(text: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(text)[0];
  } catch {
    return undefined;
  }
}
