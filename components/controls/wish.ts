// What a control asks for: it goes up as an event, and what comes of it comes down as attributes.

/** Something that the viewer wants. `volume` is 0–1; `time` is on the video's own clock, in seconds. */
export type Wish =
  | { readonly to: 'play' | 'pause' | 'stop' | 'mute' | 'unmute' | 'live' | 'fullscreen' | 'pip' | 'retry' }
  | { readonly to: 'volume'; readonly volume: number }
  | { readonly to: 'seek'; readonly time: number };

/** The event that carries a wish from a control to the element, and no further. */
export class WishEvent extends Event {
  static readonly type = 'p2p-live-wish';
  readonly wish: Wish;

  constructor(wish: Wish) {
    super(WishEvent.type, { bubbles: true, composed: true });
    this.wish = wish;
  }
}
