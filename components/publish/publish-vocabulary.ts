// The words of <p2p-publish> in the languages that come with the package, each in a file of its own.

import { Vocabulary } from '../vocabulary.ts';
import { type PublishStrings, publishStrings } from './publish-strings.ts';

export const publishVocabulary = new Vocabulary<PublishStrings>(publishStrings, {
  ar: () => import('../locales/publish-ar.ts'),
  de: () => import('../locales/publish-de.ts'),
});
