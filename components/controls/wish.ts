// What a control asks for; what comes of it comes down with the next view.

/** Something that the viewer wants. `volume` is 0–1; `time` is in seconds on the video's own clock. */
export type Wish =
  | {
      readonly to: 'play' | 'pause' | 'stop' | 'mute' | 'unmute' | 'live' | 'fullscreen' | 'pip' | 'captions' | 'retry';
    }
  | { readonly to: 'volume'; readonly volume: number }
  | { readonly to: 'seek'; readonly time: number };
