// What an ingest is told: the source, the channel, the relay, and on which terms viewers are connected with.

import type { Bytes } from '../core/bytes.ts';
import type { CutLimits } from '../core/media/chunker.ts';
import type { BackoffOptions } from '../core/publish/backoff.ts';
import type { Clock } from '../core/publish/clock.ts';
import type { Connect } from '../core/publish/publish-session.ts';
import type { Millis } from '../core/time.ts';
import type { PeerTerms } from './peers/peer-terms.ts';
import type { ByteStream } from './sources/bytes-source.ts';
import type { SourceOptions } from './sources/create-source.ts';
import type { Log, Source } from './sources/source.ts';

/** A source that is silent for so long has stalled, where nothing else is said. */
export const STALL_MS: Millis = 10_000;

export interface IngestOptions extends SourceOptions {
  /** A URL, a path, `-` for standard input; or a stream of bytes, a function that opens one (again), a `Source`. */
  readonly source: string | ByteStream | ((signal: AbortSignal) => ByteStream) | Source;
  readonly channel: string;
  /** Makes a link to the relay; called again whenever the link ends. */
  readonly connect: Connect;
  /** Shared with the relay; never travels. */
  readonly publishKey: string;
  /** 32 bytes: the channel's Ed25519 secret key, the same at every run. */
  readonly secretKey: Bytes;
  readonly log: Log;
  /** The source broke off, for a reason that is one sentence, and is opened again after a while. */
  readonly broke?: (reason: string) => void;
  readonly limits?: Partial<CutLimits>;
  /** A source that is silent for so long has stalled; `STALL_MS` if not given. */
  readonly stallMs?: Millis;
  /** Give up when the relay can't be reached at first, instead of trying again. */
  readonly once?: boolean;
  readonly clock?: Clock;
  /** 0 ≤ x < 1. */
  readonly random?: () => number;
  /** Waits between tries, of the source and of the relay alike. */
  readonly backoff?: BackoffOptions;
  /** How viewers may be connected with, so that they see the stream while the relay is away; `false`: not at all. */
  readonly peers?: PeerOptions | false;
}

/** On which terms and how much the source gives to viewers. */
export interface PeerOptions {
  /** What the relay says of peers, as far as is known; asked again for each connection. */
  readonly terms?: () => PeerTerms;
  /** In all; without a limit if not given. */
  readonly maxUploadKbps?: number;
  /** At once; 16 if not given. */
  readonly maxConnections?: number;
}
