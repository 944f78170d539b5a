// What the frame reader needs to know of one kind of framed audio.

import type { Bytes } from '../../bytes.ts';
import type { AudioTrack } from '../track.ts';

/** One audio frame, and what its header says of the stream. */
export interface AudioFrame {
  /** From this frame's header to what follows. */
  readonly size: number;
  /** What goes into the access unit, as an own copy; several where a frame carries several. */
  readonly units: readonly { readonly data: Bytes; readonly samples: number }[];
  /** Samples a second that `samples` counts in. */
  readonly sampleRate: number;
  /** Two frames with the same key have the same configuration. */
  readonly configuration: string;
  /** Makes the track; undefined when it can't be carried or is not known yet, with the codec's name in `unsupported` in the former case. */
  track(): AudioTrack | undefined;
  readonly unsupported?: string;
}

/** A way of framing. */
export interface FrameFormat {
  /** For reports of damage. */
  readonly name: string;
  /** The size of the frame at `at`, as its header says: 0 when there is no header, −1 when the bytes end within it. */
  sizeAt(bytes: Bytes, at: number): number;
  /** Reads the whole frame at `at`; undefined when it is malformed. */
  read(bytes: Bytes, at: number, size: number): AudioFrame | undefined;
}
