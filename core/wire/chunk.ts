// A chunk on the wire: its bytes as the publisher made them.

import { type Chunk, decodeChunk, MAX_PAYLOAD } from '../chunk.ts';
import type { Codec } from './codec.ts';

export const chunk: Codec<Chunk> = {
  type: 4,
  name: 'chunk',
  maxSize: MAX_PAYLOAD + 256,
  write(writer, message) {
    writer.put(message.bytes);
  },
  read(reader) {
    return decodeChunk(reader.rest());
  },
};
