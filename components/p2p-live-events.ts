// The events of <p2p-live> by name, for whoever listens in TypeScript.

import type { ChannelMessageEvent } from './channel-message.ts';
import type { PlayerStats } from './engine/player-stats.ts';
import type { P2pConsentDetail } from './p2p-consent.ts';
import type { P2pLive } from './p2p-live.ts';
import type { PlayerState } from './player.ts';
import type { Metadata } from './timed-metadata.ts';

/** What the element fires beside HTMLMediaElement's events. */
export interface P2pLiveEventMap {
  /** It is on its way from nothing to pictures, or back. */
  statechange: CustomEvent<{ readonly state: PlayerState; readonly previous: PlayerState }>;
  /** Once a second while it plays. */
  stats: CustomEvent<PlayerStats>;
  /** What came with the stream: ID3, onMetaData, onCuePoint. */
  metadata: CustomEvent<Metadata>;
  /** Something went wrong, and the stream plays on. */
  warning: CustomEvent<{ readonly code: string; readonly message: string }>;
  /** Somebody on the channel has sent something, perhaps this element; each sender's come in the order they were sent. */
  message: ChannelMessageEvent;
  /** Before the first peer is connected; whoever calls `preventDefault()` answers by `detail.allow()` or `detail.deny()`. */
  p2pconsent: CustomEvent<P2pConsentDetail>;
}

/** HTMLMediaElement's events, by the names that React gives their listeners. */
export const mediaEvents = {
  onError: 'error',
  onAbort: 'abort',
  onCanPlay: 'canplay',
  onCanPlayThrough: 'canplaythrough',
  onDurationChange: 'durationchange',
  onEmptied: 'emptied',
  onEnded: 'ended',
  onEnterPictureInPicture: 'enterpictureinpicture',
  onLeavePictureInPicture: 'leavepictureinpicture',
  onLoadedData: 'loadeddata',
  onLoadedMetadata: 'loadedmetadata',
  onLoadStart: 'loadstart',
  onPause: 'pause',
  onPlay: 'play',
  onPlaying: 'playing',
  onProgress: 'progress',
  onRateChange: 'ratechange',
  onResize: 'resize',
  onSeeked: 'seeked',
  onSeeking: 'seeking',
  onStalled: 'stalled',
  onSuspend: 'suspend',
  onTimeUpdate: 'timeupdate',
  onVolumeChange: 'volumechange',
  onWaiting: 'waiting',
} as const;

type Options = boolean | AddEventListenerOptions;
type Listener<Type extends keyof P2pLiveEventMap> = (this: P2pLive, event: P2pLiveEventMap[Type]) => unknown;

declare module './p2p-live.ts' {
  interface P2pLive {
    addEventListener<Type extends keyof P2pLiveEventMap>(type: Type, listener: Listener<Type>, options?: Options): void;
    addEventListener<Type extends keyof HTMLElementEventMap>(
      type: Type,
      listener: (this: P2pLive, event: HTMLElementEventMap[Type]) => unknown,
      options?: Options,
    ): void;
    addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: Options): void;
  }
}
