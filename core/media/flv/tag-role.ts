// What a tag is for, told from its beginning, so that it can be forwarded before it is complete.

import type { Bytes } from '../../bytes.ts';
import { readAudioTag } from './audio-tag.ts';
import type { FlvTag } from './flv-tag.ts';
import { readVideoTag } from './video-tag.ts';

/** A tag's part in the stream. */
export interface TagRole {
  /** `config`: a sequence header. `metadata`: onMetaData. `frame`: has a place in time. */
  readonly role: 'config' | 'metadata' | 'frame' | 'other';
  /** A decoder of the default video track can start here. */
  readonly key: boolean;
  /** FourCC or common name; empty for script data. */
  readonly codec: string;
  /** Sequence headers with the same slot replace each other. */
  readonly slot: string;
}

const OTHER: TagRole = { role: 'other', key: false, codec: '', slot: '' };
const METADATA: TagRole = { ...OTHER, role: 'metadata' };

// An AMF0 string `onMetaData`.
const ON_METADATA = [2, 0, 10, 0x6f, 0x6e, 0x4d, 0x65, 0x74, 0x61, 0x44, 0x61, 0x74, 0x61];

/** Reads the role from at least the first 32 bytes of the body, or all of it. */
export function readTagRole(tag: FlvTag, head: Bytes): TagRole {
  if (tag.kind === 'other') return OTHER;
  if (tag.kind === 'script') return ON_METADATA.every((byte, i) => head[i] === byte) ? METADATA : OTHER;
  const packet = (tag.kind === 'video' ? readVideoTag(head, true) : readAudioTag(head, true))?.[0];
  if (!packet) return OTHER;
  const { codec, track } = packet;
  if (packet.role === 'config' || packet.role === 'ts-config') {
    return { role: 'config', key: false, codec, slot: `${tag.kind} ${track}` };
  }
  if (packet.role !== 'frame') return OTHER;
  return { role: 'frame', key: tag.kind === 'video' && packet.key && track === 0, codec, slot: '' };
}
