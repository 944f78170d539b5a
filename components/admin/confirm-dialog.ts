// Asks before something is done that can't be undone.

import { html } from 'lit';
import { adminStrings } from './admin-strings.ts';

/** `word` is what the button says that does it. */
export interface Question {
  readonly title: string;
  readonly text: string;
  readonly word: string;
  readonly yes: () => void;
}

export function confirmDialog({ title, text, word, yes }: Question, no: () => void) {
  return html`<p2p-admin-dialog heading=${title} @dismiss=${no}>
    <p class="question">${text}</p>
    <div class="answers">
      <button type="button" autofocus @click=${no}>${adminStrings.cancel}</button>
      <button type="button" class="primary danger" @click=${yes}>${word}</button>
    </div>
  </p2p-admin-dialog>`;
}
