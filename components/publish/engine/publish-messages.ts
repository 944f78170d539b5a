// What the page and the worker of a publication say to each other.

import type { Bytes } from '../../../core/bytes.ts';
import type {
  MediaKind,
  PublicationError,
  PublicationState,
  PublishSettings,
  PublishStats,
} from './publication-face.ts';

/** An Ed25519 key: what names the publisher and signs its chunks. Lives as long as the tab. */
export interface ChannelKey {
  readonly publicKey: Bytes;
  /** 32 bytes. */
  readonly secretKey: Bytes;
}

/** Where frames come from. */
export type TrackSource =
  /** Of a MediaStreamTrackProcessor on the page. */
  | { readonly type: 'readable'; readonly readable: ReadableStream<VideoFrame | AudioData> }
  /** For a MediaStreamTrackProcessor in the worker. */
  | { readonly type: 'track'; readonly track: MediaStreamTrack }
  /** `frame` and `sound` messages follow. */
  | { readonly type: 'messages' }
  | { readonly type: 'none' };

/** Sound as an AudioWorklet gives it: one array a channel. `time` in microseconds of any clock. */
export interface RawSound {
  readonly planes: readonly Float32Array<ArrayBuffer>[];
  readonly sampleRate: number;
  readonly time: number;
}

export type PublishCommand =
  | {
      readonly type: 'start';
      readonly relay: string;
      readonly channel: string;
      readonly token: string;
      readonly settings: PublishSettings;
      readonly key: ChannelKey | undefined;
    }
  | { readonly type: 'source'; readonly kind: MediaKind; readonly source: TrackSource }
  | { readonly type: 'frame'; readonly frame: VideoFrame }
  | { readonly type: 'sound'; readonly sound: RawSound }
  | { readonly type: 'mute'; readonly kind: MediaKind; readonly muted: boolean }
  /** Another one takes the place of what `start` said. */
  | { readonly type: 'token'; readonly token: string }
  /** The network may be another. */
  | { readonly type: 'wake' }
  | { readonly type: 'stop' };

export type PublishEvent =
  | { readonly type: 'ready' }
  /** To be kept for this channel. */
  | { readonly type: 'key'; readonly key: ChannelKey }
  | { readonly type: 'state'; readonly state: PublicationState; readonly error: PublicationError | null }
  | { readonly type: 'stats'; readonly stats: PublishStats }
  /** Viewers have been told; the worker has no more to do. */
  | { readonly type: 'stopped' };

/** Says something to the worker. */
export type Send = (command: PublishCommand, transfer?: Transferable[]) => void;
