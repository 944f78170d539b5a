// What <p2p-live>, <p2p-publish> and <p2p-room> take in JSX: `P2pLiveElements`, to be added to the intrinsic elements of whatever JSX a page is written in. Types only.

import type { P2pLive } from './p2p-live.ts';
import type { TokenProvider } from './publish/broadcast-host.ts';

/** The attributes of <p2p-live> as they stand in HTML. */
export interface P2pLiveAttributes {
  relay?: string;
  name?: string;
  /** `<channel>/<stamp>`, in place of a channel. */
  recording?: string;
  /** Lets the viewer watch. */
  token?: string;
  poster?: string;
  autoplay?: boolean;
  controls?: boolean;
  muted?: boolean;
  loop?: boolean;
  preload?: 'none' | 'metadata' | 'auto';
  crossorigin?: 'anonymous' | 'use-credentials' | '';
  disablepictureinpicture?: boolean;
  /** 0–1. */
  volume?: number | string;
  /** Seconds that a viewer may go back. */
  rewind?: number | string;
  /** Seconds between capture and showing. */
  'target-latency'?: number | string;
  p2p?: 'on' | 'off' | 'download-only';
  'max-upload-kbps'?: number | string;
  'max-upload-mb'?: number | string;
  'p2p-cellular'?: boolean;
  'p2p-privacy'?: boolean;
}

/** The attributes of <p2p-publish>, and the properties that only scripts set. */
export interface P2pPublishAttributes {
  relay?: string;
  channel?: string;
  token?: string;
  tokenProvider?: TokenProvider | null;
  srcObject?: MediaStream | null;
  source?: 'camera' | 'screen' | 'microphone';
  camera?: string;
  /** A deviceId, or `none`. */
  microphone?: string;
  muted?: boolean;
  'camera-off'?: boolean;
  'no-controls'?: boolean;
  /** Lines. */
  resolution?: number | string;
  'frame-rate'?: number | string;
  'max-video-kbps'?: number | string;
  'audio-kbps'?: number | string;
}

/** The attributes of <p2p-room>. */
export interface P2pRoomAttributes {
  relay?: string;
  name?: string;
  user?: string;
  token?: string;
  p2p?: 'on' | 'off';
  autojoin?: boolean;
  muted?: boolean;
  'camera-off'?: boolean;
}

/** What every element takes, whatever library draws it. */
interface GlobalAttributes {
  id?: string;
  class?: string;
  className?: string;
  style?: unknown;
  slot?: string;
  lang?: string;
  dir?: 'ltr' | 'rtl' | 'auto';
  title?: string;
  hidden?: boolean;
  children?: unknown;
  key?: string | number | null;
  /** A callback, or an object that a library fills. */
  ref?: unknown;
  /** Listeners, as each library writes them: `onstats`, `on:stats`, `onStats`. */
  [listener: `on${string}`]: unknown;
  [data: `data-${string}`]: unknown;
  [aria: `aria-${string}`]: unknown;
}

/** Tags by name. For Preact: `declare module 'preact' { namespace JSX { interface IntrinsicElements extends P2pLiveElements {} } }`. */
export interface P2pLiveElements {
  'p2p-live': P2pLiveAttributes & GlobalAttributes;
  'p2p-publish': P2pPublishAttributes & GlobalAttributes;
  'p2p-room': P2pRoomAttributes & GlobalAttributes;
}

/** The element that such a tag makes: for refs. */
export type P2pLiveElement = P2pLive;
