// What the engine (in its worker) and the page (which alone may make RTCPeerConnections) say to each other about peers.

import type { PeerId } from '../../core/peer-id.ts';
import type { SignalKind } from '../../core/wire/signal.ts';

/** One side of what has to be said to the other peer, by way of the relay. */
export interface PeerSignal {
  readonly peer: PeerId;
  /** Chosen by whoever makes the offer. */
  readonly attempt: number;
  readonly kind: SignalKind;
  readonly text: string;
}

/** From the engine to the page. */
export type PeerCommand =
  /** Once, before anything else and again when they change. */
  | { readonly type: 'ice-servers'; readonly iceServers: readonly RTCIceServer[]; readonly self: PeerId }
  | { readonly type: 'connect'; readonly peer: PeerId }
  /** Nothing follows. With `attempt`, only if that one is still the peer's. */
  | { readonly type: 'disconnect'; readonly peer: PeerId; readonly reason: string; readonly attempt?: number }
  /** The relay has brought this from the peer. */
  | { readonly type: 'signal'; readonly signal: PeerSignal };

/** Both channels to a peer, perhaps not open yet: after `connect`, or because the peer has asked. */
export type PeerChannelsEvent =
  /** The channels themselves, where they can be transferred. */
  | {
      readonly type: 'channels';
      readonly peer: PeerId;
      readonly attempt: number;
      readonly control: RTCDataChannel;
      readonly chunks: RTCDataChannel;
    }
  /** A port that stands for them. */
  | { readonly type: 'port'; readonly peer: PeerId; readonly attempt: number; readonly port: MessagePort };

/** From the page to the engine. Each `channels` or `port` takes the place of the peer's earlier one, which was connected only if `closed` comes between. */
export type PeerEvent =
  | PeerChannelsEvent
  /** For the relay to bring to the peer. */
  | { readonly type: 'signal'; readonly signal: PeerSignal }
  /** No connection came about: once after `connect` or after channels. */
  | { readonly type: 'failed'; readonly peer: PeerId; readonly reason: string }
  /** The connection has ended. */
  | { readonly type: 'closed'; readonly peer: PeerId; readonly reason: string };
