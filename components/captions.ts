// The captions and subtitles of the video: whether there are any, whether they are seen, and which.

import type { ReactiveControllerHost } from 'lit';
import { languageOf } from './vocabulary.ts';

/** Follows the video's text tracks, whoever changes them, and shows one of them or none. */
export class Captions {
  readonly #host: ReactiveControllerHost & HTMLElement;
  #tracks: TextTrack[] = [];
  #shown: TextTrack | undefined;
  #last: TextTrack | undefined;

  constructor(host: ReactiveControllerHost & HTMLElement, { textTracks }: HTMLVideoElement) {
    this.#host = host;
    for (const type of ['change', 'addtrack', 'removetrack'])
      textTracks.addEventListener(type, () => {
        this.#tracks = [...textTracks].filter(({ kind }) => /^(cap|sub)/.test(kind));
        this.#shown = this.#tracks.find(({ mode }) => mode === 'showing');
        this.#last = this.#shown ?? this.#last;
        host.requestUpdate();
      });
  }

  get available(): boolean {
    return this.#tracks.length > 0;
  }

  get active(): boolean {
    return this.#shown !== undefined;
  }

  /** Hides them all, or shows the one that was shown last; else the one in the language of the page, else the first. */
  async toggle(): Promise<void> {
    const tracks = this.#tracks;
    for (const track of tracks) if (track.mode === 'showing') track.mode = 'disabled';
    if (this.active) return;
    const spoken = languageOf(this.#host).toLowerCase();
    // `de-AT` is `de`, but `fil` is not `fi`.
    const speaking = (wanted = '') =>
      tracks.find(({ language }) => `${language.toLowerCase()}-`.startsWith(`${wanted}-`));
    const last = tracks.find(track => track === this.#last);
    const next = last ?? speaking(spoken) ?? speaking(spoken.split('-')[0]) ?? tracks[0];
    if (next) next.mode = 'showing';
  }
}
