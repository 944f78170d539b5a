// Which words an element speaks: those of the language of its place.

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { type Strings, strings } from './strings.ts';

/** What comes with the package, each in a file of its own that is fetched when it is needed. */
const shipped: Readonly<Record<string, () => Promise<{ readonly words: Strings }>>> = {
  ar: () => import('./locales/ar.ts'),
  de: () => import('./locales/de.ts'),
};
const known = new Map<string, Strings>([['en', strings]]);
const followers = new Set<Localization>();

/** Teaches all elements a language (BCP 47, `fr` or `fr-CA`); what `words` leaves out stays English. */
export function addStrings(language: string, words: Partial<Strings>): void {
  known.set(language.toLowerCase(), { ...strings, locale: language, ...words });
  for (const follower of followers) follower.follow();
}

/** Follows the `lang` of the host or of what it is in, and updates the host when that has other words. */
export class Localization implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #observer = new MutationObserver(() => this.follow());
  #strings = strings;

  constructor(host: ReactiveControllerHost & HTMLElement) {
    this.#host = host;
    host.addController(this);
  }

  /** The host's words. */
  get strings(): Strings {
    return this.#strings;
  }

  hostConnected(): void {
    followers.add(this);
    for (const root of rootsOf(this.#host))
      this.#observer.observe(root, { attributes: true, attributeFilter: ['lang'], subtree: true });
    this.follow();
  }

  hostDisconnected(): void {
    followers.delete(this);
    this.#observer.disconnect();
  }

  /** Looks which words are right, and fetches them if need be. English stays where none are to be had. */
  follow(): void {
    const language = languageOf(this.#host).toLowerCase();
    const [primary = ''] = language.split('-');
    const words = known.get(language) ?? known.get(primary);
    if (!words && Object.hasOwn(shipped, primary)) void fetchWords(primary);
    if (words === this.#strings) return;
    this.#strings = words ?? strings;
    this.#host.requestUpdate();
  }
}

async function fetchWords(language: string): Promise<void> {
  // Not asked for twice.
  known.set(language, strings);
  const { words } = await shipped[language]!().catch(() => ({ words: strings }));
  addStrings(language, words);
}

function languageOf(element: Element): string {
  for (let at: Element | null = element; at; at = parentOf(at)) {
    const language = at.getAttribute('lang');
    if (language !== null) return language;
  }
  return '';
}

function parentOf(element: Element): Element | null {
  const root = element.getRootNode();
  return element.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
}

/** The document and the shadow trees that the element is in. */
function rootsOf(element: Element): Node[] {
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? [root, ...rootsOf(root.host)] : [root];
}
