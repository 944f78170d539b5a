// What the engine and the page say to each other, across a worker's boundary or within one thread.

import type { Bytes } from '../../core/bytes.ts';
import type { MediaTrack } from '../../core/media/track.ts';
import type { PeerId } from '../../core/peer-id.ts';
import type { Millis } from '../../core/time.ts';
import type { PeerCommand, PeerEvent } from '../links/peer-messages.ts';
import type { HeardMessage } from './heard-message.ts';
import type { Seconds } from './live-controller.ts';
import type { SwarmPolicy } from './swarm-policy.ts';
import type { SwarmStats } from './swarm-stats.ts';

/** Ways to reach a relay. */
export type RelayTransport = 'webtransport' | 'websocket';

/** Why nothing will play: a literal `code` for programs, one sentence for people. */
export interface EngineFault {
  readonly code:
    | 'bad-name'
    | 'bad-relay'
    | 'bad-version'
    | 'no-media-source'
    | 'not-allowed'
    | 'no-recording'
    | 'unsupported-codec'
    | 'playback-failed'
    | 'internal';
  readonly message: string;
}

/** Something that goes wrong while the stream plays on. */
export interface EngineWarning {
  readonly code:
    | 'unsupported-codec'
    | 'bad-media'
    | 'quota'
    | 'relay'
    /** The relay says no for now: it has too many viewers, perhaps. It is asked again. */
    | 'refused'
    | 'no-worker'
    /** Of `message-loss`: its cause. */
    | `message-${string}`
    | 'internal';
  readonly message: string;
}

/** What to play. */
export interface EngineOptions {
  /** The relay's absolute URL. */
  readonly relay: string;
  /** The channel's, or `recordings/<id>` for a recording. */
  readonly name: string;
  /** What lets the viewer watch; empty for nothing. */
  readonly token: string;
  /** In the order in which they are tried. */
  readonly transports: readonly RelayTransport[];
  readonly swarm: SwarmPolicy;
  /** MPEG audio has to come as it is: the browser doesn't take it in MP4. */
  readonly mpegAudioRaw: boolean;
}

/** How peers may be connected. */
export interface PeerTerms {
  readonly iceServers: readonly RTCIceServer[];
  readonly iceTransportPolicy: RTCIceTransportPolicy;
  readonly self: PeerId;
}

/** How the channel is, as far as the engine can tell. */
export type Supply = 'connecting' | 'waiting' | 'live' | 'ended';

/** What the engine has counted since its start. */
export interface EngineCounters {
  /** Media bytes with their headers. */
  readonly bytesFromRelay: number;
  /** Verified chunks that were new. */
  readonly chunks: number;
  /** Chunks whose signature was wrong. */
  readonly rejectedChunks: number;
  /** Chunks that came twice. */
  readonly repeatedChunks: number;
  readonly gaps: number;
  readonly epochs: number;
  readonly reconnects: number;
  /** Stretches of bytes that the demuxer could not use. */
  readonly damaged: number;
}

/** What a relay answered when it was asked for a channel's document. */
export interface DocumentReply {
  /** Of HTTP. */
  readonly status: number;
  readonly body: unknown;
}

/** From the page to the engine. */
export type EngineCommand =
  | { readonly type: 'start'; readonly options: EngineOptions }
  /** The relay's answer to the page, which asks while the worker starts; without one, the engine has to ask. Comes once after each `start`. */
  | { readonly type: 'document'; readonly reply: DocumentReply | undefined }
  /** Where the video is, and how it fares: what lies well behind it is dropped. */
  | {
      readonly type: 'playhead';
      readonly currentTime: Seconds;
      /** Capture to showing; null while unknown. */
      readonly latency: Seconds | null;
      readonly targetLatency: Seconds;
      readonly stalls: number;
      readonly stalledMs: Millis;
      /** From the start to the first picture; null while there is none. */
      readonly startupMs: Millis | null;
      /** The viewer means to be behind live. */
      readonly isBehind: boolean;
    }
  /** Go on at a time of the video's clock; `sought` answers. With `isLive` only if that is not being done anyhow: then the video is told where. */
  | { readonly type: 'seek'; readonly time: Seconds; readonly id: number; readonly isLive: boolean }
  | { readonly type: 'swarm'; readonly policy: SwarmPolicy }
  /** Another token, before the one in force ends. */
  | { readonly type: 'token'; readonly token: string }
  | { readonly type: 'peer'; readonly event: PeerEvent }
  /** To everybody on the channel: at most 16 KiB, UTF-8 if it is text. */
  | { readonly type: 'send'; readonly data: Bytes; readonly isText: boolean }
  /** The video element broke down: fill it anew. */
  | { readonly type: 'rebuild' }
  /** Nobody needs the stream: leave, until somebody does again. */
  | { readonly type: 'sleep'; readonly isAsleep: boolean }
  /** The network is back: don't wait to reconnect. */
  | { readonly type: 'wake' }
  | { readonly type: 'stop' };

/** From the engine to the page. */
export type EngineEvent =
  /** The worker runs. */
  | { readonly type: 'ready' }
  | { readonly type: 'supply'; readonly supply: Supply }
  /** What the video is to show from now on; its timeline starts where one can go back to. */
  | { readonly type: 'attach'; readonly source: MediaSource | MediaSourceHandle }
  /** Here the first picture is. */
  | { readonly type: 'begins'; readonly time: Seconds }
  /** What was buffered before the seek with this id is gone. */
  | { readonly type: 'sought'; readonly id: number }
  /** How far back one can go, and where the newest media ends that was captured at `capturedAt` (the relay's Unix milliseconds); null: this is no live stream. */
  | { readonly type: 'window'; readonly start: Seconds; readonly end: Seconds; readonly capturedAt: Millis | null }
  | { readonly type: 'failed'; readonly fault: EngineFault }
  | { readonly type: 'warning'; readonly warning: EngineWarning }
  | { readonly type: 'connected'; readonly transport: RelayTransport }
  /** The frame at `mediaTime` came from the source at `capturedAt` (Unix milliseconds of the relay's clock). */
  | { readonly type: 'capture'; readonly mediaTime: Seconds; readonly capturedAt: Millis }
  /** The relay's clock is `offset` ahead of `performance.timeOrigin + performance.now()`. */
  | { readonly type: 'clock'; readonly offset: Millis; readonly roundTripMs: Millis }
  | { readonly type: 'track'; readonly kind: MediaTrack['kind']; readonly codec: string }
  | ({ readonly type: 'message' } & HeardMessage)
  | { readonly type: 'metadata'; readonly name: string; readonly value: unknown; readonly time: Seconds }
  | { readonly type: 'counters'; readonly counters: EngineCounters; readonly swarm: SwarmStats }
  /** Peers are about to be connected; those of before, if any, are over. */
  | { readonly type: 'peers'; readonly terms: PeerTerms }
  | { readonly type: 'peer'; readonly command: PeerCommand };

/** Hands an event to the page. */
export type PostEvent = (event: EngineEvent) => void;
