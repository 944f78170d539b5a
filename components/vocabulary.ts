// Which words an element speaks: those of the language of its place.

import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** All words of a kind of element in one language. */
interface Words {
  /** How numbers and times are written (BCP 47). */
  readonly locale: string;
}

/** The words of one kind of element, in all languages that it knows or can fetch. */
export class Vocabulary<Kind extends Words> {
  /** English, which stays where no others are to be had. */
  readonly own: Kind;
  readonly #shipped: Readonly<Record<string, () => Promise<{ readonly words: Kind }>>>;
  readonly #known: Map<string, Kind>;
  readonly #followers = new Set<() => void>();

  /** `shipped`: what comes with the package, each in a file of its own that is fetched when it is needed. */
  constructor(own: Kind, shipped: Readonly<Record<string, () => Promise<{ readonly words: Kind }>>>) {
    this.own = own;
    this.#shipped = shipped;
    this.#known = new Map([['en', own]]);
  }

  /** Teaches all elements a language (BCP 47, `fr` or `fr-CA`); what `words` leaves out stays English. */
  add(language: string, words: Partial<Kind>): void {
    this.#known.set(language.toLowerCase(), { ...this.own, locale: language, ...words });
    for (const follow of this.#followers) follow();
  }

  /** The words of a language; English until others have come. */
  find(language: string): Kind {
    const whole = language.toLowerCase();
    const [primary = ''] = whole.split('-');
    const words = this.#known.get(whole) ?? this.#known.get(primary);
    if (!words && Object.hasOwn(this.#shipped, primary)) void this.#fetch(primary);
    return words ?? this.own;
  }

  /** Calls back whenever there are more words, until the answer is called. */
  watch(follow: () => void): () => void {
    this.#followers.add(follow);
    return () => this.#followers.delete(follow);
  }

  async #fetch(language: string): Promise<void> {
    // Not asked for twice.
    this.#known.set(language, this.own);
    const { words } = await this.#shipped[language]!().catch(() => ({ words: this.own }));
    this.add(language, words);
  }
}

/** Follows the `lang` of the host or of what it is in, and updates the host when that has other words. */
export class Speech<Kind extends Words> implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #vocabulary: Vocabulary<Kind>;
  readonly #observer = new MutationObserver(() => this.#follow());
  #unwatch: (() => void) | undefined;
  #strings: Kind;

  constructor(host: ReactiveControllerHost & HTMLElement, vocabulary: Vocabulary<Kind>) {
    this.#host = host;
    this.#vocabulary = vocabulary;
    this.#strings = vocabulary.own;
    host.addController(this);
  }

  /** The host's words. */
  get strings(): Kind {
    return this.#strings;
  }

  hostConnected(): void {
    this.#unwatch = this.#vocabulary.watch(() => this.#follow());
    for (const root of rootsOf(this.#host))
      this.#observer.observe(root, { attributes: true, attributeFilter: ['lang'], subtree: true });
    this.#follow();
  }

  hostDisconnected(): void {
    this.#unwatch?.();
    this.#observer.disconnect();
  }

  #follow(): void {
    const words = this.#vocabulary.find(languageOf(this.#host));
    if (words === this.#strings) return;
    this.#strings = words;
    this.#host.requestUpdate();
  }
}

/** The language of an element's place (BCP 47), by `lang` on it or around it, through shadow trees; empty where nothing says. */
export function languageOf(element: Element): string {
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
