// What a relay tells of recordings by HTTP, as JSON.

import type { Container } from '../init-document.ts';
import type { Millis, Ticks } from '../time.ts';
import type { GroupColumns } from './group-index.ts';

/** One recording of a list: an answer to `GET /recordings?channel=` has `recordings`, the newest first. */
export interface RecordingSummary {
  /** `<channel>/<stamp>`. */
  readonly id: string;
  readonly channel: string;
  /** Unix milliseconds of the relay's clock. */
  readonly startedAt: Millis;
  /** Null while it runs. */
  readonly endedAt: Millis | null;
  /** How much media there is, up to now. */
  readonly durationMs: Millis;
  /** Of its files. */
  readonly bytes: number;
  readonly container: Container;
}

/** What a viewer of a recording needs, from `GET /recordings/<id>`; besides it, as in a channel's document, the ways to the relay and to peers. */
export interface RecordingFacts extends RecordingSummary {
  /** Of the publisher, base64url: every chunk is signed with it, for `channel`. */
  readonly publicKey: string;
  readonly tracks: readonly { readonly id: number; readonly container: Container }[];
  /** The channel name under which its viewers find each other. */
  readonly name: string;
  /** Where its bytes are, its index, and the same as a plain file: relative to the document's own URL. */
  readonly data: string;
  readonly index: string;
  readonly download: string;
}

/** Where the groups are, from `GET /recordings/<id>/index?from=`. */
export interface RecordingIndex {
  /** Those that begin at `from` or behind it. */
  readonly groups: GroupColumns;
  /** Where the last chunk ends: the file's offset, and the channel's time. */
  readonly end: number;
  readonly endTimestamp: Ticks;
  /** More is to come. */
  readonly running: boolean;
}
