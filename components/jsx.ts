// What <p2p-live> takes in JSX: `P2pLiveElements`, to be added to the intrinsic elements of whatever JSX a page is written in. Types only.

import type { P2pLive } from './p2p-live.ts';

/** The attributes of <p2p-live> as they stand in HTML. */
export interface P2pLiveAttributes {
  relay?: string;
  name?: string;
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
}

/** The element that such a tag makes: for refs. */
export type P2pLiveElement = P2pLive;
