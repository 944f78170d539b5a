// What a broadcast is told by its element, and what it needs from elsewhere.

import type { ReactiveControllerHost } from 'lit';
import type { Publication, PublicationOptions } from './engine/publication.ts';
import type { MediaWish } from './media-wish.ts';
import type { PublishSource } from './publish-state.ts';

/** What is used of a Publication. */
export type PublicationFace = EventTarget &
  Pick<Publication, 'state' | 'error' | 'stats' | 'start' | 'stop' | 'setTrack' | 'setMuted' | 'setToken'>;
/** Makes what carries the tracks to the relay. */
export type PublicationFactory = (options: PublicationOptions) => PublicationFace;
/** Gets a fresh token for a channel from the page's server. */
export type TokenProvider = (channel: string) => string | Promise<string>;

/** The element, as its broadcast sees it. */
export interface BroadcastHost extends ReactiveControllerHost, EventTarget {
  readonly relay: string;
  readonly channel: string;
  readonly token: string;
  readonly tokenProvider: TokenProvider | null;
  source: Exclude<PublishSource, 'own'>;
  readonly srcObject: MediaStream | null;
  readonly camera: string;
  readonly microphone: string;
  readonly resolution: number;
  readonly frameRate: number;
  readonly videoKbps: number;
  readonly audioKbps: number;
  readonly muted: boolean;
  readonly cameraOff: boolean;
  readonly isConnected: boolean;
}

/** What the host wants of the devices. A camera that is off isn't asked for. */
export function wishOf(host: BroadcastHost): MediaWish {
  const { camera, microphone, resolution, frameRate, cameraOff } = host;
  const source = host.source === 'camera' && cameraOff ? 'microphone' : host.source;
  return { source, camera, microphone, height: resolution, frameRate };
}
