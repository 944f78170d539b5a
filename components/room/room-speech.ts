// The words of <p2p-room> in the languages that come with the package, each in a file of its own.

import type { ReactiveControllerHost } from 'lit';
import { Speech, Vocabulary } from '../vocabulary.ts';
import { type RoomStrings, roomStrings } from './room-strings.ts';

const vocabulary = new Vocabulary<RoomStrings>(roomStrings, {
  ar: () => import('../locales/room-ar.ts'),
  de: () => import('../locales/room-de.ts'),
});

/** Teaches all rooms a language (BCP 47, `fr` or `fr-CA`); what `words` leaves out stays English. */
export function addRoomStrings(language: string, words: Partial<RoomStrings>): void {
  vocabulary.add(language, words);
}

/** The words of one <p2p-room>. */
export class RoomSpeech extends Speech<RoomStrings> {
  constructor(host: ReactiveControllerHost & HTMLElement) {
    super(host, vocabulary);
  }
}
