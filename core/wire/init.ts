// The init document of an epoch, sent before the first chunk that names it.

import type { Bytes } from '../bytes.ts';
import { MAX_INIT } from '../init-document.ts';
import type { Codec } from './codec.ts';

export interface Init {
  readonly track: number;
  /** An encoded `InitDocument`. */
  readonly document: Bytes;
}

export const init: Codec<Init> = {
  type: 3,
  name: 'init',
  maxSize: MAX_INIT + 16,
  write(writer, message) {
    writer.varint(message.track).put(message.document);
  },
  read(reader) {
    return { track: reader.varint(), document: reader.rest() };
  },
};
