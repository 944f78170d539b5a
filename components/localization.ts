// The words of <p2p-live> in the languages that come with the package, each in a file of its own.

import type { ReactiveControllerHost } from 'lit';
import { type Strings, strings } from './strings.ts';
import { Speech, Vocabulary } from './vocabulary.ts';

const vocabulary = new Vocabulary<Strings>(strings, {
  ar: () => import('./locales/ar.ts'),
  de: () => import('./locales/de.ts'),
});

/** Teaches all elements a language (BCP 47, `fr` or `fr-CA`); what `words` leaves out stays English. */
export function addStrings(language: string, words: Partial<Strings>): void {
  vocabulary.add(language, words);
}

/** The words of one <p2p-live>. */
export class Localization extends Speech<Strings> {
  constructor(host: ReactiveControllerHost & HTMLElement) {
    super(host, vocabulary);
  }
}
