// What the demuxer of a transport stream is given to read its elementary streams with.

import type { AnnexBCodec } from './annex-b-codec.ts';
import type { AudioFormat, VideoFormat } from './elementary-kind.ts';
import type { FrameFormat } from './frame-format.ts';
import type { ElementaryInfo } from './psi.ts';

/** By format, what is read. */
export interface TsCodecs {
  readonly video: { readonly [format in VideoFormat]?: AnnexBCodec };
  /** Each stream has its own. */
  readonly audio: { readonly [format in AudioFormat]?: (info: ElementaryInfo) => FrameFormat };
}
